// drop domain not null: values of the domain may be null.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain || domain->not_null) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, type_path(ctx, "domain").span,
              fmt::format("domain `{}` allows null already", domain->name.text()))
      .note("take the line out");
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema may read null where {} is the type, and do not expect it",
                           domain_of_call(ctx).name.text()),
               fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  domain.not_null = false;
  after.put(std::move(domain));
}

// PostgreSQL would refuse to set it again where arrays or composite types hold the domain.
void no_way_back(sql::Step& step, const std::string& within) {
  step.back.clear();
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {fmt::format("not null of the domain: PostgreSQL cannot set it again, since {}", within)};
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  std::vector<sql::Step> made{not_null_step(ctx, domain, false)};
  made.front().back = {not_null_step(ctx, domain, true)};
  made.front().back.front().condition = no_null_of(ctx, domain);
  if (const auto within = held_within(ctx, domain); !within.empty()) no_way_back(made.front(), within);
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation drop_domain_not_null;  // its line in operations.def finds it
constinit const Operation drop_domain_not_null = {
    .name = "drop_domain_not_null",
    .form = "drop domain not null (domain path)",
    .summary = "Allows null in columns of a domain.",
    .description =
        R"md(One instant statement; no table is locked. The way back sets it again, which reads all rows of the domain under SHARE;
rows that hold null by then stand in its way and are listed before anything changes. Where arrays, composite types or
ranges hold the domain PostgreSQL cannot set it again: that is irreversible and wants `accept loss '…'`.

It belongs in `contract`: a client of the old schema may not know what to do with null.
)md",
    .example = "create domain percentage as numeric(5,2) not null;\ndrop domain not null percentage;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
