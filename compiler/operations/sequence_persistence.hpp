// Logged and unlogged sequences.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// `persistence` as the catalog has it: permanent, unlogged.
void check_sequence_persistence(const Context& ctx, const std::string& persistence);
void sequence_persistence_effect(const Context& ctx, catalog::Catalog& after, const std::string& persistence);
[[nodiscard]] std::vector<sql::Step> sequence_persistence_steps(const Context& ctx, const std::string& persistence);

}  // namespace mig::operations
