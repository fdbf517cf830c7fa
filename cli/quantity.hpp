// Durations as people write them in flags and mig.toml.
#pragma once

#include <optional>
#include <string_view>

namespace mig::cli {

// "500ms", "2s", "5min", "24h", "7d" in milliseconds; nullopt: not a duration, or longer than an int holds.
[[nodiscard]] std::optional<int> read_milliseconds(std::string_view text);

}  // namespace mig::cli
