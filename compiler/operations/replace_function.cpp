// replace function: another body, or another result, under the same name and argument types.
#include "compiler/operations/routines.hpp"

namespace mig::operations {

extern const Operation replace_function;  // its line in operations.def finds it
constinit const Operation replace_function = {
    .name = "replace_function",
    .form =
        "replace function (name path) (parameters parameters) [returns <table (columns type_fields) / (type type)>] "
        "[<language (language name) / immutable / stable / volatile / strict / called on null input / "
        "security <definer / invoker> / leakproof / not leakproof / parallel <safe / restricted / unsafe> / "
        "cost (cost number) / rows (rows number) / "
        "set (setting path) to <(names path_list) / (text string) / (number number) / on>>]* as (body body)",
    .summary = "Gives a function another body.",
    .description =
        R"md(`CREATE OR REPLACE FUNCTION`: callers never miss it, and owner, rights and comment stay. All options are as written here, not as
they were. The way back is the old definition.

What `CREATE OR REPLACE` refuses (42P13) — another result, another name of an argument, a default taken away, there or on
the way back — is done by dropping it and making it anew in one transaction, with what hangs on it: views, triggers,
policies, other functions come back as they were. What cannot come back so (an index, a check, a default over it) is
refused by name.

Another result belongs in `contract`: clients of the old schema may call it. A warning names indexes, stored columns and
checks that were computed by the old body: their values stay. Triggers that use it do what the new body says from then on.

Bodies are read by PostgreSQL's own parsers: a mistake in PL/pgSQL is shown at its line, one in SQL at its place. Tables that
a body names and the schema does not have are warned of, with what may have been meant. What only a database can tell
(types of variables, fields of rows) is told by the server when the step runs.
)md",
    .example =
        "replace function product_label(product bigint) returns text language sql stable "
        "as $$select 'no. ' || product$$;",
    .check = [](const Context& ctx) { check_replace_routine(ctx, Routine::function); },
    .breaks = [](const Context& ctx) -> std::optional<Break> { return replace_routine_breaks(ctx, Routine::function); },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { replace_routine_effect(ctx, after, Routine::function); },
    .steps = [](const Context& ctx) { return replace_routine_steps(ctx, Routine::function); },
};

}  // namespace mig::operations
