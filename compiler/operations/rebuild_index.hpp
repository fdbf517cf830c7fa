// What `rebuild index` and `rebuild indexes of` have in common.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/index_at.hpp"

namespace mig::operations {

// An index that holds entries: itself, or the parts of a partitioned one.
[[nodiscard]] std::vector<IndexAt> leaves(const Context& ctx, const IndexAt& at);
// Each concurrently, one after the other. Nothing is there to undo.
[[nodiscard]] std::vector<sql::Step> rebuild_index_steps(const Context& ctx, const std::vector<IndexAt>& all,
                                                         const std::string& what);
// One that was not valid is so afterwards.
void rebuilt_indexes(catalog::Catalog& after, const std::vector<IndexAt>& all);

}  // namespace mig::operations
