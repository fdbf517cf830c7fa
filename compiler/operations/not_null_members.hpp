// NOT NULL in a tree of tables: before PostgreSQL 18 an inheritor has it or not, whatever its parent says, and so has a
// partition of a table that allows null.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The rule that is set or dropped; `only`: on this table, not on its inheritors.
struct NotNull {
  const Context& ctx;
  catalog::Name table;
  std::string column;
  bool only = false;
  // As ALTER TABLE names it.
  [[nodiscard]] sql::Fragment target() const;
  [[nodiscard]] std::vector<sql::Lock> locks(sql::LockMode mode) const;
};

// As set_not_null_steps of not_null.hpp.
[[nodiscard]] std::vector<sql::Step> set_not_null_steps(const NotNull& rule, bool proven, const std::string& name18);
// Takes NOT NULL from the table and from those members that were nullable before.
[[nodiscard]] std::vector<sql::Statement> nullable_again(const NotNull& rule);
// True for a composite type, a row type, and a domain over one.
[[nodiscard]] bool is_composite(const Context& ctx, const catalog::Name& table, const std::string& column);

}  // namespace mig::operations
