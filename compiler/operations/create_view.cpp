// create view: one statement; its columns and their types are known to what follows.
#include "compiler/operations/view_written.hpp"

namespace mig::operations {

extern const Operation create_view;  // its line in operations.def finds it
constinit const Operation create_view = {
    .name = "create_view",
    .form =
        "create view (name path) [(columns names)] [with (options settings)] as (query query) "
        "[with [<cascaded / local>] check option]",
    .summary = "Makes a view.",
    .description =
        R"md(`CREATE VIEW`, in one transaction; on what it reads it takes the lock of a SELECT, for an instant. Relations of the
query are printed with their schema, so that it reads the same ones whatever `search_path` is later. The way back
drops it.

The query stands in parentheses, or between `$$` and `$$`. Its tables, views and columns are looked up before anything
runs. What its columns are called and of which type they are is worked out as PostgreSQL does it, for columns, casts,
operators, functions, aggregates, CASE and sub-selects; where that is not possible the type is taken as unknown, and a
cast says it: `expression::type`.

Options are `security_barrier`, `check_option` and, from PostgreSQL 15 on, `security_invoker`. Without the last one
whoever reads the view reads its tables with the rights of the view's owner, past row security that would stop
themselves.
)md",
    .example =
        "create view open_orders (id, customer, total) as (\n"
        "  select o.id, u.name, coalesce(o.total, 0)\n"
        "  from orders o join users u on u.id = o.user_id where o.status = 'new'\n"
        ");",
    .check = [](const Context& ctx) { check_create_view(ctx, ViewKind::view); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { create_view_effect(ctx, after, ViewKind::view); },
    .steps = [](const Context& ctx) { return create_view_steps(ctx, ViewKind::view); },
};

}  // namespace mig::operations
