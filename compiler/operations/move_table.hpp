// A table and all that moves with it, to a schema of mig's and home again.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// What moves: SET SCHEMA takes indexes, constraints and owned sequences along, partitions it leaves where they are.
struct TableMove {
  std::string schema;                    // of mig's
  std::vector<catalog::Name> tables;     // the table and its partitions, as they are at home
  std::vector<catalog::Name> sequences;  // owned by them
};
[[nodiscard]] TableMove plan_move(const Context& ctx, const catalog::Table& table, std::string schema);
[[nodiscard]] std::vector<sql::Statement> move_away(const Context& ctx, const TableMove& move);
[[nodiscard]] std::vector<sql::Statement> move_home(const Context& ctx, const TableMove& move);
[[nodiscard]] std::vector<sql::Kept> kept_rows(const TableMove& move);

// Each row still finds the row that it refers to: what a foreign key needs to come back. `now` is where the table is
// when that is asked.
[[nodiscard]] sql::Condition no_orphans(const catalog::Name& table, const catalog::Constraint& key,
                                        const catalog::Name& now);

}  // namespace mig::operations
