// set not null: no row may have null in a column any more.
#include <fmt/format.h>

#include "compiler/operations/not_null.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !at.column->not_null) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, path(ctx).span,
              fmt::format("`{}` of `{}` is not null already", sql::quote_ident(at.column->name), at.table->name.text()))
      .note("take the line out");
}

// An old client may write null, or leave the column out: then its default counts.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table) || proof(*at.table, at.column->name)) return std::nullopt;
  if (made_here(ctx, *at.table, *at.column) && !at.column->default_.empty()) return std::nullopt;
  const auto name = fmt::format("{}.{}", at.table->name.text(), sql::quote_ident(at.column->name));
  return Break{fmt::format("clients of the old schema may still write null to {}", name),
               fmt::format("write it in contract {{ set not null {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  const auto column = at.column->name;
  for (const auto& name : ctx.before.tree(at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) {
        each.not_null = each.not_null_valid = true;
        if (after.server.major() >= 18 && each.not_null_name.empty())
          each.not_null_name = sql::object_name(name.name, column, "not_null");
      }
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const bool proven = made_here(ctx, *at.table) || proof(*at.table, at.column->name) != nullptr;
  auto made = set_not_null_steps(ctx, table, at.column->name, proven);
  finish(made, {catalog::key("column", table, at.column->name)});
  return made;
}

}  // namespace

extern const Operation set_not_null;  // its line in operations.def finds it
constinit const Operation set_not_null = {
    .name = "set_not_null",
    .form = "set not null (column path)",
    .summary = "Forbids null in a column, without a scan under a lock that stops anybody.",
    .description =
        R"(PostgreSQL reads the whole table under `ACCESS EXCLUSIVE` for `SET NOT NULL`, unless a validated check proves it.
So this adds `CHECK (column IS NOT NULL) NOT VALID` (new rows are held to it at once), validates it while readers and
writers go on, sets `NOT NULL`, which now reads nothing, and drops the check. From PostgreSQL 18 on a named `NOT NULL`
constraint is added `NOT VALID` and validated. Where a validated check `column IS NOT NULL` exists, one statement does.

A row that holds null stops it at the validation (23502, 23514): fill such rows before. The way back is `DROP NOT NULL`.

It belongs in `contract`: a client of the old schema may still write null, or leave the column out.)",
    .example = "set not null orders.placed_at;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
