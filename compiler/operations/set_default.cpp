// set default: the value of a column that an INSERT leaves out.
#include <fmt/format.h>

#include "compiler/operations/defaults.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Expr& value(const Context& ctx) { return *ctx.call.get<syntax::Expr>("value"); }

bool is_null(const syntax::Expr& expression) {
  const auto* constant = std::get_if<syntax::Constant>(&expression.node);
  return constant && constant->is == syntax::Constant::Is::null;
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !require_plain_default(ctx, at, path(ctx).span)) return;
  if (!require_constant_expression(ctx, value(ctx), "a default")) return;
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (is_null(value(ctx))) {
    ctx.sink.report(diagnostics::wrong_value, value(ctx).span, "`default null` is no default")
        .note(fmt::format("write: drop default {};", ctx.files.text(path(ctx).span)));
    return;
  }
  if (!at.column->default_.empty() && sql::same_expression(at.column->default_, text_of(ctx, value(ctx))))
    ctx.sink.report(diagnostics::nothing_to_do, value(ctx).span, fmt::format("{} has this default already", name))
        .note("take the line out");
}

// Old clients that leave the column out get the new value: still a row that they can read.
std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  put_default(ctx, after, at.table->name, at.column->name, text_of(ctx, value(ctx)));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto& column = at.column->name;
  const auto before = at.column->default_;
  const auto changed = default_differs(ctx, table, column, before);
  auto set = default_change(ctx, table, column, text_of(ctx, value(ctx)));
  set.reason = "rows that exist keep what they have";
  const auto title = fmt::format("default of {}.{}", table.text(), sql::quote_ident(column));
  auto step = transaction(ctx, "set " + title, {std::move(set)}, changed);
  step.back = {transaction(ctx, "bring back the " + title, restore_defaults(ctx, *at.table, column), negate(changed))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, column)});
  return made;
}

}  // namespace

extern const Operation set_default;  // its line in operations.def finds it
constinit const Operation set_default = {
    .name = "set_default",
    .form = "set default (column path) to (value value)",
    .summary = "Sets the value that a column gets where an INSERT leaves it out.",
    .description =
        R"(One instant statement. It never touches rows that exist. Tables that inherit the column, and partitions, get it as well.
The way back sets the default that was there before, in each of them. Generated and identity columns are refused.)",
    .example = "set default orders.status to 'open';",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
