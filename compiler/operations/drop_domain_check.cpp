// drop domain check: instant; the way back adds it again and reads the rows.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const std::string& name(const Context& ctx) { return ctx.call.get<syntax::Name>("name")->text; }

void check(const Context& ctx) {
  if (const auto* domain = require_own_domain(ctx)) (void)require_domain_check(ctx, *domain);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  std::erase_if(domain.checks, [&](const auto& each) { return each.name == name(ctx); });
  after.put(std::move(domain));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  auto old = *check_named(domain, name(ctx));
  auto step = drop_check_step(ctx, domain, old.name);
  const auto within = old.validated ? held_within(ctx, domain) : std::string{};
  if (!within.empty()) {
    old.validated = false;
    step.reversibility = sql::Reversibility::lossy;
    step.loss = {fmt::format("that the check was validated: PostgreSQL cannot do it again, since {}", within)};
  }
  step.back = add_check_steps(ctx, domain, old);
  if (old.validated) step.back.front().condition = no_row_breaks(ctx, domain, old);
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation drop_domain_check;  // its line in operations.def finds it
constinit const Operation drop_domain_check = {
    .name = "drop_domain_check",
    .form = "drop domain check (name name) on (domain path)",
    .summary = "Drops a check of a domain.",
    .description =
        R"md(One instant statement; no table is locked. No client notices.

The way back adds it again, `NOT VALID` and then `VALIDATE`, under its name. Values written in between may break it: they
stand in its way and are listed before anything changes. Where arrays, composite types or ranges hold the domain
PostgreSQL cannot validate it again: that is lossy and wants `accept loss '…'`.
)md",
    .example = "drop domain check money_amount_check on money_amount;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
