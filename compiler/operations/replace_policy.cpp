// replace policy: a policy as it is written here, whatever it was before.
#include "compiler/operations/policies.hpp"

namespace mig::operations {

namespace {

// The comment stays.
catalog::Policy written(const Context& ctx) {
  auto policy = written_policy(ctx);
  policy.comment = find_policy(ctx).policy->comment;
  return policy;
}

void check(const Context& ctx) {
  const auto at = require_policy(ctx);
  if (!at.policy) return;
  const auto policy = written(ctx);
  check_policy_clauses(ctx, *at.table, policy.command);
  require_policy_change(ctx, at, policy, "take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  put_policy(ctx, after, find_policy(ctx).table->name, written(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_policy(ctx);
  return change_policy(ctx, *at.table, *at.policy, written(ctx));
}

}  // namespace

extern const Operation replace_policy;  // its line in operations.def finds it
constinit const Operation replace_policy = {
    .name = "replace_policy",
    .form =
        "replace policy (name name) on (table path) [as <permissive / restrictive>] "
        "[for <all / select / insert / update / delete>] [to (roles name_list)] [using (using condition)] "
        "[with check (check condition)]",
    .summary = "Makes a policy be as it is written here.",
    .description =
        R"md(The whole policy is written: what is left out is as in `create policy` (permissive, for all, to public), not as it was.
`ALTER POLICY` does it where that can: roles and expressions. A policy of another command or kind, or one that loses an
expression, is dropped and made anew in one transaction, so that no query runs without it; its comment stays. The way
back makes it what it was, in the same way.

It belongs in `contract` where row security is on: clients of the old schema may see fewer rows.
)md",
    .example = "replace policy products_listed on products for select using (state <> 'draft');",
    .check = check,
    .breaks = policy_change_breaks,
    .effect = effect,
    .steps = steps,
    .advise = advise_row_security,
};

}  // namespace mig::operations
