// set function schema: what PostgreSQL keeps as a tree follows, bodies that are text do not.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation set_function_schema;  // its line in operations.def finds it
constinit const Operation set_function_schema = {
    .name = "set_function_schema",
    .form = "set function schema (routine callable) to (schema name)",
    .summary = "Moves a function to another schema.",
    .description =
        R"md(`ALTER FUNCTION … SET SCHEMA`; no table is locked, and the way back moves it back. A name that several functions have is written with argument types: `product_label(bigint)`. The role needs
CREATE on the other schema.

What PostgreSQL keeps as a tree follows: triggers, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies
that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema look for it where it was.
)md",
    .example = "create schema archive;\nset function schema product_label(bigint) to archive;",
    .check = [](const Context& ctx) { check_routine_schema(ctx, Routine::function); },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      return calls_break(ctx, Routine::function, *find_routine(ctx, Routine::function));
    },
    .effect =
        [](const Context& ctx, catalog::Catalog& after) {
          rename_routine(ctx, after, *find_routine(ctx, Routine::function), routine_in_schema(ctx, Routine::function));
        },
    .steps =
        [](const Context& ctx) {
          return move_routine_steps(ctx, Routine::function, routine_in_schema(ctx, Routine::function));
        },
};

}  // namespace mig::operations
