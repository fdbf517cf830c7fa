// What needs a function or a view that has to go for a moment, and cannot go itself.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/rebuild_things.hpp"

namespace mig::operations {

namespace {

using Names = std::set<catalog::Name>;

void say_lost(const std::string& what, std::string key, const char* why, Hanging& out) {
  Hung hung;
  hung.what = what;
  hung.key = std::move(key);
  hung.why_not = why;
  out.things.push_back(std::move(hung));
}

constexpr const char* not_made = "mig cannot take it away for a moment";
constexpr const char* read_again = "it cannot be taken away for a moment without reading the table again";

void add_types(const Context& ctx, const Names& functions, Hanging& out) {
  for (const auto& name : ctx.before.names("type")) {
    const auto* type = ctx.before.type(name);
    if (type->system) continue;
    const bool checks = std::any_of(type->checks.begin(), type->checks.end(), [&](const catalog::DomainCheck& check) {
      return names_one(check.expression, functions);
    });
    if (checks || names_one(type->default_, functions) || names_one(type->options, functions))
      say_lost("type " + name.text(), catalog::key("type", name), not_made, out);
  }
}

void add_objects(const Context& ctx, const Names& functions, Hanging& out) {
  for (const char* kind : {"operator", "operator family", "cast", "conversion", "event trigger", "language",
                           "access method", "foreign data wrapper", "text search parser", "text search template"})
    for (const auto& name : ctx.before.names(kind)) {
      const auto* object = ctx.before.object(kind, name);
      const auto calls = [&](const auto& fact) { return names_one(fact.second, functions); };
      if (!object->system && std::any_of(object->facts.begin(), object->facts.end(), calls))
        say_lost(fmt::format("{} {}", kind, name.text()), catalog::key(kind, name), not_made, out);
    }
}

}  // namespace

bool names_one(const std::string& text, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const catalog::Name& name) { return mentions(text, name); });
}

void add_callers(const Context& ctx, const Names& functions, Hanging& out) {
  add_types(ctx, functions, out);
  add_objects(ctx, functions, out);
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name))
      if (!function->system && function->kind == "aggregate" && names_one(function->definition, functions))
        say_lost("aggregate " + name.text(), catalog::key("function", name, function->arguments_key), not_made, out);
}

void add_strangers(const catalog::Table& table, const Names& functions, const Names& relations, Hanging& out) {
  for (const auto& column : table.columns) {
    const auto key = catalog::key("column", table.name, column.name);
    const auto name = fmt::format("{}.{}", table.name.text(), sql::quote_ident(column.name));
    if (names_one(column.default_, functions)) say_lost("the default of " + name, key, read_again, out);
    if (names_one(column.type, relations))
      say_lost(fmt::format("column {} of type {}", name, column.type), key, read_again, out);
  }
  for (const auto& constraint : table.constraints)
    if (names_one(constraint.expression, functions))
      say_lost(fmt::format("check {} on {}", sql::quote_ident(constraint.name), table.name.text()),
               catalog::key("constraint", table.name, constraint.name), read_again, out);
  for (const auto& index : table.indexes)
    if (names_one(index.definition, functions))
      say_lost("index " + catalog::Name{table.name.schema, index.name}.text(),
               catalog::key("index", {table.name.schema, index.name}), read_again, out);
}

}  // namespace mig::operations
