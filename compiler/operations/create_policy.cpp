// create policy: which rows a role sees and writes, once row security of the table is on.
#include <fmt/format.h>

#include "compiler/operations/policies.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }

void check(const Context& ctx) {
  const auto* table = require_policy_table(ctx);
  if (!table || !ctx.call.get<syntax::Name>("name") || !require_name(ctx, name(ctx))) return;
  if (find_policy(ctx).policy)
    ctx.sink
        .report(diagnostics::duplicate_name, name(ctx).span,
                fmt::format("`{}` has a policy `{}` already", table->name.text(), sql::quote_ident(name(ctx).text)))
        .note(fmt::format("write: replace policy {} on {} …", sql::quote_ident(name(ctx).text), table->name.text()));
  const auto policy = written_policy(ctx);
  check_policy_clauses(ctx, *table, policy.command);
  if (policy.using_.empty() && policy.check.empty())
    ctx.sink.report(diagnostics::wrong_clause, ctx.call.span, "a policy without a condition lets every row through")
        .note("write: using (…) for the rows that are seen, with check (…) for those that are written")
        .note("write: using (true) where that is what is meant");
}

// One more way to a row takes nothing from anybody; a condition for every other policy does.
std::optional<Break> breaks(const Context& ctx) {
  const auto* table = find_policy(ctx).table;
  if (written_policy(ctx).permissive) return std::nullopt;
  return narrows(ctx, *table, "clients of the old schema may see and write fewer rows under a restrictive policy");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  put_policy(ctx, after, find_policy(ctx).table->name, written_policy(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = find_policy(ctx).table->name;
  const auto policy = written_policy(ctx);
  const auto title = fmt::format("policy {} on {}", sql::quote_ident(policy.name), table.text());
  auto step =
      transaction(ctx, "create " + title, policy_statements(ctx, table, policy), has_policy(table, policy.name));
  step.back = {transaction(ctx, "drop " + title, {drop_policy_statement(table, policy.name)},
                           negate(has_policy(table, policy.name)))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("policy", table, policy.name), catalog::key("table", table)});
  return made;
}

}  // namespace

extern const Operation create_policy;  // its line in operations.def finds it
constinit const Operation create_policy = {
    .name = "create_policy",
    .form =
        "create policy (name name) on (table path) [as <permissive / restrictive>] "
        "[for <all / select / insert / update / delete>] [to (roles name_list)] [using (using condition)] "
        "[with check (check condition)]",
    .summary = "Says which rows a role sees and writes.",
    .description =
        R"md(`CREATE POLICY` takes ACCESS EXCLUSIVE on the table for an instant, and ACCESS SHARE on what its sub-selects read; it does
not go down to partitions, which row security asks only when they are queried by their own name. The way back is
`DROP POLICY`.

Policies count once row security of the table is on; a warning says where it is off at the end of the migration. Switched
on before the first policy is there, it hides every row from all but the owner: write the policies first.

A **permissive** policy is one more way to a row, so it may stand in `expand`. A **restrictive** one takes rows away from
all other policies: it belongs in `contract` where row security is on.

Without `to` it is for `public`, without `for` for all commands. `insert` takes only `with check`, `select` and `delete`
only `using`. Whether a role exists is the server's word (42704).
)md",
    .example =
        "create policy orders_owed on orders for select using (status <> 'paid');\n"
        "create policy orders_written on orders as restrictive for insert with check (total < 100000);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
    .advise = advise_row_security,
};

}  // namespace mig::operations
