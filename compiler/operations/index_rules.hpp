// What `add index` and `add unique index` have in common: their check and their steps.
#pragma once

#include "compiler/operations/indexes.hpp"

namespace mig::operations {

// The table of the call, or the materialized view as one.
[[nodiscard]] std::optional<catalog::Table> index_table(const Context& ctx);
// Reports everything that PostgreSQL would refuse.
void check_index(const Context& ctx, bool unique);
// The index of the call with those of the partitions.
[[nodiscard]] IndexTree planned_index(const Context& ctx, bool unique);
// All key columns were added by this phase: no client of the old schema writes them.
[[nodiscard]] bool only_new_columns(const Context& ctx, const catalog::Table& table, const catalog::Index& index);
[[nodiscard]] std::vector<sql::Step> add_index_steps(const Context& ctx, bool unique);

}  // namespace mig::operations
