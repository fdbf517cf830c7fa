// Where things may stand in files: one migration a file, sections in their order, operations inside a migration.
#include <fmt/format.h>

#include <map>

#include "compiler/check/check.hpp"
#include "compiler/check/walk.hpp"
#include "compiler/source/hash.hpp"

namespace mig::check {

namespace {

// A section's place in the order of the language, and whether it may stand more than once.
struct Rank {
  int order = -1;  // -1: anywhere
  std::string word;
  bool several = false;
  source::Span span;
};

Rank rank(const syntax::Section& section) {
  const auto anywhere = [](const auto&) { return Rank{}; };
  return std::visit(
      Overloaded{[](const syntax::Policy& s) {
                   return Rank{0, "policy", false, s.span};
                 },
                 [](const syntax::Measure& s) {
                   return Rank{1, "measure", true, s.span};
                 },
                 [](const syntax::Backup& s) {
                   return Rank{2, "backup", false, s.span};
                 },
                 [](const syntax::Assertions& s) {
                   return s.section == "require" ? Rank{3, "require", false, s.span} : Rank{7, "verify", false, s.span};
                 },
                 [](const syntax::Phase& s) {
                   return s.section == "expand" ? Rank{4, "expand", false, s.head} : Rank{8, "contract", false, s.head};
                 },
                 [](const syntax::Map& s) {
                   return Rank{5, "map", true, s.span};
                 },
                 [](const syntax::Publish& s) {
                   return Rank{6, "publish", true, s.span};
                 },
                 [](const syntax::Checkpoint& s) {
                   return Rank{6, "checkpoint", true, s.span};
                 },
                 [&](const syntax::Include& s) { return anywhere(s); },
                 [&](const syntax::Box<syntax::WhenServer>& s) { return anywhere(s); },
                 [&](const syntax::Call& s) { return anywhere(s); },
                 [&](const syntax::Skip& s) { return anywhere(s); }},
      section);
}

void check_sections(const syntax::Migration& migration, diagnostics::Sink& sink) {
  std::map<std::string, source::Span> seen;
  Rank latest;
  for (const auto& section : migration.sections) {
    const auto here = rank(section);
    if (here.order < 0) continue;
    const auto [before, first] = seen.emplace(here.word, here.span);
    if (!first && !here.several)
      sink.report(diagnostics::duplicate_section, here.span,
                  fmt::format("`{}` stands twice in {}", here.word, migration.name.text))
          .also(before->second, "the first");
    else if (here.order < latest.order)
      sink.report(diagnostics::section_order, here.span, fmt::format("`{}` stands after `{}`", here.word, latest.word))
          .also(latest.span, "")
          .note("the order is: policy, measure, backup, require, expand, map, publish, checkpoint, verify, contract");
    else
      latest = here;
  }
}

bool holds_operations(const Sources& sources, std::uint32_t file) {
  for (const auto reached : sources.closure(file))
    for (const auto& item : sources.of(reached).tree->items)
      if (std::holds_alternative<syntax::Call>(item)) return true;
  return false;
}

void report_outside(source::Span span, diagnostics::Sink& sink) {
  sink.report(diagnostics::wrong_place, span, "operations stand outside the migration of this file")
      .note("write: move them into its expand { … }, or into a file of their own to `include` there");
}

// Beside a migration only declarations stand; what is included is operations, what is used is declarations.
void check_items(const Source& source, const Sources& sources, const source::Files& files, diagnostics::Sink& sink) {
  bool migration = false;
  for (const auto& item : source.tree->items) migration = migration || std::holds_alternative<syntax::Migration>(item);
  for (const auto& item : source.tree->items) {
    const auto* call = std::get_if<syntax::Call>(&item);
    const auto* include = std::get_if<syntax::Include>(&item);
    if (migration && call != nullptr) report_outside(call->span, sink);
    if (!migration || include == nullptr) continue;
    const auto* target = sources.included(*include);
    if (target != nullptr && holds_operations(sources, target->file)) report_outside(include->span, sink);
  }
  if (!migration || source.given) return;
  for (const auto& item : source.tree->items)
    if (const auto* found = std::get_if<syntax::Migration>(&item))
      sink.report(diagnostics::wrong_include, found->name.span,
                  fmt::format("{} is used or included, and holds a migration", files[source.file].name))
          .note("a file to include holds operations; a migration is named by `after`");
}

// The journal tells the runs of a repeatable apart by an @ in the name.
void check_name(const syntax::Name& name, diagnostics::Sink& sink) {
  if (name.text.find('@') == std::string::npos) return;
  sink.report(diagnostics::reserved_name, name.span, fmt::format("`{}` holds an @", name.text))
      .note("the journal writes runs of a repeatable so: reports@2");
}

std::string source_hash(const std::vector<std::uint32_t>& list, const source::Files& files) {
  if (list.size() == 1) return source::sha256_hex(files[list[0]].text);
  std::string hashes;
  for (const auto file : list) hashes += source::sha256_hex(files[file].text) + "\n";
  return source::sha256_hex(hashes);
}

}  // namespace

std::vector<Declared> declared(const Sources& sources, const source::Files& files, diagnostics::Sink& sink) {
  std::vector<Declared> out;
  std::map<std::string, const syntax::Migration*> names;
  for (const auto& source : sources.all()) {
    check_items(source, sources, files, sink);
    const syntax::Migration* first = nullptr;
    for (const auto& item : source.tree->items) {
      const auto* migration = std::get_if<syntax::Migration>(&item);
      if (migration == nullptr || !source.given) continue;
      check_sections(*migration, sink);
      if (first != nullptr)
        sink.report(diagnostics::several_migrations, migration->name.span,
                    fmt::format("{} is the second migration of this file", migration->name.text))
            .also(first->name.span, "the first")
            .note(fmt::format("write: {} into a file of its own", migration->name.text));
      first = migration;
      check_name(migration->name, sink);
      const auto [before, fresh] = names.emplace(migration->name.text, migration);
      if (!fresh) {
        sink.report(diagnostics::duplicate_migration, migration->name.span,
                    fmt::format("there is already a migration {}", migration->name.text))
            .also(before->second->name.span, "the first");
        continue;
      }
      auto list = sources.closure(source.file);
      auto hash = source_hash(list, files);
      out.push_back({migration->name.text, migration, source.file, std::move(hash), std::move(list)});
    }
  }
  return out;
}

}  // namespace mig::check
