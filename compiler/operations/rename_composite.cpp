// rename composite: one instant statement; what PostgreSQL keeps as a tree follows.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation rename_composite;  // its line in operations.def finds it
constinit const Operation rename_composite = {
    .name = "rename_composite",
    .form = "rename composite (composite path) to (new name)",
    .summary = "Renames a composite type.",
    .description =
        R"md(`ALTER TYPE … RENAME`; an instant, with ACCESS EXCLUSIVE on the type alone, so no table is locked; the way back
renames it back. Its array type follows.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies,
bodies of `begin atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema name it in casts and parameters.
)md",
    .example = "rename composite dimensions to product_size;",
    .check = [](const Context& ctx) { check_rename_type(ctx, "composite"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return move_type_breaks(ctx, "composite"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { move_type_effect(ctx, after, "composite"); },
    .steps = [](const Context& ctx) { return move_type_steps(ctx, "composite"); },
};

}  // namespace mig::operations
