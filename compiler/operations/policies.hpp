// Row security policies: found, written, rendered, changed with their way back.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct PolicyAt {
  const catalog::Table* table = nullptr;
  const catalog::Policy* policy = nullptr;
};
// The policy `name` on `table` of the call. Silent; members are null where there is none.
[[nodiscard]] PolicyAt find_policy(const Context& ctx);
// Reports what is missing, and that the role does not own the table.
[[nodiscard]] PolicyAt require_policy(const Context& ctx);
// The table of the call, owned by the role; a kind of table that takes policies.
[[nodiscard]] const catalog::Table* require_policy_table(const Context& ctx);

// The clauses `to`, `using` and `with check` of the call over `base`.
[[nodiscard]] catalog::Policy written_policy(const Context& ctx, catalog::Policy base);
// The same with `as` and `for`, for a policy that is new as a whole.
[[nodiscard]] catalog::Policy written_policy(const Context& ctx);
// Expressions: columns, aggregates, sub-selects; clauses that the command does not take; roles.
void check_policy_clauses(const Context& ctx, const catalog::Table& table, const std::string& command);
void put_policy(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const catalog::Policy& policy,
                const std::string& instead_of = {});

// Clients of the old schema see or write fewer rows than before: nullopt while row security is off.
[[nodiscard]] std::optional<Break> narrows(const Context& ctx, const catalog::Table& table, std::string_view why);
// The policy of the call is to become `wanted`: reports that it is so already, with what to do instead.
void require_policy_change(const Context& ctx, const PolicyAt& at, const catalog::Policy& wanted,
                           std::string_view note);
[[nodiscard]] std::optional<Break> policy_change_breaks(const Context& ctx);
// A policy on a table without row security does nothing.
void advise_row_security(const Context& ctx, const catalog::Catalog& after);

// ---- SQL ----
[[nodiscard]] sql::Statement create_policy_statement(const Context& ctx, const catalog::Name& table,
                                                     const catalog::Policy& policy);
// Creates it with its comment; names may be as a file has them, so that the locks are those of what they mean here.
[[nodiscard]] std::vector<sql::Statement> policy_statements(const Context& ctx, const catalog::Name& table,
                                                            const catalog::Policy& policy);
[[nodiscard]] sql::Statement drop_policy_statement(const catalog::Name& table, const std::string& policy);
[[nodiscard]] sql::Fragment has_policy(const catalog::Name& table, const std::string& policy);
// One transaction from `from` to `to`, policies of one name, and back: by ALTER POLICY where that can say it.
[[nodiscard]] std::vector<sql::Step> change_policy(const Context& ctx, const catalog::Table& table,
                                                   const catalog::Policy& from, const catalog::Policy& to);

}  // namespace mig::operations
