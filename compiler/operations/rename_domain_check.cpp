// rename domain check: one instant statement that no client notices.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& old_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }
const syntax::Name& new_name_of(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  if (!domain || !require_domain_check(ctx, *domain)) return;
  if (old_name(ctx).text != new_name_of(ctx).text) return void(require_new_check(ctx, *domain, new_name_of(ctx)));
  ctx.sink.report(diagnostics::nothing_to_do, new_name_of(ctx).span, "the check is called so already")
      .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  for (auto& each : domain.checks)
    if (each.name == old_name(ctx).text) each.name = new_name_of(ctx).text;
  sort_checks(domain);
  after.put(std::move(domain));
}

sql::Step rename(const Context& ctx, const catalog::Type& domain, const std::string& from, const std::string& to) {
  return transaction(ctx, fmt::format("rename check {} of domain {}", sql::quote_ident(from), domain.name.text()),
                     {statement(sql::sql("ALTER DOMAIN {} RENAME CONSTRAINT {} TO {}", domain.name.sql(),
                                         sql::Ident{from}, sql::Ident{to}))},
                     both(has_check(domain, to), negate(has_check(domain, from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  const auto& from = old_name(ctx).text;
  const auto& to = new_name_of(ctx).text;
  std::vector<sql::Step> made{rename(ctx, domain, from, to)};
  made.front().back = {rename(ctx, domain, to, from)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation rename_domain_check;  // its line in operations.def finds it
constinit const Operation rename_domain_check = {
    .name = "rename_domain_check",
    .form = "rename domain check (name name) on (domain path) to (new name)",
    .summary = "Renames a check of a domain.",
    .description =
        "One instant statement without a lock on any table; clients know the name at most from error messages.",
    .example = "rename domain check money_amount_check on money_amount to no_debts;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
