// reset view options: what is set before comes back on the way back.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation reset_view_options;  // its line in operations.def finds it
constinit const Operation reset_view_options = {
    .name = "reset_view_options",
    .form = "reset view options (view path) (options names)",
    .summary = "Takes options of a view back to what they are by themselves.",
    .description =
        R"md(`security_barrier`, `check_option` (`local`, `cascaded`) and, from PostgreSQL 15 on, `security_invoker`. One instant
statement.

Whose rights the view reads with, and a check option that is stricter, belong in `contract`: clients of the old schema
may lack the rights, or write rows that are refused.

The way back sets exactly what was set before.
)md",
    .example =
        "set view options listed_products (security_barrier = true);\nreset view options listed_products "
        "(security_barrier);",
    .check = [](const Context& ctx) { check_set_view_options(ctx, ViewKind::view); },
    .breaks = set_view_options_breaks,
    .effect = set_view_options_effect,
    .steps = set_view_options_steps,
};

}  // namespace mig::operations
