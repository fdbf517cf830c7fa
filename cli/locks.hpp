// PostgreSQL's lock modes in words, for mig explain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sql/step.hpp"

namespace mig::cli {

// "access exclusive", "ACCESS_EXCLUSIVE", "AccessExclusiveLock".
[[nodiscard]] std::optional<sql::LockMode> find_lock(std::string_view words);
[[nodiscard]] std::vector<std::string> lock_names();
// Who takes it, what waits for it.
[[nodiscard]] std::string explain_lock(sql::LockMode mode);

}  // namespace mig::cli
