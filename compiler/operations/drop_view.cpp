// drop view: the way back makes it again from the catalog.
#include "compiler/operations/views.hpp"

namespace mig::operations {

extern const Operation drop_view;  // its line in operations.def finds it
constinit const Operation drop_view = {
    .name = "drop_view",
    .form = "drop view (view path)",
    .summary = "Takes a view away.",
    .description =
        R"md(`DROP VIEW`, never with `CASCADE`: views, functions, policies and whatever else uses it are named, and go by lines of
their own.

The way back makes it again with its owner, rights, comments, options, defaults of its columns, triggers and rules.

It belongs in `contract`, since clients of the old schema still read it.
)md",
    .example = "drop view listed_products;",
    .check = [](const Context& ctx) { check_drop_view(ctx, ViewKind::view); },
    .breaks = drop_view_breaks,
    .effect = drop_view_effect,
    .steps = drop_view_steps,
};

}  // namespace mig::operations
