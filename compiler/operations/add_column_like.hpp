// add column … like: a new column that is as another one.
#pragma once

#include <vector>

#include "compiler/operations/add_column.hpp"

namespace mig::operations {

// `like other.column` of the call, or null.
[[nodiscard]] const syntax::Path* like_path(const Context& ctx);
void check_like(const Context& ctx, const catalog::Table& table);
void put_like(const Context& ctx, catalog::Catalog& after, const catalog::Table& table);
[[nodiscard]] std::vector<sql::Step> like_steps(const Context& ctx, const catalog::Table& table);

}  // namespace mig::operations
