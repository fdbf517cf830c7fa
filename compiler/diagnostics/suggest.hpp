// Did you mean: the nearest of some known words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mig::diagnostics {

// Optimal string alignment distance (insert, delete, replace, swap of neighbours), in bytes, ignoring ASCII case.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b);

// The candidates near enough to `word` to be meant (distance <= max(1, size/3)), nearest first, ties by name;
// at most `most` of them. A candidate equal but for case comes first.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                               std::size_t most = 3);

}  // namespace mig::diagnostics
