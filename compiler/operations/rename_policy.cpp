// rename policy: no client knows its name.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/policies.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name& new_policy_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto at = require_policy(ctx);
  if (!at.policy || !require_name(ctx, new_policy_name(ctx))) return;
  const auto& name = new_policy_name(ctx);
  if (name.text == at.policy->name) {
    ctx.sink.report(diagnostics::nothing_to_do, name.span, fmt::format("the policy is called `{}` already", name.text))
        .note("take the line out");
    return;
  }
  const auto& policies = at.table->policies;
  if (std::any_of(policies.begin(), policies.end(), [&](const auto& policy) { return policy.name == name.text; }))
    ctx.sink.report(diagnostics::duplicate_name, name.span,
                    fmt::format("`{}` has a policy `{}` already", at.table->name.text(), sql::quote_ident(name.text)));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_policy(ctx);
  auto policy = *at.policy;
  policy.name = new_policy_name(ctx).text;
  put_policy(ctx, after, at.table->name, policy, at.policy->name);
}

sql::Step rename(const Context& ctx, const catalog::Name& table, const std::string& from, const std::string& to) {
  return transaction(
      ctx, fmt::format("rename policy {} of {} to {}", sql::quote_ident(from), table.text(), sql::quote_ident(to)),
      {statement(sql::sql("ALTER POLICY {} ON {} RENAME TO {}", Ident{from}, table.sql(), Ident{to}),
                 {lock(table, LockMode::access_exclusive)})},
      both(has_policy(table, to), negate(has_policy(table, from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_policy(ctx);
  const auto& table = at.table->name;
  const auto& from = at.policy->name;
  const auto& to = new_policy_name(ctx).text;
  auto step = rename(ctx, table, from, to);
  step.back = {rename(ctx, table, to, from)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("policy", table, from), catalog::key("policy", table, to), catalog::key("table", table)});
  return made;
}

}  // namespace

extern const Operation rename_policy;  // its line in operations.def finds it
constinit const Operation rename_policy = {
    .name = "rename_policy",
    .form = "rename policy (name name) on (table path) to (new name)",
    .summary = "Renames a policy.",
    .description =
        R"md(`ALTER POLICY … RENAME` takes ACCESS EXCLUSIVE on the table for an instant; the way back renames it back. No client
knows a policy by its name, and the order of names means nothing, so it may stand in `expand`.
)md",
    .example = "rename policy products_listed on products to products_public;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
