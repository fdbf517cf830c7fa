// More about codes than their title: when it comes, and the ways out.
#pragma once

#include <string>
#include <string_view>

namespace mig::cli {

// A few lines; empty: the title says it all.
[[nodiscard]] std::string explanation(std::string_view code);

}  // namespace mig::cli
