// drop policy: the way back makes it again from the catalog.
#include <fmt/format.h>

#include "compiler/operations/policies.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) { (void)require_policy(ctx); }

// A permissive policy is a way to rows; without a restrictive one there are more of them.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_policy(ctx);
  if (!at.policy->permissive) return std::nullopt;
  return narrows(ctx, *at.table, "clients of the old schema may see rows only through it");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_policy(ctx);
  std::erase_if(after.edit_table(at.table->name).policies,
                [name = at.policy->name](const auto& policy) { return policy.name == name; });
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_policy(ctx);
  const auto& table = at.table->name;
  const auto title = fmt::format("policy {} of {}", sql::quote_ident(at.policy->name), table.text());
  auto step = transaction(ctx, "drop " + title, {drop_policy_statement(table, at.policy->name)},
                          negate(has_policy(table, at.policy->name)));
  step.back = {transaction(ctx, "bring back " + title, policy_statements(ctx, table, *at.policy),
                           has_policy(table, at.policy->name))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("policy", table, at.policy->name), catalog::key("table", table)});
  return made;
}

}  // namespace

extern const Operation drop_policy;  // its line in operations.def finds it
constinit const Operation drop_policy = {
    .name = "drop_policy",
    .form = "drop policy (name name) on (table path)",
    .summary = "Takes a policy away.",
    .description =
        R"md(`DROP POLICY` takes ACCESS EXCLUSIVE on the table for an instant. The way back makes the policy again as it was: command,
kind, roles, conditions, comment.

A permissive policy of a table with row security on belongs in `contract`: clients of the old schema may see rows only
through it, and without any policy only the owner sees rows.
)md",
    .example = "drop policy products_listed on products;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
