// set composite schema: one instant statement; what PostgreSQL keeps as a tree follows.
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

extern const Operation set_composite_schema;  // its line in operations.def finds it
constinit const Operation set_composite_schema = {
    .name = "set_composite_schema",
    .form = "set composite schema (composite path) to (schema name)",
    .summary = "Moves a composite type to another schema.",
    .description =
        R"md(`ALTER TYPE … SET SCHEMA`; no table is locked, and the way back moves it back. Its array type goes along. The role needs
CREATE on the other schema.

What PostgreSQL keeps as a tree follows: columns, signatures of functions, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset composite schema dimensions to archive;",
    .check = [](const Context& ctx) { check_move_type(ctx, "composite"); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return move_type_breaks(ctx, "composite"); },
    .effect = [](const Context& ctx, catalog::Catalog& after) { move_type_effect(ctx, after, "composite"); },
    .steps = [](const Context& ctx) { return move_type_steps(ctx, "composite"); },
};

}  // namespace mig::operations
