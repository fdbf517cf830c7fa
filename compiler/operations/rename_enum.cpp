// rename enum: one instant statement; what PostgreSQL keeps as a tree follows.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation rename_enum;  // its line in operations.def finds it
constinit const Operation rename_enum = {
    .name = "rename_enum",
    .form = "rename enum (enum path) to (new name)",
    .summary = "Renames an enum.",
    .description =
        R"md(`ALTER TYPE … RENAME`; no table is locked, and the way back renames it back. Its array type follows.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies,
bodies of `begin atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema name it in casts and parameters.
)md",
    .example = "rename enum product_state to product_status;",
    .check = [](const Context& ctx) { check_rename_type(ctx, "enum"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return move_type_breaks(ctx, "enum"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { move_type_effect(ctx, after, "enum"); },
    .steps = [](const Context& ctx) { return move_type_steps(ctx, "enum"); },
};

}  // namespace mig::operations
