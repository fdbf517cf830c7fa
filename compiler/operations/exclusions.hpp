// Exclusion constraints: made and dropped in one statement, since PostgreSQL has no way to build one while writers go
// on (neither CONCURRENTLY nor USING INDEX).
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct Exclusion {
  catalog::Constraint constraint;
  catalog::Index index;
};

// What the call says, as it would stand in a table's definition.
[[nodiscard]] Exclusion exclusion_of_call(const Context& ctx, const catalog::Table& table);
// Adds it with all that hung on it (comments, options, statistics targets); the way back drops it.
[[nodiscard]] sql::Step add_exclusion_step(const Context& ctx, const catalog::Table& table, const Exclusion& exclusion);
[[nodiscard]] sql::Step drop_exclusion_step(const Context& ctx, const catalog::Table& table,
                                            const Exclusion& exclusion);
[[nodiscard]] std::vector<std::string> exclusion_touches(const catalog::Table& table, const Exclusion& exclusion);

}  // namespace mig::operations
