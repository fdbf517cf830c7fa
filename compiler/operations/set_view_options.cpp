// set view options: what is set before comes back on the way back.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation set_view_options;  // its line in operations.def finds it
constinit const Operation set_view_options = {
    .name = "set_view_options",
    .form = "set view options (view path) (options settings)",
    .summary = "Sets options of a view.",
    .description =
        R"md(`security_barrier`, `check_option` (`local`, `cascaded`) and, from PostgreSQL 15 on, `security_invoker`. One instant
statement.

Whose rights the view reads with, and a check option that is stricter, belong in `contract`: clients of the old schema
may lack the rights, or write rows that are refused.

The way back sets exactly what was set before.
)md",
    .example = "set view options listed_products (security_barrier = true);",
    .check = [](const Context& ctx) { check_set_view_options(ctx, ViewKind::view); },
    .breaks = set_view_options_breaks,
    .effect = set_view_options_effect,
    .steps = set_view_options_steps,
};

}  // namespace mig::operations
