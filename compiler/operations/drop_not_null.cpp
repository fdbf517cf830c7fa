// drop not null: a column may be null from now on.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/not_null.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool in_replica_identity(const catalog::Table& table, const std::string& column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const catalog::Index& index) {
    return index.replica_identity && std::any_of(index.parts.begin(), index.parts.end(),
                                                 [&](const catalog::IndexPart& part) { return part.column == column; });
  });
}

// What PostgreSQL would refuse with 42P16, by its reason; empty: nothing.
std::string needed_by(const Context& ctx, const catalog::Table& table, const catalog::Column& column) {
  if (const auto* key = table.primary_key(); key && holds(key->columns, column.name))
    return fmt::format("it is in the primary key `{}`", sql::quote_ident(key->name));
  if (!column.identity.empty()) return "it is an identity column";
  if (in_replica_identity(table, column.name)) return "it is in the index used as replica identity";
  const bool partition = !table.partition_of.name.empty();
  for (const auto& name : partition ? std::vector{table.partition_of} : table.inherits) {
    const auto* parent = ctx.before.table(name);
    const auto* inherited = parent ? parent->column(column.name) : nullptr;
    const bool bound = partition || ctx.before.server.major() >= 18;
    if (bound && inherited && inherited->not_null) return fmt::format("it is not null in the parent `{}`", name.text());
  }
  return {};
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column) return;
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (!at.column->not_null) {
    ctx.sink.report(diagnostics::nothing_to_do, path(ctx).span, name + " may be null already")
        .note("take the line out");
    return;
  }
  const auto reason = needed_by(ctx, *at.table, *at.column);
  if (!reason.empty())
    ctx.sink.report(diagnostics::still_needed, path(ctx).span, fmt::format("{} must stay not null: {}", name, reason));
}

// Old clients go on to write values; that they may now read null is what the author wants.
std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  const auto column = at.column->name;
  for (const auto& name : ctx.before.tree(at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) {
        each.not_null = false;
        each.not_null_name.clear();
      }
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto& column = at.column->name;
  auto step = transaction(ctx, fmt::format("drop not null {}.{}", table.text(), sql::quote_ident(column)),
                          {nullable(ctx, table, column)}, negate(is_not_null(table, column)));
  step.back = not_null_back(ctx, table, column, column, made_here(ctx, *at.table));
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, column)});
  return made;
}

}  // namespace

extern const Operation drop_not_null;  // its line in operations.def finds it
constinit const Operation drop_not_null = {
    .name = "drop_not_null",
    .form = "drop not null (column path)",
    .summary = "Allows null in a column.",
    .description =
        R"(One instant statement. Columns of a primary key, identity columns, columns of the replica identity and partitions whose
parent forbids null are refused, as PostgreSQL refuses them.

The way back is `set not null` by its online steps. It is exact as long as nobody has written null: the plan holds the
query that finds such rows, and a rollback that would meet one is refused before it changes anything.)",
    .example = "drop not null orders.status;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
