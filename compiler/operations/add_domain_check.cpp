// add domain check: NOT VALID, then VALIDATE.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

namespace {

const syntax::Name* name(const Context& ctx) { return ctx.call.get<syntax::Name>("name"); }
const syntax::Expr& condition(const Context& ctx) { return *ctx.call.get<syntax::Expr>("condition"); }

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain) return;
  if (name(ctx)) (void)require_new_check(ctx, *domain, *name(ctx));
  (void)require_domain_condition(ctx, condition(ctx));
  (void)require_checkable(ctx, *domain);
}

catalog::DomainCheck check_of(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  return {name(ctx) ? name(ctx)->text : domain_check_name(ctx, domain), text_of(ctx, condition(ctx)), true};
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{
      fmt::format("clients of the old schema may write values of {} that it refuses", domain_of_call(ctx).name.text()),
      "write it in contract { … }, once all clients keep the rule"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  domain.checks.push_back(check_of(ctx));
  sort_checks(domain);
  after.put(std::move(domain));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  const auto made_check = check_of(ctx);
  auto made = add_check_steps(ctx, domain, made_check);
  made.front().back = {drop_check_step(ctx, domain, made_check.name)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation add_domain_check;  // its line in operations.def finds it
constinit const Operation add_domain_check = {
    .name = "add_domain_check",
    .form = "add domain check [(name name)] on (domain path) (condition condition)",
    .summary = "Adds a condition that all values of a domain must fulfil.",
    .description =
        R"md(Two transactions: `ADD CONSTRAINT … NOT VALID` locks no table, and new values are checked from then on;
`VALIDATE CONSTRAINT` then takes SHARE on every table and materialized view with a column of the domain and reads all of
their rows: reads go on, writes wait (PostgreSQL has no weaker lock for it, 13 to 18). Where no column is of the domain
one statement does. In the condition the value is called `value`.

Without a name it gets the one that PostgreSQL would choose: `money_amount_check`, with a number where that is taken.

Refused: sub-selects, aggregates, and domains that arrays, composite types or ranges hold, as PostgreSQL does. It belongs
in `contract`: old clients may write values that it refuses.
)md",
    .example = "add domain check money_amount_limit on money_amount (value < 100000);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
