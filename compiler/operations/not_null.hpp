// NOT NULL on rows that exist: proven first, under a lock that lets readers and writers go on.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A validated CHECK of the table that says `column IS NOT NULL`, or null: SET NOT NULL then reads no row.
[[nodiscard]] const catalog::Constraint* proof(const catalog::Table& table, const std::string& column);

// From nullable to NOT NULL. 13 to 17: CHECK NOT VALID, VALIDATE, SET NOT NULL which sees the check, drop it. 18: the
// same by a named NOT NULL constraint. `proven`: one statement. Each step has its way back.
[[nodiscard]] std::vector<sql::Step> set_not_null_steps(const Context& ctx, const catalog::Name& table,
                                                        const std::string& column, bool proven,
                                                        const std::string& name18 = {});
// NOT NULL as it was before a drop: on the table and on those of its members that had it, by online steps. `asked` is
// the column's name while the way back has not begun. Empty where nothing had it.
[[nodiscard]] std::vector<sql::Step> not_null_back(const Context& ctx, const catalog::Name& table,
                                                   const std::string& column, const std::string& asked, bool fresh);
// The topmost members of the table's tree (the table itself, or some below it) where the column is not null.
[[nodiscard]] std::vector<catalog::Name> not_null_heads(const Context& ctx, const catalog::Name& table,
                                                        const std::string& column);
[[nodiscard]] sql::Statement nullable(const Context& ctx, const catalog::Name& table, const std::string& column);

}  // namespace mig::operations
