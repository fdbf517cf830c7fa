// Logged and unlogged tables: the rewrite from one to the other, and what stands in its way.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// "permanent", "unlogged"
void check_persistence(const Context& ctx, const std::string& wanted);
void put_persistence(const Context& ctx, catalog::Catalog& after, const std::string& wanted);
[[nodiscard]] std::vector<sql::Step> persistence_steps(const Context& ctx, const std::string& wanted);

}  // namespace mig::operations
