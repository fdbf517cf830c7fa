// drop composite: where nothing uses it; it is kept aside until purge.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation drop_composite;  // its line in operations.def finds it
constinit const Operation drop_composite = {
    .name = "drop_composite",
    .form = "drop composite (composite path)",
    .summary = "Takes a composite type away that nothing uses; it is kept aside until purge.",
    .description =
        R"md(The type moves by `SET SCHEMA` to a schema `mig_park_…`, in an instant and with its owner, rights and comments; the way back moves
it home. A column that was dropped before and is kept aside may still be of it, so the type outlives that until `purge`.

Refused while a column, function, view, domain, default or any other object uses the type or its array type: each is named. It belongs in
`contract`, since clients of the old schema may name it in casts.
)md",
    .example = "drop column products.size;\ndrop composite dimensions;",
    .check = [](const Context& ctx) { check_drop_type(ctx, "composite"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return drop_type_breaks(ctx, "composite"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { drop_type_effect(ctx, after, "composite"); },
    .steps = [](const Context& ctx) { return drop_type_steps(ctx, "composite"); },
};

}  // namespace mig::operations
