// set expression: another formula for a generated column (PostgreSQL 17).
#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/generated.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/volatility.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Expr& value(const Context& ctx) { return *ctx.call.get<syntax::Expr>("value"); }

// No generated column, itself included, and nothing that is another value the next time (42P17).
bool check_value(const Context& ctx, const ColumnAt& at) {
  if (!require_row_expression(ctx, *at.table, value(ctx), "a generated column")) return false;
  for (const auto& name : column_names(value(ctx)))
    if (const auto* column = at.table->column(name); column && !column->generated.empty()) {
      ctx.sink
          .report(
              diagnostics::wrong_value, value(ctx).span,
              fmt::format("`{}` is generated itself: a generated column is made of plain ones", sql::quote_ident(name)))
          .note("write its formula in its place");
      return false;
    }
  const auto function = volatile_function(ctx, value(ctx));
  if (function.empty()) return true;
  ctx.sink
      .report(diagnostics::wrong_value, value(ctx).span,
              fmt::format("`{}` is not immutable: a generated column is always the same for the same row (42P17)",
                          function))
      .note("leave it out, or fill a plain column by a trigger");
  return false;
}

void check(const Context& ctx) {
  if (!require_server(ctx, 17, path(ctx).span, "`set expression`")) return;
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !require_generated(ctx, at, path(ctx).span) || !check_value(ctx, at)) return;
  if (sql::same_expression(at.column->default_, text_of(ctx, value(ctx))))
    ctx.sink.report(diagnostics::nothing_to_do, value(ctx).span, "it is generated so already")
        .note("take the line out");
  else
    warn_generated_rewrite(ctx, at, value(ctx).span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema read other values from {}.{} than they know",
                           at.table->name.text(), sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ set expression {} to …; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  const auto column = at.column->name;
  for (const auto& name : ctx.before.tree(at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) each.default_ = text_of(ctx, value(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto name = fmt::format("expression of {}.{}", table.text(), sql::quote_ident(at.column->name));
  const auto before = has_default_text(table, at.column->name, sql::Literal{at.column->default_});
  auto step = transaction(ctx, "set the " + name,
                          {set_expression_statement(ctx, table, *at.column, text_of(ctx, value(ctx)))}, negate(before));
  std::vector<sql::Statement> back;
  for (const auto& member : ctx.before.tree(table)) {
    const auto* each = ctx.before.table(member);
    const auto* own = each ? each->column(at.column->name) : nullptr;
    if (own && (member == table || own->default_ != at.column->default_))
      back.push_back(set_expression_statement(ctx, member, *own, own->default_));
  }
  step.back = {transaction(ctx, "bring back the " + name, std::move(back), before)};
  // Of a column of this migration nobody knows yet how the server prints its formula: its journal row says it is done.
  if (!at.column->made_by.empty()) {
    step.probe.reset();
    step.back.front().probe.reset();
  }
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", table), catalog::key("column", table, at.column->name)});
  return made;
}

}  // namespace

extern const Operation set_expression;  // its line in operations.def finds it
constinit const Operation set_expression = {
    .name = "set_expression",
    .form = "set expression (column path) to (value value)",
    .summary = "Gives a generated column another formula.",
    .description =
        R"(From PostgreSQL 17 on. A `stored` column is computed for every row, so that the table and its indexes are written anew
under ACCESS EXCLUSIVE, which a warning says; a `virtual` one (18) changes in an instant. Views, indexes and constraints
over it stay. Before 17: drop the column and add it again.

Clients read other values from then on: it belongs in `contract`. The way back computes the old ones again.)",
    .example = R"(add column orders.gross numeric generated always as (total * 1.19) stored;
when server >= 17 { set expression orders.gross to total * 1.2; }
set statistics orders.gross to 200;)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
