// drop domain default: columns of the domain that are left out become null.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/named_types.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain || !domain->default_.empty()) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, type_path(ctx, "domain").span,
              fmt::format("domain `{}` has no default", domain->name.text()))
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema count on the default of {}", domain_of_call(ctx).name.text()),
               fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  domain.default_.clear();
  after.put(std::move(domain));
}

std::vector<sql::Step> steps(const Context& ctx) { return change_default_steps(ctx, {}); }

}  // namespace

extern const Operation drop_domain_default;  // its line in operations.def finds it
constinit const Operation drop_domain_default = {
    .name = "drop_domain_default",
    .form = "drop domain default (domain path)",
    .summary = "Takes the default of a domain away.",
    .description =
        R"md(One instant statement; no table is locked and no row is written. The way back sets the default again. It belongs in
`contract`, since clients of the old schema may leave such a column out.
)md",
    .example = "set domain default money_amount to 0;\ndrop domain default money_amount;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
