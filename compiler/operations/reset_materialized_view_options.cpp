// reset materialized view options: what is set before comes back on the way back.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation reset_materialized_view_options;  // its line in operations.def finds it
constinit const Operation reset_materialized_view_options = {
    .name = "reset_materialized_view_options",
    .form = "reset materialized view options (view path) (options names)",
    .summary = "Takes options of a materialized view back to what they are by themselves.",
    .description =
        R"md(Storage parameters, as of a table: `fillfactor`, `parallel_workers`, `autovacuum_…`, `toast.…`. `SHARE UPDATE
EXCLUSIVE`: reads and refreshes wait for each other no more than before. Rows that are there stay where they are until
the next refresh.

The way back sets exactly what was set before.
)md",
    .example =
        "set materialized view options product_states (fillfactor = 70, autovacuum_enabled = false);\nreset "
        "materialized view options product_states (fillfactor);",
    .check = [](const Context& ctx) { check_set_view_options(ctx, ViewKind::materialized); },
    .breaks = set_view_options_breaks,
    .effect = set_view_options_effect,
    .steps = set_view_options_steps,
};

}  // namespace mig::operations
