// Names of constraints and indexes.
#include "compiler/operations/key_names.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

template <class T>
void sort_by_name(std::vector<T>& list) {
  std::sort(list.begin(), list.end(), [](const T& a, const T& b) { return a.name < b.name; });
}

// An index and a check or foreign key of one table may bear one name without being one thing.
struct Which {
  bool constraint, index;
};

Which which(const catalog::Table& table, Named what, const std::string& name) {
  const auto* index = table.index(name);
  const bool key = index && index->constraint == name;
  return {key || what == Named::constraint, key || what == Named::index};
}

void rename_own(catalog::Table& table, Which which, const std::string& from, const std::string& to) {
  for (auto& constraint : table.constraints)
    if (which.constraint && constraint.name == from) constraint.name = to;
  for (auto& index : table.indexes) {
    if (index.constraint == from) index.constraint = to;
    if (which.index && index.name == from) index.name = to;
  }
  sort_by_name(table.constraints);
  sort_by_name(table.indexes);
}

void rename_parent(catalog::Table& part, Which which, const std::string& from, const std::string& to) {
  for (auto& index : part.indexes)
    if (which.index && index.parent == from) index.parent = to;
  for (auto& constraint : part.constraints)
    if (which.constraint && constraint.parent == from) constraint.parent = to;
}

// `ON CONFLICT ON CONSTRAINT name` as PostgreSQL prints it.
void follow(std::string& text, const std::string& from, const std::string& to) {
  const auto old = "ON CONSTRAINT " + sql::quote_ident(from);
  const auto now = "ON CONSTRAINT " + sql::quote_ident(to);
  for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + now.size())) {
    const auto end = at + old.size();
    const bool whole = end == text.size() || (std::isalnum(static_cast<unsigned char>(text[end])) == 0 &&
                                              text[end] != '_' && text[end] != '"');
    if (whole) text.replace(at, old.size(), now);
  }
}

void follow_functions(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const std::string& from,
                      const std::string& to) {
  for (const auto& [kind, name] : ctx.before.users(table)) {
    if (kind != "function") continue;
    for (const auto* function : ctx.before.functions(name)) {
      auto changed = *function;
      follow(changed.definition, from, to);
      if (changed.definition != function->definition) after.put(std::move(changed));
    }
  }
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_not_null_name(const catalog::Table& table, const std::string& name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const catalog::Column& column) { return column.not_null_name == name; });
}

}  // namespace

void rename_key(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, Named what,
                const std::string& from, const std::string& to) {
  const auto& before = *ctx.before.table(table);
  const auto chosen = which(before, what, from);
  rename_own(after.edit_table(table), chosen, from, to);
  for (const auto& name : before.children) rename_parent(after.edit_table(name), chosen, from, to);
  if (chosen.constraint && chosen.index) follow_functions(ctx, after, table, from, to);
}

bool require_new_key_name(const Context& ctx, const catalog::Table& table, const std::string& old,
                          const syntax::Name& name, bool index) {
  if (name.text == old) {
    ctx.sink
        .report(diagnostics::nothing_to_do, name.span, fmt::format("it is called `{}` already", sql::quote_ident(old)))
        .note("take the line out");
    return false;
  }
  if (!require_new_constraint(ctx, table, name)) return false;
  const auto kind = index ? ctx.before.relation_kind({table.name.schema, name.text}) : std::string{};
  if (kind.empty() && !is_not_null_name(table, name.text)) return true;
  ctx.sink.report(diagnostics::duplicate_name, name.span,
                  fmt::format("`{}` is taken: there is {} {} of this name", sql::quote_ident(name.text),
                              kind == "index" ? "an" : "a", kind.empty() ? "not null constraint" : kind));
  return false;
}

Break renamed_key(const catalog::Table& table, const std::string& name) {
  return {
      fmt::format("clients of the old schema may say `on conflict on constraint {}` of {}, or look for it in errors",
                  sql::quote_ident(name), table.name.text()),
      "write it in contract { … }"};
}

void warn_of_conflict_texts(const Context& ctx, const std::string& name, source::Span span) {
  for (const auto& each : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(each)) {
      if (function->system || !function->uses.empty() || !mentions(function->definition, name)) continue;
      if (lower(function->definition).find("on constraint") == std::string::npos) continue;
      ctx.sink
          .report(diagnostics::text_not_followed, span,
                  fmt::format("the body of `{}` names constraint `{}`, and bodies are text: it does not follow",
                              function->name.text(), sql::quote_ident(name)))
          .note(fmt::format("write after it: replace {} {} …", function->kind, function->name.text()));
    }
}

}  // namespace mig::operations
