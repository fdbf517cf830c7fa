// create procedure: a new one beside whatever there is.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation create_procedure;  // its line in operations.def finds it
constinit const Operation create_procedure = {
    .name = "create_procedure",
    .form =
        "create procedure (name path) (parameters parameters) "
        "[<language (language name) / security <definer / invoker> / "
        "set (setting path) to <(names path_list) / (text string) / (number number) / on>>]* as (body body)",
    .summary = "Makes a procedure.",
    .description =
        R"md(`CREATE PROCEDURE` without `OR REPLACE`: one of the same name and argument types is never overwritten. No table is locked;
while a body in SQL is checked, what it names is locked as if it ran. The way back is `DROP PROCEDURE`.

As in SQL, the options stand in any order: `security definer`, `set … to …`. `out` parameters need PostgreSQL 14. Every parameter
has a name. A list of names in a setting is written as one: `set search_path to shop, pg_temp`.

Bodies are read by PostgreSQL's own parsers: a mistake in PL/pgSQL is shown at its line, one in SQL at its place. Tables that
a body names and the schema does not have are warned of, with what may have been meant. What only a database can tell
(types of variables, fields of rows) is told by the server when the step runs.

Transforms are written as `sql`. It takes nothing from old clients, so it may stand in `expand`.
)md",
    .example =
        "create procedure forget_order(number bigint) language plpgsql security definer set search_path to pg_catalog, "
        "pg_temp as $$begin perform number; end$$;",
    .check =
        [](const Context& ctx) {
          if (require_new_routine(ctx, Routine::procedure)) check_routine(ctx, Routine::procedure);
        },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      (void)ctx;
      return std::nullopt;
    },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { create_routine_effect(ctx, after, Routine::procedure); },
    .steps = [](const Context& ctx) { return create_routine_steps(ctx, Routine::procedure); },
};

}  // namespace mig::operations
