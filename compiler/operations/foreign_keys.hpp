// What PostgreSQL demands of a foreign key: a unique key to refer to, types that compare.
#pragma once

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Reports what is wrong with these columns of `table` referring to `reference`; true when nothing is.
bool require_foreign_key(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns,
                         const syntax::Reference& reference);

// An index whose first columns are these, in any order: without one each delete in the referenced table reads all of
// this one.
[[nodiscard]] bool has_index_on(const catalog::Table& table, const std::vector<std::string>& columns);

}  // namespace mig::operations
