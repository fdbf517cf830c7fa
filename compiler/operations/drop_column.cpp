// drop column: the column is kept aside under another name until purge.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/park_column.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

bool refuse(const Context& ctx, const diagnostics::Code& code, std::string message, std::string way) {
  ctx.sink.report(code, path(ctx).span, std::move(message)).note(std::move(way));
  return false;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A column that a member has from elsewhere too would stay there, where the rename takes it along.
bool check_members(const Context& ctx, const ColumnAt& at) {
  const auto tree = ctx.before.tree(at.table->name);
  for (const auto& name : tree) {
    const auto* member = name == at.table->name ? nullptr : ctx.before.table(name);
    const auto* own = member ? member->column(at.column->name) : nullptr;
    if (!own) continue;
    const auto above = std::count_if(member->inherits.begin(), member->inherits.end(), [&](const auto& each) {
      return std::find(tree.begin(), tree.end(), each) != tree.end();
    });
    if (!own->local && (!member->partition_of.name.empty() || own->inherited <= above)) continue;
    return refuse(
        ctx, diagnostics::still_needed,
        fmt::format("`{}` has `{}` {}, and would have to keep it", name.text(), sql::quote_ident(own->name),
                    own->local ? "also for itself" : "also from another parent"),
        fmt::format("take `{}` out of the tree (no inherit …), then drop the column in each table", name.text()));
  }
  return true;
}

bool check_place(const Context& ctx, const ColumnAt& at) {
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (!at.column->local || at.column->inherited > 0)
    return refuse(ctx, diagnostics::inherited, name + " comes from a parent table", "drop it there");
  for (const auto& each : ctx.before.tree(at.table->name))
    if (const auto* table = ctx.before.table(each); table && holds(table->partition_columns, at.column->name))
      return refuse(ctx, diagnostics::still_needed,
                    fmt::format("{} is in the partition key of `{}`", name, each.text()),
                    "a partition key cannot change: make a new table");
  return check_members(ctx, at);
}

// A unique rule or an index over more than this column ends with it; PostgreSQL would not say so.
void warn_along(const Context& ctx, const ColumnAt& at) {
  std::vector<std::string> along;
  for (const auto& each : along_with(*at.table, at.column->name)) along.push_back(each);
  if (along.empty()) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::goes_along, path(ctx).span,
                      fmt::format("with `{}` goes more than the column", sql::quote_ident(at.column->name)));
  for (const auto& each : along) diagnostic.note("found: " + each);
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !check_place(ctx, at)) return;
  const auto what = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  std::vector<Dependent> needed;
  for (const auto& name : ctx.before.tree(at.table->name))
    if (const auto* table = ctx.before.table(name))
      for (auto& each : dependents(ctx, *table, at.column->name)) needed.push_back(std::move(each));
  for (auto& each : dependents_elsewhere(ctx, ctx.before.tree(at.table->name), at.column->name))
    needed.push_back(std::move(each));
  if (!require_no_dependents(ctx, path(ctx).span, what, needed)) return;
  for (const auto& key : keys_to_drop(ctx, *at.table, *at.column))
    if (key.constraint.kind == "primary key" && key.constraint.columns.size() > 1 && at.table->partitioned())
      refuse(ctx, diagnostics::still_needed, fmt::format("{} is in the primary key of a partitioned table", what),
             "PostgreSQL has no online way back for that key");
  warn_along(ctx, at);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema still use {}.{}", at.table->name.text(),
                           sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ drop column {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  remove_column(ctx, after, *at.table, *at.column);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  auto made = park_column_steps(ctx, *at.table, *at.column);
  finish(made, {catalog::key("column", at.table->name, at.column->name)});
  return made;
}

}  // namespace

extern const Operation drop_column;  // its line in operations.def finds it
constinit const Operation drop_column = {
    .name = "drop_column",
    .form = "drop column (column path)",
    .summary = "Takes a column away; its data is kept aside until purge.",
    .description =
        R"(The column is renamed to `_mig_p_…` in one instant transaction. What holds new rows to it goes with it and is recorded:
`NOT NULL` (where it has no default), checks, foreign keys, and unique keys that new rows could break. Its default or
identity goes on filling it, so that a row written meanwhile is complete when the column comes back. Its indexes are
kept under `_mig_p_…` names.

The way back renames it again and brings back the rest: checks and foreign keys `NOT VALID`, then validated; `NOT NULL` by
its online steps; unique keys by a concurrent build. The data is exact until purge; a rule that rows written meanwhile
break is found by the query in the plan, before anything is changed.

What PostgreSQL refuses to drop without `CASCADE` is refused, all of it in one list: views, policies and rules (also those
of other tables), triggers, foreign keys of other tables, generated columns, publications that name the column. What it would drop along without a word
(an index or a unique key over several columns, a statistics object) is named in a warning.

It belongs in `contract`. `purge` drops the column for good.)",
    .example = "drop column orders.note;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
