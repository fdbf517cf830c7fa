// Texts of the catalog model that hold several things.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/types/universe.hpp"

namespace mig::types {

// `a, numeric(10, 2), "x,y"` at its own commas.
[[nodiscard]] std::vector<std::string_view> listed(std::string_view text);
// What introspection writes of an aggregate: "kind n, …, direct 1, …".
void read_aggregate(Function& made, std::string_view definition);

}  // namespace mig::types
