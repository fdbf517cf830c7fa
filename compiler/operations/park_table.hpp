// A table that goes: set aside with all that is part of it until purge, and home again on the way back.
#pragma once

#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The table with its partitions and what goes with them without a word: sequences, statistics, places in publications.
void remove_tables(catalog::Catalog& after, const catalog::Name& table);
// Its foreign keys to others are dropped, it moves to a schema of mig's, and purge destroys it.
[[nodiscard]] std::vector<sql::Step> park_steps(const Context& ctx, const catalog::Table& table);

}  // namespace mig::operations
