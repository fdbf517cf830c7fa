// rename function: what PostgreSQL keeps as a tree follows, bodies that are text do not.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation rename_function;  // its line in operations.def finds it
constinit const Operation rename_function = {
    .name = "rename_function",
    .form = "rename function (routine callable) to (new name)",
    .summary = "Renames a function.",
    .description =
        R"md(`ALTER FUNCTION … RENAME`; no table is locked, and the way back renames it back. A name that several functions have is written with argument types: `product_label(bigint)`.

What PostgreSQL keeps as a tree follows: triggers, views, defaults, checks, indexes, policies, bodies of `begin atomic`. Bodies
that are text do not, and are warned of where they name it.

It belongs in `contract`, since clients of the old schema call it by its old name; a trigger function may be renamed in
`expand`.
)md",
    .example = "rename function stamp_product() to trim_product;",
    .check = [](const Context& ctx) { check_rename_routine(ctx, Routine::function); },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      return calls_break(ctx, Routine::function, *find_routine(ctx, Routine::function));
    },
    .effect =
        [](const Context& ctx, catalog::Catalog& after) {
          rename_routine(ctx, after, *find_routine(ctx, Routine::function), renamed_routine(ctx, Routine::function));
        },
    .steps =
        [](const Context& ctx) {
          return move_routine_steps(ctx, Routine::function, renamed_routine(ctx, Routine::function));
        },
};

}  // namespace mig::operations
