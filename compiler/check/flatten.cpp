// Includes and `when server` resolved; operations outside any phase go to expand, where they must not break anybody.
#include "compiler/check/flatten.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/check/walk.hpp"

namespace mig::check {

namespace {

// Compares with the major version: "15".
std::optional<bool> holds(const syntax::WhenServer& when, int major, diagnostics::Sink& sink) {
  const std::string& text = when.version.text;
  int version = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, version);
  if (read.ec != std::errc() || read.ptr != end || version < 1 || version > 999) {
    sink.report(diagnostics::wrong_place, when.version.span, fmt::format("`{}` is no version of PostgreSQL", text))
        .note("write: when server >= 15 { … }");
    return std::nullopt;
  }
  if (when.op == ">=") return major >= version;
  if (when.op == "<=") return major <= version;
  if (when.op == ">") return major > version;
  if (when.op == "<") return major < version;
  if (when.op == "=") return major == version;
  return major != version;
}

class Flattening {
 public:
  Flattening(const Sources& sources, int server, diagnostics::Sink& sink)
      : sources_(sources), server_(server), sink_(sink) {}

  void sections(const std::vector<syntax::Section>& all) {
    for (const auto& section : all) {
      direct_ = true;
      phase_ = sql::Phase::expand;
      if (const auto* call = std::get_if<syntax::Call>(&section)) add(*call);
      if (const auto* found = std::get_if<syntax::Include>(&section)) include(*found);
      if (const auto* found = std::get_if<syntax::Box<syntax::WhenServer>>(&section)) when(**found);
      if (const auto* found = std::get_if<syntax::Phase>(&section)) {
        direct_ = false;
        phase_ = found->section == "contract" ? sql::Phase::contract : sql::Phase::expand;
        items(found->items);
      }
    }
  }

  std::vector<Placed> out;

 private:
  void add(const syntax::Call& call) { out.push_back({&call, phase_, direct_}); }

  void items(const std::vector<syntax::PhaseItem>& all) {
    for (const auto& item : all)
      std::visit(Overloaded{[&](const syntax::Include& found) { include(found); },
                            [&](const syntax::Box<syntax::WhenServer>& found) { when(*found); },
                            [](const syntax::Map&) {},  // refused by not_built.cpp
                            [&](const syntax::Call& call) { add(call); }},
                 item);
  }

  void when(const syntax::WhenServer& block) {
    if (holds(block, server_, sink_).value_or(false)) items(block.items);
  }

  // A circle was reported when the files were read; here it only has to end.
  void include(const syntax::Include& include_) {
    const auto* source = sources_.included(include_);
    if (source == nullptr || std::find(open_.begin(), open_.end(), source) != open_.end()) return;
    open_.push_back(source);
    for (const auto& item : source->tree->items) {
      if (const auto* call = std::get_if<syntax::Call>(&item)) add(*call);
      if (const auto* further = std::get_if<syntax::Include>(&item)) include(*further);
    }
    open_.pop_back();
  }

  const Sources& sources_;
  int server_;
  diagnostics::Sink& sink_;
  sql::Phase phase_ = sql::Phase::expand;
  bool direct_ = false;
  std::vector<const Source*> open_;
};

}  // namespace

std::vector<Placed> flatten(const syntax::Migration& migration, const Sources& sources, const catalog::Catalog& catalog,
                            diagnostics::Sink& sink) {
  Flattening flattening(sources, catalog.server.major(), sink);
  flattening.sections(migration.sections);
  return std::move(flattening.out);
}

}  // namespace mig::check
