// drop view default: the table's own default counts again.
#include <fmt/format.h>

#include "compiler/operations/views.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto at = require_own_view_column(ctx, ViewKind::view);
  if (!at.column || !at.column->default_.empty()) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span,
              fmt::format("`{}` of `{}` has no default", sql::quote_ident(at.column->name), at.view->name.text()))
      .note("take the line out");
}

}  // namespace

extern const Operation drop_view_default;  // its line in operations.def finds it
constinit const Operation drop_view_default = {
    .name = "drop_view_default",
    .form = "drop view default (column path)",
    .summary = "Takes a default of a view's column away.",
    .description =
        R"md(One instant statement. Rows that are written through the view get the table's own default from then on. The way back
sets the default again.

It belongs in `contract` where an old client may leave the column out and count on the value.
)md",
    .example =
        "set view default listed_products.price to 9.99;\n"
        "drop view default listed_products.price;",
    .check = check,
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      const auto at = view_column_of(ctx);
      if (made_here(ctx, *at.view)) return std::nullopt;
      return Break{"clients of the old schema may leave the column out and count on the value",
                   "write it in contract { … }"};
    },
    .effect = [](const Context& ctx, catalog::Catalog& after) { view_default_effect(ctx, after, {}); },
    .steps = [](const Context& ctx) { return view_default_steps(ctx, {}); },
};

}  // namespace mig::operations
