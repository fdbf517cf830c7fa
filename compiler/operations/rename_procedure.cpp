// rename procedure: what PostgreSQL keeps as a tree follows, bodies that are text do not.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation rename_procedure;  // its line in operations.def finds it
constinit const Operation rename_procedure = {
    .name = "rename_procedure",
    .form = "rename procedure (routine callable) to (new name)",
    .summary = "Renames a procedure.",
    .description =
        R"md(`ALTER PROCEDURE … RENAME`; no table is locked, and the way back renames it back. A name that several functions have is written with argument types: `product_label(bigint)`.

What PostgreSQL keeps as a tree follows: triggers, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies
that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema call it by its old name; a trigger function may be renamed in
`expand`.
)md",
    .example = "rename procedure sell_product to give_product;",
    .check = [](const Context& ctx) { check_rename_routine(ctx, Routine::procedure); },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      return calls_break(ctx, Routine::procedure, *find_routine(ctx, Routine::procedure));
    },
    .effect =
        [](const Context& ctx, catalog::Catalog& after) {
          rename_routine(ctx, after, *find_routine(ctx, Routine::procedure), renamed_routine(ctx, Routine::procedure));
        },
    .steps =
        [](const Context& ctx) {
          return move_routine_steps(ctx, Routine::procedure, renamed_routine(ctx, Routine::procedure));
        },
};

}  // namespace mig::operations
