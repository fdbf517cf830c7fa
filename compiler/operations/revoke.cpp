// revoke: takes rights away; the way back grants exactly what was taken.
#include <algorithm>

#include "compiler/operations/grant_calls.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) { check_grant_call(ctx, GrantVerb::revoke); }

std::optional<Break> breaks(const Context& ctx) {
  const auto changes = changes_of_call(ctx, GrantVerb::revoke);
  const bool ours = std::all_of(changes.begin(), changes.end(), [&](const RightsChange& change) {
    const auto* table = change.object.relation.name.empty() ? nullptr : ctx.before.table(change.object.relation);
    return table && made_here(ctx, *table);
  });
  if (ours) return std::nullopt;
  return Break{"clients of the old schema may use these rights", "write it in contract { … }"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  for (const auto& change : changes_of_call(ctx, GrantVerb::revoke))
    change.object.put(after, change.object.owner, change.after);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto changes = changes_of_call(ctx, GrantVerb::revoke);
  const auto on = changes.size() == 1 ? changes.front().object.key : std::to_string(changes.size()) + " objects";
  return rights_steps(ctx, changes, "revoke on " + on, "grant again on " + on);
}

}  // namespace

extern const Operation revoke;  // its line in operations.def finds it
constinit const Operation revoke = {
    .name = "revoke",
    .form = "revoke [grant option for] (privileges privileges) on " MIG_GRANT_OBJECTS " from (roles name_list)",
    .summary = "Takes rights from roles.",
    .description =
        R"md(The opposite of [grant](#grant), with the same privileges and objects. As in PostgreSQL, what is revoked from a table is
revoked from each of its columns too, and a revoke from one role takes nothing from `public`, by which that role may still
have the right. `grant option for` leaves the right itself.

Refused: what the role has granted on to others, who are listed; and a revoke that would change nothing, since what
another role granted only that role can revoke.

The way back grants again what was taken, grant options and single columns included. It belongs in `contract`.
)md",
    .example =
        "grant select, insert on table products to shop_reader with grant option;\n"
        "revoke grant option for insert on table products from shop_reader;\n"
        "revoke insert on table products from shop_reader;\n"
        "revoke execute on function product_label(bigint) from public;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
