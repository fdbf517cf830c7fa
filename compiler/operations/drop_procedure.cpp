// drop procedure: the way back makes it again from the catalog.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation drop_procedure;  // its line in operations.def finds it
constinit const Operation drop_procedure = {
    .name = "drop_procedure",
    .form = "drop procedure (routine callable)",
    .summary = "Takes a procedure away.",
    .description =
        R"md(`DROP PROCEDURE`, never with `CASCADE`: triggers, defaults, checks, indexes, views, policies, generated columns and other
functions that use it are named, and go by lines of their own. A name that several functions have is written with argument types: `product_label(bigint)`. Where several have one name, a text does
not say which it calls: PostgreSQL refuses the drop itself then (2BP01), and nothing has changed.

The way back makes it again from its definition, with owner, rights and comment.

It belongs in `contract`, since clients of the old schema may call it; a trigger function that no trigger uses may go in
`expand`. Aggregates are dropped by `sql`.
)md",
    .example = "drop procedure sell_product;",
    .check = [](const Context& ctx) { check_drop_routine(ctx, Routine::procedure); },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      return calls_break(ctx, Routine::procedure, *find_routine(ctx, Routine::procedure));
    },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { erase_function(after, *find_routine(ctx, Routine::procedure)); },
    .steps = [](const Context& ctx) { return drop_routine_steps(ctx, Routine::procedure); },
};

}  // namespace mig::operations
