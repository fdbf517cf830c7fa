// set view default: the value that an INSERT into the view writes.
#include "compiler/operations/definition.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/views.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Expr& value(const Context& ctx) { return *ctx.call.get<syntax::Expr>("value"); }

void check(const Context& ctx) {
  const auto at = require_own_view_column(ctx, ViewKind::view);
  if (!require_constant_expression(ctx, value(ctx), "a default") || !at.column) return;
  const auto* constant = std::get_if<syntax::Constant>(&value(ctx).node);
  if (constant && constant->is == syntax::Constant::Is::null) {
    ctx.sink.report(diagnostics::wrong_value, value(ctx).span, "`default null` is no default: the table's own applies")
        .note("write: drop view default …");
    return;
  }
  if (!at.column->default_.empty() && sql::same_expression(at.column->default_, text_of(ctx, value(ctx))))
    ctx.sink.report(diagnostics::nothing_to_do, value(ctx).span, "the column has this default already")
        .note("take the line out");
}

}  // namespace

extern const Operation set_view_default;  // its line in operations.def finds it
constinit const Operation set_view_default = {
    .name = "set_view_default",
    .form = "set view default (column path) to (value value)",
    .summary = "Sets the value that an INSERT into a view writes where it leaves the column out.",
    .description =
        R"md(One instant statement. The view's default comes before the one that the table has; no row that exists changes. It
counts for rows that are written through the view alone. The way back sets the default that was there before, or none.
)md",
    .example = "set view default listed_products.price to 9.99;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { view_default_effect(ctx, after, text_of(ctx, value(ctx))); },
    .steps = [](const Context& ctx) { return view_default_steps(ctx, text_of(ctx, value(ctx))); },
};

}  // namespace mig::operations
