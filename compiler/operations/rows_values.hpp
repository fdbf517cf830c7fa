// Rows that stand in the file: insert and upsert.
#pragma once

#include <vector>

#include "compiler/operations/rows_steps.hpp"

namespace mig::operations {

using RowValues = std::vector<std::vector<syntax::Expr>>;

// As many values as columns in each row, none of them with a column of a table in it.
bool check_values(const Context& ctx, const std::vector<syntax::Name>& columns, const RowValues& rows);
// (1, 'a'),\n  (2, 'b')
[[nodiscard]] sql::Fragment values_of(const Context& ctx, const RowValues& rows);
[[nodiscard]] std::vector<sql::Lock> values_locks(const Context& ctx, const RowValues& rows);
// " OVERRIDING SYSTEM VALUE" where one of the columns would refuse a value otherwise.
[[nodiscard]] sql::Fragment overriding(const catalog::Table& table, const std::vector<std::string>& columns);
[[nodiscard]] std::vector<std::string> texts(const std::vector<syntax::Name>& names);
// Columns that take no null and have nothing of their own to put there.
bool require_filled(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns);

}  // namespace mig::operations
