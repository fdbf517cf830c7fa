// Domains and the rows that hold their values: what reads them, under which locks, and which of them are in the way.
#include <fmt/format.h>

#include "compiler/operations/domains.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_uses.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

// `condition` is said of `value`, a column of this name.
std::optional<sql::Condition> no_row(const Context& ctx, const catalog::Type& domain, std::string text,
                                     const Fragment& condition) {
  std::vector<Fragment> parts;
  for (const auto& use : uses_of(ctx, domain.name))
    if (use.directly)
      parts.push_back(
          sql::sql("SELECT {} AS relation, {} AS \"column\", _mig_r.ctid FROM {}{} _mig_r, "
                   "LATERAL (SELECT _mig_r.{}::{} AS value) _mig_v WHERE {}",
                   Literal{use.relation.text()}, Literal{use.column}, use.view ? Fragment{} : sql::sql("ONLY "),
                   use.relation.sql(), Ident{use.column}, expression(domain.base), condition));
  if (parts.empty()) return std::nullopt;
  return sql::Condition{std::move(text), sql::join(parts, " UNION ALL ")};
}

sql::Step plain_add(const Context& ctx, const catalog::Type& domain, const catalog::DomainCheck& check,
                    bool not_valid) {
  auto add = add_check_statement(domain, check, not_valid);
  if (not_valid) add.reason = "NOT VALID: the rows are read in the next transaction";
  std::vector<sql::Statement> statements{std::move(add)};
  if (!check.comment.empty()) statements.push_back(comment_statement(domain, check));
  return transaction(ctx, fmt::format("add check {} of domain {}", sql::quote_ident(check.name), domain.name.text()),
                     std::move(statements), has_check(domain, check.name));
}

}  // namespace

std::vector<sql::Lock> locks_of_rows(const Context& ctx, const catalog::Type& domain) {
  std::vector<sql::Lock> locks;
  for (const auto& use : uses_of(ctx, domain.name))
    if (use.directly) locks.push_back(lock(use.relation, sql::LockMode::share));
  return locks;
}

std::string held_within(const Context& ctx, const catalog::Type& domain) {
  for (const auto& use : uses_of(ctx, domain.name))
    if (!use.directly)
      return fmt::format("{}.{} is of type {}", use.relation.text(), sql::quote_ident(use.column), use.type);
  return {};
}

bool require_checkable(const Context& ctx, const catalog::Type& domain) {
  const auto within = held_within(ctx, domain);
  if (within.empty()) return true;
  ctx.sink
      .report(diagnostics::still_needed, type_path(ctx, "domain").span,
              fmt::format("values of `{}` stand within other types, where PostgreSQL does not check them",
                          domain.name.text()))
      .note("found: " + within)
      .note("the server refuses it (0A000): give that column another type before");
  return false;
}

std::optional<sql::Condition> no_row_breaks(const Context& ctx, const catalog::Type& domain,
                                            const catalog::DomainCheck& check) {
  return no_row(ctx, domain, fmt::format("no value of {} breaks check {}", domain.name.text(), check.name),
                sql::sql("NOT ({})", expression(check.expression)));
}

std::optional<sql::Condition> no_null_of(const Context& ctx, const catalog::Type& domain) {
  return no_row(ctx, domain, fmt::format("no value of {} is null", domain.name.text()), sql::sql("value IS NULL"));
}

std::vector<sql::Step> add_check_steps(const Context& ctx, const catalog::Type& domain,
                                       const catalog::DomainCheck& check) {
  const bool rows = !uses_of(ctx, domain.name).empty();
  std::vector<sql::Step> steps{plain_add(ctx, domain, check, rows || !check.validated)};
  if (rows && check.validated) steps.push_back(validate_check_step(ctx, domain, check));
  return steps;
}

sql::Step validate_check_step(const Context& ctx, const catalog::Type& domain, const catalog::DomainCheck& check) {
  return transaction(
      ctx, fmt::format("validate check {} of domain {}", sql::quote_ident(check.name), domain.name.text()),
      {statement(sql::sql("ALTER DOMAIN {} VALIDATE CONSTRAINT {}", domain.name.sql(), Ident{check.name}),
                 locks_of_rows(ctx, domain), sql::Work::scan,
                 "PostgreSQL has no weaker lock for it: reads go on, writes wait")},
      check_is_validated(domain, check.name));
}

sql::Step not_null_step(const Context& ctx, const catalog::Type& domain, bool not_null) {
  const auto there = type_is(domain.name, sql::sql(" AND t.typnotnull"));
  const auto name = domain.name.text();
  if (!not_null)
    return transaction(ctx, "drop not null of domain " + name,
                       {statement(sql::sql("ALTER DOMAIN {} DROP NOT NULL", domain.name.sql()))}, negate(there));
  return transaction(ctx, "set not null of domain " + name,
                     {statement(sql::sql("ALTER DOMAIN {} SET NOT NULL", domain.name.sql()), locks_of_rows(ctx, domain),
                                sql::Work::scan, "PostgreSQL reads every row of the domain: reads go on, writes wait")},
                     there);
}

}  // namespace mig::operations
