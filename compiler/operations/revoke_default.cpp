// revoke default: what a role will make comes without these rights.
#include "compiler/operations/default_privileges.hpp"

namespace mig::operations {

extern const Operation revoke_default;  // its line in operations.def finds it
constinit const Operation revoke_default = {
    .name = "revoke_default",
    .form =
        "revoke default [grant option for] (privileges privileges) on " MIG_DEFAULT_OBJECTS " from (roles name_list)",
    .summary = "Takes rights from the objects that a role will make.",
    .description =
        R"md(The opposite of [grant default](#grant_default). Without a schema it takes also what PostgreSQL gives by itself, such as
`execute` on functions to `public`; within a schema only what was granted by default for that schema.

No client notices: what is there keeps its rights. The way back sets the defaults that were there before.
)md",
    .example =
        "revoke default execute on functions made by postgres from public;\n"
        "grant default select on tables made by postgres in schema public to shop_reader with grant option;\n"
        "revoke default grant option for select on tables made by postgres in schema public from shop_reader;",
    .check = [](const Context& ctx) { check_default(ctx, GrantVerb::revoke); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { default_effect(ctx, GrantVerb::revoke, after); },
    .steps = [](const Context& ctx) { return default_steps(ctx, GrantVerb::revoke); },
};

}  // namespace mig::operations
