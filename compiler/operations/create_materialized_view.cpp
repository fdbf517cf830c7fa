// create materialized view: its rows are computed in the same statement.
#include "compiler/operations/view_written.hpp"

namespace mig::operations {

extern const Operation create_materialized_view;  // its line in operations.def finds it
constinit const Operation create_materialized_view = {
    .name = "create_materialized_view",
    .form =
        "create materialized view (name path) [(columns names)] [with (options settings)] as (query query) "
        "[with no data]",
    .summary = "Makes a materialized view and fills it.",
    .description =
        R"md(`CREATE MATERIALIZED VIEW`, in one transaction: the query runs in it, under the lock of a SELECT on what it reads.
`with no data` makes it empty, to be filled by [refresh materialized view](#refresh_materialized_view); until then
reading it is an error. The way back drops it.

The query is read as in [create view](#create_view). Options are storage parameters, as of a table. A unique index on
it lets it be refreshed beside its readers: [add unique index](#add_unique_index).
)md",
    .example =
        "create materialized view spent with (fillfactor = 90) as (\n"
        "  select user_id, sum(total) as total, count(*) from orders group by user_id\n"
        ");",
    .check = [](const Context& ctx) { check_create_view(ctx, ViewKind::materialized); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { create_view_effect(ctx, after, ViewKind::materialized); },
    .steps = [](const Context& ctx) { return create_view_steps(ctx, ViewKind::materialized); },
};

}  // namespace mig::operations
