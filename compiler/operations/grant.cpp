// grant: rights for roles; the way back revokes exactly what was new.
#include "compiler/operations/grant_calls.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) { check_grant_call(ctx, GrantVerb::grant); }

void effect(const Context& ctx, catalog::Catalog& after) {
  for (const auto& change : changes_of_call(ctx, GrantVerb::grant))
    change.object.put(after, change.object.owner, change.after);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto changes = changes_of_call(ctx, GrantVerb::grant);
  const auto on = changes.size() == 1 ? changes.front().object.key : std::to_string(changes.size()) + " objects";
  return rights_steps(ctx, changes, "grant on " + on, "revoke on " + on);
}

}  // namespace

extern const Operation grant;  // its line in operations.def finds it
constinit const Operation grant = {
    .name = "grant",
    .form = "grant (privileges privileges) on " MIG_GRANT_OBJECTS " to (roles name_list) [with grant option]",
    .summary = "Gives roles rights on objects.",
    .description =
        R"md(The privileges are PostgreSQL's: `select`, `insert`, `update`, `delete`, `truncate`, `references`, `trigger` and `maintain` (17) of
tables and views, of which the first three and `references` may be limited to columns, `select (id, name)`; `usage`,
`select` and `update` of sequences; `usage` and `create` of schemas; `execute` of functions; `usage` of types and domains;
or `all`. `public` is every role.

`all tables in schema s` are the tables and views that are there when it is compiled; for those to come write
[grant default](#grant_default). Only what somebody has not yet is granted.

No lock on the tables before PostgreSQL 18, ACCESS SHARE from then on. The way back revokes what was new and nothing else:
rights, grant options and rights on single columns that were there before stay.
)md",
    .example =
        "grant select, update (status, note) on table orders to shop_reader;\n"
        "grant usage on sequence invoice_numbers to shop_reader with grant option;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
