// What a way back means for rows, in words.
#pragma once

#include <string>
#include <vector>

#include "runtime/stakes.hpp"

namespace mig::cli {

// "  rows lost: 0" where nothing is, then a line for each thing: what comes back, what goes aside. `lossy` where steps
// say themselves what is lost.
[[nodiscard]] std::string stakes_text(const std::vector<runtime::Stake>& stakes, bool lossy);

}  // namespace mig::cli
