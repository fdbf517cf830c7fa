// rename materialized view column: one instant statement; who reads it follows by itself.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation rename_materialized_view_column;  // its line in operations.def finds it
constinit const Operation rename_materialized_view_column = {
    .name = "rename_materialized_view_column",
    .form = "rename materialized view column (column path) to (new name)",
    .summary = "Renames a column of a materialized view.",
    .description =
        R"md(One instant statement. Its query goes on reading what it read and shows it under the new name. Its indexes, and views
that read the column follow, and go on showing it under the name that they had for it. Bodies of functions that are
text do not follow, and are warned of where they name the materialized view.

It belongs in `contract`, since clients of the old schema read the old name.
)md",
    .example = "rename materialized view column product_states.products to count_of;",
    .check = [](const Context& ctx) { check_rename_view_column(ctx, ViewKind::materialized); },
    .breaks = rename_view_column_breaks,
    .effect = rename_view_column_effect,
    .steps = rename_view_column_steps,
};

}  // namespace mig::operations
