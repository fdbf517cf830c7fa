// What the statements of a way back share.
#pragma once

#include <vector>

#include "compiler/operations/rows_sql.hpp"

namespace mig::operations::rows {

// A foreign key of `child` that refers to a table: to it, one of its partitions, or the table that it is a partition
// of.
struct ReferringKey {
  const catalog::Table* child = nullptr;
  catalog::Constraint key;
};
[[nodiscard]] std::vector<ReferringKey> keys_to(const Context& ctx, const catalog::Table& table);

[[nodiscard]] std::vector<sql::Lock> back_locks(const Context& ctx, const RowWork& work, const RowPart& part);
// " AND (…)" for each foreign key of the part: the row `o` would find what it refers to. `if_changed`: keys that are
// the same in `n` are not asked.
[[nodiscard]] sql::Fragment refers_to_what_is_there(const RowPart& part, bool if_changed);
// Rows that were taken come back (rows_return.cpp).
[[nodiscard]] sql::Statement undo_taken(const Context& ctx, const RowWork& work, const RowPart& part);

}  // namespace mig::operations::rows
