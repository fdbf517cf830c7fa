// Who would notice that a column or a table is gone.
#include "compiler/operations/dependents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/rebuild.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// WHEN ((old.note IS DISTINCT FROM new.note)) EXECUTE FUNCTION …: the condition of pg_get_triggerdef.
std::string when_of(const std::string& definition) {
  const auto begin = definition.find(" WHEN (");
  const auto end = definition.rfind(" EXECUTE ");
  if (begin == std::string::npos || end == std::string::npos || end < begin + 6) return {};
  return definition.substr(begin + 6, end - begin - 6);
}

void add_uses(const Context& ctx, const catalog::Table& table, const std::string& column,
              std::vector<Dependent>& found) {
  const auto reads = [&](const std::vector<catalog::Use>& uses) {
    return std::any_of(uses.begin(), uses.end(), [&](const catalog::Use& use) {
      return use.relation == table.name && (column.empty() || holds(use.columns, column));
    });
  };
  for (const auto& [kind, name] : ctx.before.users(table.name)) {
    if (kind == "view" && reads(ctx.before.view(name)->uses))
      found.push_back({fmt::format("view {} reads it", name.text()), "drop or replace the view before"});
    if (kind == "function")
      for (const auto* function : ctx.before.functions(name))
        if (reads(function->uses))
          found.push_back({fmt::format("function {}({}) is bound to it", name.text(), function->arguments_key),
                           "drop or replace the function before"});
    // A publication drops a table from its list by itself; a column list or a row filter holds on to its columns.
    if (kind == "publication" && !column.empty() && reads(ctx.before.object(kind, name)->uses))
      found.push_back(
          {fmt::format("publication {} publishes it by name", name.text()), "take it from the publication before"});
  }
}

void add_parts(const catalog::Table& table, const std::string& column, std::vector<Dependent>& found) {
  for (const auto& policy : table.policies)
    if (mentions_column(policy.using_, column) || mentions_column(policy.check, column))
      found.push_back(
          {fmt::format("policy {} asks for it", sql::quote_ident(policy.name)), "drop or change the policy before"});
  for (const auto& trigger : table.triggers)
    if (holds(trigger.columns, column) || mentions_column(when_of(trigger.definition), column))
      found.push_back(
          {fmt::format("trigger {} watches it", sql::quote_ident(trigger.name)), "drop or change the trigger before"});
  for (const auto& rule : table.rules)
    if (mentions(rule.definition, column))
      found.push_back(
          {fmt::format("rule {} may use it", sql::quote_ident(rule.name)), "drop or change the rule before"});
  for (const auto& other : table.columns)
    if (!other.generated.empty() && other.name != column && mentions_column(other.default_, column))
      found.push_back(
          {fmt::format("column {} is generated from it", sql::quote_ident(other.name)), "drop that column before"});
}

}  // namespace

bool mentions_column(const std::string& expression, const std::string& column) {
  return !expression.empty() && holds(sql::columns_of(expression), column);
}

bool index_uses(const catalog::Index& index, const std::string& column) {
  if (holds(index.include, column) || mentions_column(index.predicate, column)) return true;
  return std::any_of(index.parts.begin(), index.parts.end(), [&](const catalog::IndexPart& part) {
    return part.column == column || mentions_column(part.expression, column);
  });
}

std::vector<Inbound> inbound_keys(const Context& ctx, const catalog::Table& table, const std::string& column) {
  std::vector<Inbound> found;
  for (const auto& name : ctx.before.referencing(table.name)) {
    const auto* other = ctx.before.table(name);
    if (!other) continue;
    for (const auto& key : other->constraints)
      if (key.kind == "foreign key" && key.references == table.name && key.parent.empty() &&
          (column.empty() ? name != table.name : holds(key.reference_columns, column)))
        found.push_back({name, key.name});
  }
  return found;
}

std::vector<Dependent> dependents(const Context& ctx, const catalog::Table& table, const std::string& column) {
  std::vector<Dependent> found;
  for (const auto& key : inbound_keys(ctx, table, column))
    found.push_back(
        {fmt::format("foreign key {} of {} refers to it", sql::quote_ident(key.constraint), key.table.text()),
         "drop that foreign key before"});
  add_uses(ctx, table, column, found);
  add_parts(table, column, found);
  return found;
}

std::vector<Dependent> dependents(const Context& ctx, const catalog::Table& table) {
  std::vector<Dependent> found;
  for (const auto& key : inbound_keys(ctx, table, {}))
    found.push_back(
        {fmt::format("foreign key {} of {} refers to it", sql::quote_ident(key.constraint), key.table.text()),
         "drop that foreign key before"});
  add_uses(ctx, table, {}, found);
  if (!table.partitioned())
    for (const auto& child : table.children)
      found.push_back({fmt::format("table {} inherits from it", child.text()), "end the inheritance before"});
  return found;
}

bool require_no_dependents(const Context& ctx, source::Span span, const std::string& what,
                           const std::vector<Dependent>& dependents) {
  if (dependents.empty()) return true;
  auto& diagnostic = ctx.sink.report(diagnostics::still_needed, span,
                                     fmt::format("{} is still needed by {} other object{}", what, dependents.size(),
                                                 dependents.size() == 1 ? "" : "s"));
  for (const auto& each : dependents) diagnostic.note(fmt::format("found: {}; {}", each.what, each.way));
  diagnostic.note("mig never writes CASCADE: what goes, goes by a line of its own");
  return false;
}

}  // namespace mig::operations
