// drop table: the table moves to a schema of mig's until purge.
#include <set>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/park_table.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

bool refuse(const Context& ctx, const diagnostics::Code& code, std::string message, std::string way) {
  ctx.sink.report(code, path(ctx).span, std::move(message)).note(std::move(way));
  return false;
}

bool check_place(const Context& ctx, const catalog::Table& table) {
  const auto name = table.name.text();
  if (!table.partition_of.name.empty())
    return refuse(ctx, diagnostics::contradiction,
                  fmt::format("`{}` is a partition of `{}`", name, table.partition_of.text()),
                  fmt::format("write: drop partition {}", name));
  if (!table.inherits.empty())
    return refuse(ctx, diagnostics::contradiction,
                  fmt::format("`{}` inherits from `{}`", name, table.inherits.front().text()),
                  fmt::format("write before it: no inherit {} from {}", name, table.inherits.front().text()));
  // All of them go into one schema.
  std::set<std::string> seen;
  for (const auto& each : ctx.before.tree(table.name))
    if (!seen.insert(each.name).second)
      return refuse(ctx, diagnostics::not_built_yet,
                    fmt::format("two partitions of `{}` are called `{}`", name, each.name),
                    "rename one of them before");
  return true;
}

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  if (!table || !check_place(ctx, *table)) return;
  const auto going = table->partitioned() ? ctx.before.tree(table->name) : std::vector{table->name};
  std::vector<Dependent> needed;
  for (const auto& name : going)
    if (const auto* each = ctx.before.table(name))
      for (auto& dependent : dependents(ctx, *each)) needed.push_back(std::move(dependent));
  for (auto& dependent : dependents_elsewhere(ctx, going)) needed.push_back(std::move(dependent));
  require_no_dependents(ctx, path(ctx).span, fmt::format("`{}`", table->name.text()), needed);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = find_table(ctx, path(ctx));
  if (made_here(ctx, *table)) return std::nullopt;
  return Break{fmt::format("clients of the old schema still use {}", table->name.text()),
               fmt::format("write it in contract {{ drop table {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) { remove_tables(after, find_table(ctx, path(ctx))->name); }

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = *find_table(ctx, path(ctx));
  auto made = park_steps(ctx, table);
  finish(made, {catalog::key("table", table.name)});
  return made;
}

}  // namespace

extern const Operation drop_table;  // its line in operations.def finds it
constinit const Operation drop_table = {
    .name = "drop_table",
    .form = "drop table (table path)",
    .summary = "Takes a table away; it is kept aside until purge.",
    .description =
        R"(The table moves by `SET SCHEMA` to a schema `mig_park_…`, in an instant and with all that is part of it: rows, indexes,
constraints, owned sequences, policies, triggers, grants, comments, its place in publications; partitions move along. The
way back moves it home. Its foreign keys to other tables are dropped before, each in a transaction of its own, because
they would go on to guard those tables; the way back adds and validates them again, and the plan holds the query for rows
whose other side is gone.

What PostgreSQL refuses to drop without `CASCADE` is refused, all of it in one list: foreign keys of other tables, views,
functions bound to it, inheritors; policies and rules of other tables that name it; columns, types and functions that
are made of its rows; defaults elsewhere that draw from its sequences.

It belongs in `contract`. `purge` drops the table for good.)",
    .example = "drop table orders;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
