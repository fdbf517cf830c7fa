// replace materialized view: made beside, then swapped.
#include "compiler/operations/view_written.hpp"

namespace mig::operations {

extern const Operation replace_materialized_view;  // its line in operations.def finds it
constinit const Operation replace_materialized_view = {
    .name = "replace_materialized_view",
    .form =
        "replace materialized view (view path) [(columns names)] [with (options settings)] as (query query) "
        "[with no data]",
    .summary = "Gives a materialized view another query.",
    .description =
        R"md(PostgreSQL has no `OR REPLACE` for it. mig makes it anew beside the old one, fills it, builds its indexes and gives it
owner, rights, comments and options while readers go on; a second, short transaction drops the old one and gives the
new one its name. Views and functions that use it are made again there. Where another materialized view reads it, that
one is filled again within the second transaction.

The way back does the same with the old query: its rows are computed anew, as they would be by a refresh.

Indexes stay, so the columns that they stand on have to stay. It belongs in `contract` where a column is gone, of
another type, or stands in another place.
)md",
    .example =
        "replace materialized view product_states as (\n"
        "  select state, count(*) as \"products\", max(price) as dearest from products group by state\n"
        ");",
    .check = [](const Context& ctx) { check_replace_view(ctx, ViewKind::materialized); },
    .breaks = [](const Context& ctx) { return replace_view_breaks(ctx, ViewKind::materialized); },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { replace_view_effect(ctx, after, ViewKind::materialized); },
    .steps = swap_view_steps,
};

}  // namespace mig::operations
