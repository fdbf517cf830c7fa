// validate domain check: the rows that were there before a check that was added NOT VALID.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }

void check(const Context& ctx) {
  const auto* domain = require_own_domain(ctx);
  const auto* found = domain ? require_domain_check(ctx, *domain) : nullptr;
  if (!found) return;
  if (found->validated) {
    ctx.sink.report(diagnostics::nothing_to_do, name(ctx).span, "the check is validated already")
        .note("take the line out");
    return;
  }
  (void)require_checkable(ctx, *domain);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto domain = domain_of_call(ctx);
  for (auto& each : domain.checks)
    if (each.name == name(ctx).text) each.validated = true;
  after.put(std::move(domain));
}

// PostgreSQL takes no validation back: the check goes and comes NOT VALID, in one transaction.
sql::Step not_valid_again(const Context& ctx, const catalog::Type& domain, const catalog::DomainCheck& old) {
  auto drop = drop_check_step(ctx, domain, old.name);
  auto statements = std::get<sql::Transaction>(drop.action).statements;
  statements.push_back(add_check_statement(domain, old, true));
  if (!old.comment.empty()) statements.push_back(comment_statement(domain, old));
  return transaction(
      ctx, fmt::format("check {} of domain {} not valid", sql::quote_ident(old.name), domain.name.text()),
      std::move(statements), both(has_check(domain, old.name), negate(check_is_validated(domain, old.name))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& domain = domain_of_call(ctx);
  const auto& old = *check_named(domain, name(ctx).text);
  std::vector<sql::Step> made{validate_check_step(ctx, domain, old)};
  made.front().back = {not_valid_again(ctx, domain, old)};
  finish(made, {catalog::key("type", domain.name)});
  return made;
}

}  // namespace

extern const Operation validate_domain_check;  // its line in operations.def finds it
constinit const Operation validate_domain_check = {
    .name = "validate_domain_check",
    .form = "validate domain check (name name) on (domain path)",
    .summary = "Holds the rows that were there to a check of a domain that was added NOT VALID.",
    .description =
        R"md(`VALIDATE CONSTRAINT` takes SHARE on every table and materialized view with a column of the domain and reads all of
their rows: reads go on, writes wait. A value that breaks the check stops it (23514). New values were held to the check
before.

The way back makes it NOT VALID again. Refused where arrays, composite types or ranges hold the domain, as PostgreSQL
does.
)md",
    .example = "validate domain check money_amount_known on money_amount;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
