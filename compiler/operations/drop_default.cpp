// drop default: an INSERT that leaves the column out gives null from now on.
#include <fmt/format.h>

#include "compiler/operations/defaults.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !require_plain_default(ctx, at, path(ctx).span) || !at.column->default_.empty()) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, path(ctx).span,
              fmt::format("`{}` of `{}` has no default", sql::quote_ident(at.column->name), at.table->name.text()))
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  // Without a default, a client that does not know a column made here writes null: where null is allowed, it may.
  if (made_here(ctx, *at.table)) return std::nullopt;
  if (made_here(ctx, *at.table, *at.column) && !at.column->not_null) return std::nullopt;
  const auto name = fmt::format("{}.{}", at.table->name.text(), sql::quote_ident(at.column->name));
  return Break{
      fmt::format("clients of the old schema may leave {} out and rely on its default {}", name, at.column->default_),
      fmt::format("write it in contract {{ drop default {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  put_default(ctx, after, at.table->name, at.column->name, {});
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto& column = at.column->name;
  const auto title = fmt::format("default of {}.{}", table.text(), sql::quote_ident(column));
  auto step = transaction(ctx, "drop the " + title, {default_change(ctx, table, column, {})},
                          negate(has_default(table, column)));
  step.back = {transaction(ctx, "bring back the " + title, restore_defaults(ctx, *at.table, column),
                           has_default(table, column))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, column)});
  return made;
}

}  // namespace

extern const Operation drop_default;  // its line in operations.def finds it
constinit const Operation drop_default = {
    .name = "drop_default",
    .form = "drop default (column path)",
    .summary = "Takes away a column's default: an INSERT that leaves it out gives null.",
    .description =
        R"(One instant statement, over the table and all partitions and inheritors; the way back sets the default that each of them
had. A sequence behind it (`serial`) stays.

It belongs in `contract`: a client of the old schema may leave the column out and rely on the default.)",
    .example = "drop default orders.status;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
