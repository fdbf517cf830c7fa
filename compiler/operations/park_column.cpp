// A column that is kept aside: what goes with it, and the model without it.
#include "compiler/operations/park_column.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool over(const catalog::Table& table, const catalog::Constraint& constraint, const std::string& column) {
  if (holds(constraint.columns, column) || holds(constraint.include, column)) return true;
  const auto* index = table.index(constraint.name);
  if (constraint.kind == "exclude" && index) return index_uses(*index, column);
  return constraint.kind == "check" && mentions_column(constraint.expression, column);
}

// A row written meanwhile holds null in the column, or a value of its own from identity or a sequence: neither breaks a
// unique key. Another default would repeat itself.
bool stays_unique(const catalog::Constraint& constraint, const catalog::Column& column) {
  const bool counted = !column.identity.empty() || column.default_.rfind("nextval(", 0) == 0;
  if (counted) return true;
  return column.default_.empty() && constraint.kind == "unique" && !constraint.nulls_not_distinct &&
         !holds(constraint.include, column.name);
}

bool must_go(const catalog::Constraint& constraint, const catalog::Column& column) {
  if (constraint.kind == "check" || constraint.kind == "foreign key") return true;
  return constraint.kind == "exclude" || !stays_unique(constraint, column);
}

}  // namespace

std::vector<TableKey> keys_to_drop(const Context& ctx, const catalog::Table& table, const catalog::Column& column) {
  std::vector<TableKey> found;
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* each = ctx.before.table(name);
    if (!each) continue;
    for (const auto& constraint : each->constraints) {
      // What came from the parent goes with the parent's.
      if (!constraint.parent.empty() || (name != table.name && !constraint.local)) continue;
      if (over(*each, constraint, column.name) && must_go(constraint, column)) found.push_back({name, constraint});
    }
  }
  return found;
}

std::vector<std::string> along_with(const catalog::Table& table, const std::string& column) {
  std::vector<std::string> found;
  for (const auto& constraint : table.constraints)
    if (over(table, constraint, column) && (constraint.columns.size() > 1 || constraint.kind == "primary key"))
      found.push_back(fmt::format("{} {} ({})", constraint.kind, sql::quote_ident(constraint.name),
                                  fmt::join(constraint.columns, ", ")));
  for (const auto& index : table.indexes) {
    const bool alone = index.parts.size() == 1 && index.include.empty() && index.predicate.empty();
    if (index.constraint.empty() && !alone && index_uses(index, column))
      found.push_back(fmt::format("index {}", sql::quote_ident(index.name)));
  }
  return found;
}

void remove_column(const Context& ctx, catalog::Catalog& after, const catalog::Table& root,
                   const catalog::Column& gone) {
  const auto column = gone.name;
  for (const auto& name : ctx.before.tree(root.name)) {
    auto& table = after.edit_table(name);
    std::erase_if(table.indexes, [&](const auto& index) { return index_uses(index, column); });
    std::erase_if(table.constraints, [&, before = table](const auto& c) { return over(before, c, column); });
    std::erase_if(table.columns, [&](const auto& each) { return each.name == column; });
    for (const auto& [kind, user] : ctx.before.users(name))
      if (kind == "statistics") {
        const auto* object = ctx.before.object(kind, user);
        const bool involved = object && std::any_of(object->uses.begin(), object->uses.end(), [&](const auto& use) {
                                return use.relation == name && holds(use.columns, column);
                              });
        if (involved) after.drop(kind, user);
      }
    for (const auto& sequence : ctx.before.owned_sequences(name))
      if (ctx.before.sequence(sequence)->owned_by_column == column) after.drop("sequence", sequence);
  }
}

}  // namespace mig::operations
