// Durations: digits and a unit, the same units as in the language.
#include "cli/quantity.hpp"

#include <charconv>
#include <limits>
#include <utility>

namespace mig::cli {

std::optional<int> read_milliseconds(std::string_view text) {
  long long number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  for (const auto& [name, factor] : {std::pair<std::string_view, long long>{"ms", 1},
                                     {"s", 1000},
                                     {"min", 60'000},
                                     {"h", 3'600'000},
                                     {"d", 86'400'000}})
    if (unit == name && number <= std::numeric_limits<int>::max() / factor) return static_cast<int>(number * factor);
  return std::nullopt;
}

}  // namespace mig::cli
