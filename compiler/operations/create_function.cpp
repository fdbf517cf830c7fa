// create function: a new one beside whatever there is.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation create_function;  // its line in operations.def finds it
constinit const Operation create_function = {
    .name = "create_function",
    .form =
        "create function (name path) (parameters parameters) [returns <table (columns type_fields) / (type type)>] "
        "[<language (language name) / immutable / stable / volatile / strict / called on null input / "
        "security <definer / invoker> / leakproof / not leakproof / parallel <safe / restricted / unsafe> / "
        "cost (cost number) / rows (rows number) / "
        "set (setting path) to <(names path_list) / (text string) / (number number) / on>>]* as (body body)",
    .summary = "Makes a function.",
    .description =
        R"md(`CREATE FUNCTION` without `OR REPLACE`: one of the same name and argument types is never overwritten. No table is locked;
while a body in SQL is checked, what it names is locked as if it ran. The way back is `DROP FUNCTION`.

As in SQL, the options stand in any order: volatility, `strict`, `security definer`, `parallel …`, `cost`, `rows`, `set … to …`.
`returns` may be left out where there are `out` parameters; `returns table (…)` and `setof` return many rows. Every parameter
has a name. A list of names in a setting is written as one: `set search_path to shop, pg_temp`.

Bodies are read by PostgreSQL's own parsers: a mistake in PL/pgSQL is shown at its line, one in SQL at its place. Tables that
a body names and the schema does not have are warned of, with what may have been meant. What only a database can tell
(types of variables, fields of rows) is told by the server when the step runs.

C functions, window functions, transforms and support functions are written as `sql`. It takes nothing from old clients, so it may stand in `expand`.
)md",
    .example =
        "create function order_label(number bigint, prefix text default 'order ') returns text language sql stable "
        "parallel safe as $$select prefix || id from orders where id = number$$;\n"
        "create function trim_note() returns trigger language plpgsql as $$begin new.note := trim(new.note); "
        "return new; end$$;",
    .check =
        [](const Context& ctx) {
          if (require_new_routine(ctx, Routine::function)) check_routine(ctx, Routine::function);
        },
    .breaks = [](const Context& ctx) -> std::optional<Break> {
      (void)ctx;
      return std::nullopt;
    },
    .effect = [](const Context& ctx, catalog::Catalog& after) { create_routine_effect(ctx, after, Routine::function); },
    .steps = [](const Context& ctx) { return create_routine_steps(ctx, Routine::function); },
};

}  // namespace mig::operations
