// replace view: in its place, or made again with all that hangs on it.
#include "compiler/operations/view_written.hpp"

namespace mig::operations {

extern const Operation replace_view;  // its line in operations.def finds it
constinit const Operation replace_view = {
    .name = "replace_view",
    .form =
        "replace view (view path) [(columns names)] [with (options settings)] as (query query) "
        "[with [<cascaded / local>] check option]",
    .summary = "Gives a view another query.",
    .description =
        R"md(`CREATE OR REPLACE VIEW` where PostgreSQL allows it: the columns that are there stay as they are, and new ones stand
behind them. Else the view is dropped and made again in one transaction, together with the views, functions and
policies that use it, all with their owner, rights, comments, options, defaults, triggers and rules. What cannot come
back exactly is named and refused. Where `with (…)` is left out the options stay, which `CREATE OR REPLACE` alone
would take away.

The way back brings back the old query, exactly as PostgreSQL had it, in the same manner.

It belongs in `contract` where a column is gone, of another type, or stands in another place. A column whose type is
not worked out here counts as another one: a cast says it, `expression::type`.
)md",
    .example =
        "replace view listed_products as (\n"
        "  select id, name, price, sold_at from products where state = 'listed' and price > 0\n"
        ");",
    .check = [](const Context& ctx) { check_replace_view(ctx, ViewKind::view); },
    .breaks = [](const Context& ctx) { return replace_view_breaks(ctx, ViewKind::view); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { replace_view_effect(ctx, after, ViewKind::view); },
    .steps = replace_view_steps,
};

}  // namespace mig::operations
