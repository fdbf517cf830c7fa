// set materialized view schema: one instant statement; what refers to it follows by itself.
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation set_materialized_view_schema;  // its line in operations.def finds it
constinit const Operation set_materialized_view_schema = {
    .name = "set_materialized_view_schema",
    .form = "set materialized view schema (view path) to (schema name)",
    .summary = "Moves a materialized view to another schema.",
    .description =
        R"md(`ALTER MATERIALIZED VIEW … SET SCHEMA`, one instant statement; its indexes move with it. Views, functions with a body
of `begin atomic`, policies and rights follow, because PostgreSQL knows it by its number. Bodies of functions that are
text do not, and are warned of where they name it. The role needs CREATE on the other schema. The way back moves it
back.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset materialized view schema product_states to archive;",
    .check =
        [](const Context& ctx) {
          const auto& schema = *ctx.call.get<syntax::Name>("schema");
          if (!require_own_view(ctx, view_path(ctx), ViewKind::materialized) || !require_schema(ctx, schema)) return;
          check_move_view(ctx, ViewKind::materialized, moved_view_name(ctx), schema.span);
        },
    .breaks = move_view_breaks,
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { after.rename_table(view_of(ctx).name, moved_view_name(ctx)); },
    .steps = [](const Context& ctx) { return move_view_steps(ctx, moved_view_name(ctx)); },
};

}  // namespace mig::operations
