// Domains: their default, not null and checks, and the rows that those hold for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

[[nodiscard]] std::vector<sql::Statement> create_domain_statements(const catalog::Type& domain);
// The domain of a call with the hole `domain`.
[[nodiscard]] const catalog::Type* require_own_domain(const Context& ctx);
[[nodiscard]] const catalog::Type& domain_of_call(const Context& ctx);
// VALUE is all that a condition of a domain may mention.
bool require_domain_condition(const Context& ctx, const syntax::Expr& condition);

// ---- checks ----
[[nodiscard]] const catalog::DomainCheck* check_named(const catalog::Type& domain, const std::string& name);
// The check that the holes `name` and `domain` mean; reports a name that is not there.
[[nodiscard]] const catalog::DomainCheck* require_domain_check(const Context& ctx, const catalog::Type& domain);
bool require_new_check(const Context& ctx, const catalog::Type& domain, const syntax::Name& name);
// The name that PostgreSQL would choose.
[[nodiscard]] std::string domain_check_name(const Context& ctx, const catalog::Type& domain);
void sort_checks(catalog::Type& domain);
// NOT VALID, then VALIDATE, without ways back; one statement where no row is of the domain.
[[nodiscard]] std::vector<sql::Step> add_check_steps(const Context& ctx, const catalog::Type& domain,
                                                     const catalog::DomainCheck& check);
[[nodiscard]] sql::Step validate_check_step(const Context& ctx, const catalog::Type& domain,
                                            const catalog::DomainCheck& check);
[[nodiscard]] sql::Statement add_check_statement(const catalog::Type& domain, const catalog::DomainCheck& check,
                                                 bool not_valid);
// Its comment comes back with it.
[[nodiscard]] sql::Statement comment_statement(const catalog::Type& domain, const catalog::DomainCheck& check);
[[nodiscard]] sql::Step drop_check_step(const Context& ctx, const catalog::Type& domain, const std::string& check);
[[nodiscard]] sql::Fragment has_check(const catalog::Type& domain, const std::string& check);
[[nodiscard]] sql::Fragment check_is_validated(const catalog::Type& domain, const std::string& check);

// ---- rows ----
// SHARE on everything that stores values of it: nobody writes while its rows are read.
[[nodiscard]] std::vector<sql::Lock> locks_of_rows(const Context& ctx, const catalog::Type& domain);
// PostgreSQL looks only at columns of the domain itself: it refuses where arrays, composite types or ranges hold it.
[[nodiscard]] std::string held_within(const Context& ctx, const catalog::Type& domain);
bool require_checkable(const Context& ctx, const catalog::Type& domain);
// Rows in the way of a check or of not null; nullopt where no column is of the domain.
[[nodiscard]] std::optional<sql::Condition> no_row_breaks(const Context& ctx, const catalog::Type& domain,
                                                          const catalog::DomainCheck& check);
[[nodiscard]] std::optional<sql::Condition> no_null_of(const Context& ctx, const catalog::Type& domain);

// ---- default and not null ----
[[nodiscard]] sql::Statement default_statement(const catalog::Type& domain, const std::string& value);
[[nodiscard]] std::vector<sql::Step> change_default_steps(const Context& ctx, const std::string& value);
[[nodiscard]] sql::Step not_null_step(const Context& ctx, const catalog::Type& domain, bool not_null);

}  // namespace mig::operations
