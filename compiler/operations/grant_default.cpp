// grant default: rights on what a role will make from now on.
#include "compiler/operations/default_privileges.hpp"

namespace mig::operations {

extern const Operation grant_default;  // its line in operations.def finds it
constinit const Operation grant_default = {
    .name = "grant_default",
    .form = "grant default (privileges privileges) on " MIG_DEFAULT_OBJECTS " to (roles name_list) [with grant option]",
    .summary = "Gives roles rights on the objects that a role will make.",
    .description =
        R"md(`ALTER DEFAULT PRIVILEGES`: what is there already keeps its rights (for that write `grant … on all tables in schema`), and what
another role makes is not concerned. `made by` names the role that makes them, which the session's role must be a member
of; without it it is the session's role itself, so everything that migrations make. `in schema` limits it to one schema.

`tables` are also views and materialized views. No lock. The way back sets the defaults that were there before; objects
made meanwhile keep their rights.
)md",
    .example = "grant default select on tables made by postgres in schema public to shop_reader;",
    .check = [](const Context& ctx) { check_default(ctx, GrantVerb::grant); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { default_effect(ctx, GrantVerb::grant, after); },
    .steps = [](const Context& ctx) { return default_steps(ctx, GrantVerb::grant); },
};

}  // namespace mig::operations
