// Walks over a syntax file that several checks need.
#pragma once

#include "compiler/syntax/tree.hpp"

namespace mig::check {

// Helps std::visit over the closed sets of the tree: one lambda for each alternative, and the build fails for a new
// one.
template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

namespace detail {

template <class F>
void files_of(const std::vector<syntax::PhaseItem>& items, const F& found) {
  for (const auto& item : items) {
    if (const auto* include = std::get_if<syntax::Include>(&item)) found(include->file, "include");
    if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&item)) files_of((**when).items, found);
  }
}

template <class F>
void files_of(const std::vector<syntax::Section>& sections, const F& found) {
  for (const auto& section : sections) {
    if (const auto* include = std::get_if<syntax::Include>(&section)) found(include->file, "include");
    if (const auto* when = std::get_if<syntax::Box<syntax::WhenServer>>(&section)) files_of((**when).items, found);
    if (const auto* phase = std::get_if<syntax::Phase>(&section)) files_of(phase->items, found);
  }
}

}  // namespace detail

// Every file that this one names by `use '…'` or `include '…'`, in order: found(name, "use" or "include").
template <class F>
void for_each_file(const syntax::File& file, const F& found) {
  for (const auto& item : file.items) {
    if (const auto* use = std::get_if<syntax::Use>(&item); use != nullptr && use->file) found(*use->file, "use");
    if (const auto* include = std::get_if<syntax::Include>(&item)) found(include->file, "include");
    if (const auto* migration = std::get_if<syntax::Migration>(&item)) detail::files_of(migration->sections, found);
    if (const auto* step = std::get_if<syntax::StepDecl>(&item)) detail::files_of(step->sections, found);
  }
}

}  // namespace mig::check
