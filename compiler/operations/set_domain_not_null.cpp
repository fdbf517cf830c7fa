// set domain not null: no value of the domain may be null any more.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain) return;
  if (domain->not_null) {
    ctx.sink
        .report(diagnostics::nothing_to_do, type_path(ctx, "domain").span,
                fmt::format("domain `{}` is not null already", domain->name.text()))
        .note("take the line out");
    return;
  }
  (void)require_checkable(ctx, *domain);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema may still write null where {} is the type",
                           domain_of_call(ctx).name.text()),
               fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  domain.not_null = true;
  after.put(std::move(domain));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  std::vector<sql::Step> made{not_null_step(ctx, domain, true)};
  made.front().back = {not_null_step(ctx, domain, false)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation set_domain_not_null;  // its line in operations.def finds it
constinit const Operation set_domain_not_null = {
    .name = "set_domain_not_null",
    .form = "set domain not null (domain path)",
    .summary = "Forbids null in all columns of a domain.",
    .description =
        R"md(`ALTER DOMAIN … SET NOT NULL` takes SHARE on every table and materialized view with a column of the domain and reads
all of their rows: reads go on, writes wait. PostgreSQL has no way to do it in two parts. On large tables write
`set not null` on the columns, which stops nobody.

A null stops it (23502). The way back drops it. Refused where arrays, composite types or ranges hold the domain, as
PostgreSQL does. It belongs in `contract`: a client of the old schema may still write null.
)md",
    .example = "set domain not null money_amount;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
