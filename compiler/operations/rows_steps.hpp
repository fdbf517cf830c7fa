// Steps of row operations: in batches along a key, or at once.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/rows_sql.hpp"

namespace mig::operations {

// In batches: the tables of mig's are made, then one batch after the other runs `batch`; `work.batches` says so. Else
// all of `batch` runs in the transaction that makes the tables. Each with its way back; then the purge of what is kept.
[[nodiscard]] std::vector<sql::Step> row_steps(const Context& ctx, const RowWork& work, std::string title,
                                               std::vector<sql::Statement> batch);

// What an expression's sub-selects read.
[[nodiscard]] std::vector<sql::Lock> query_locks(const Context& ctx, const syntax::Expr& expression);
// Its text as it stands in the file, safe to have more SQL behind it.
[[nodiscard]] sql::Fragment text_of(const Context& ctx, source::Span span);

}  // namespace mig::operations
