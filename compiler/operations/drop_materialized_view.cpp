// drop materialized view: the way back makes it again from the catalog.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation drop_materialized_view;  // its line in operations.def finds it
constinit const Operation drop_materialized_view = {
    .name = "drop_materialized_view",
    .form = "drop materialized view (view path)",
    .summary = "Takes a materialized view away.",
    .description =
        R"md(`DROP MATERIALIZED VIEW`, never with `CASCADE`: views, functions, policies and whatever else uses it are named, and go
by lines of their own. Statistics objects on it go along, and are warned of.

The way back makes it again with its owner, rights, comments, options, indexes, and its rows computed anew from its
query.

It belongs in `contract`, since clients of the old schema still read it.
)md",
    .example = "drop materialized view product_states;",
    .check = [](const Context& ctx) { check_drop_view(ctx, ViewKind::materialized); },
    .breaks = drop_view_breaks,
    .effect = drop_view_effect,
    .steps = drop_view_steps,
};

}  // namespace mig::operations
