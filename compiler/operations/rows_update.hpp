// Rows that get other values: for update, and for operations that change what rows may hold.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/rows_sql.hpp"

namespace mig::operations {

struct RowUpdate {
  std::vector<std::string> columns;                     // that are set
  sql::Fragment set, condition;                         // `a = 1, b = DEFAULT`; of which rows
  std::vector<sql::Lock> value_locks, condition_locks;  // what sub-selects in them read
};
// In batches along the key where the relation has one, else at once; with way back and purge.
[[nodiscard]] std::vector<sql::Step> update_steps(const Context& ctx, RowsOf of, const RowUpdate& update);
// A key that others follow to null or a default cannot be followed back: reported at the call's hole `table`.
bool require_no_followers(const Context& ctx, const catalog::Table& table, const std::vector<std::string>& columns);

}  // namespace mig::operations
