// A column that is kept aside: what goes with it, what stays under another name, and the way back.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A constraint of the table, or of one below it, that has to go.
struct TableKey {
  catalog::Name table;
  catalog::Constraint constraint;
};

// Constraints over the column that hold new rows to it: checks, foreign keys, and those keys that a row written without
// the column could break.
[[nodiscard]] std::vector<TableKey> keys_to_drop(const Context& ctx, const catalog::Table& table,
                                                 const catalog::Column& column);
// What PostgreSQL drops along silently: keys and indexes over more than this column, one line each.
[[nodiscard]] std::vector<std::string> along_with(const catalog::Table& table, const std::string& column);

void remove_column(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                   const catalog::Column& column);
// Drops of foreign keys, the park, and its purge.
[[nodiscard]] std::vector<sql::Step> park_column_steps(const Context& ctx, const catalog::Table& table,
                                                       const catalog::Column& column);

}  // namespace mig::operations
