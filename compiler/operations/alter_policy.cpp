// alter policy: other roles or conditions of a policy; what is not written stays.
#include "compiler/operations/policies.hpp"

namespace mig::operations {

namespace {

catalog::Policy written(const Context& ctx) { return written_policy(ctx, *find_policy(ctx).policy); }

void check(const Context& ctx) {
  const auto at = require_policy(ctx);
  if (!at.policy) return;
  check_policy_clauses(ctx, *at.table, at.policy->command);
  const auto policy = written(ctx);
  require_policy_change(ctx, at, policy, "write: to …, using (…) or with check (…) with what is to change");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  put_policy(ctx, after, find_policy(ctx).table->name, written(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_policy(ctx);
  return change_policy(ctx, *at.table, *at.policy, written(ctx));
}

}  // namespace

extern const Operation alter_policy;  // its line in operations.def finds it
constinit const Operation alter_policy = {
    .name = "alter_policy",
    .form =
        "alter policy (name name) on (table path) [to (roles name_list)] [using (using condition)] "
        "[with check (check condition)]",
    .summary = "Changes the roles or conditions of a policy.",
    .description =
        R"md(`ALTER POLICY` takes ACCESS EXCLUSIVE on the table for an instant, and ACCESS SHARE on what its sub-selects read. What is
not written stays. The way back sets what was there; a condition that was not there before is taken away by making the
policy anew, since `ALTER POLICY` cannot. For another command or kind write [replace policy](#replace_policy).

It belongs in `contract` where row security is on: clients of the old schema may see fewer rows.
)md",
    .example = "alter policy products_listed on products using (state = 'listed' and price > 0);",
    .check = check,
    .breaks = policy_change_breaks,
    .effect = effect,
    .steps = steps,
    .advise = advise_row_security,
};

}  // namespace mig::operations
