// The index by which CLUSTER orders the rows of a table.
#pragma once

#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

// Its value is the name of the index.
extern const TableSetting cluster_index;
// An own table that CLUSTER takes; reports others.
[[nodiscard]] const catalog::Table* require_clustered_table(const Context& ctx);

}  // namespace mig::operations
