// A unified diff of two texts, for mig fmt --diff.
#pragma once

#include <string>
#include <string_view>

namespace mig::cli {

// "--- a", "+++ b" and hunks with three lines of context; empty when the texts are equal.
[[nodiscard]] std::string unified_diff(std::string_view left, std::string_view right, const std::string& left_name,
                                       const std::string& right_name);

}  // namespace mig::cli
