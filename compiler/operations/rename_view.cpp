// rename view: one instant statement; what refers to it follows by itself.
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation rename_view;  // its line in operations.def finds it
constinit const Operation rename_view = {
    .name = "rename_view",
    .form = "rename view (view path) to (new name)",
    .summary = "Renames a view.",
    .description =
        R"md(One instant statement. Views, functions with a body of `begin atomic`, policies and rights follow, because PostgreSQL
knows it by its number; triggers and rules on it too. Bodies of functions that are text do not, and are warned of
where they name it. The way back gives it its old name.

It belongs in `contract`, since clients of the old schema know only the old name.
)md",
    .example = "rename view listed_products to products_on_sale;",
    .check =
        [](const Context& ctx) {
          if (find_view(ctx, view_path(ctx)))
            check_move_view(ctx, ViewKind::view, moved_view_name(ctx), ctx.call.get<syntax::Name>("new")->span);
          else
            (void)require_own_view(ctx, view_path(ctx), ViewKind::view);
        },
    .breaks = move_view_breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { after.rename_table(view_of(ctx).name, moved_view_name(ctx)); },
    .steps = [](const Context& ctx) { return move_view_steps(ctx, moved_view_name(ctx)); },
};

}  // namespace mig::operations
