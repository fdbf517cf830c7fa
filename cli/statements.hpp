// The statements of the steps that one operation became, and the way back of those steps. Pure.
#pragma once

#include <string>
#include <vector>

#include "compiler/sql/step.hpp"

namespace mig::cli {

using Steps = std::vector<const sql::Step*>;

// In the order of the plan.
[[nodiscard]] std::vector<std::string> forward(const Steps& steps);
// The way back runs the steps in reverse, and each one's own in order.
[[nodiscard]] std::vector<std::string> backward(const Steps& steps);

// Does a statement name what mig itself made? That is gone, or called otherwise, when the new migration runs.
[[nodiscard]] bool names_mig(const std::string& text);

// Fits a statement to a pattern: {n} is a name as PostgreSQL prints it, {p} a path of such names, {*} anything, the
// rest stands for itself. Gives what stood in those places, in their order, into `found`.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text, std::vector<std::string>& found);

// The same text with small letters outside of quotes, bodies and comments, as people write it in files.
[[nodiscard]] std::string small_letters(const std::string& text);

}  // namespace mig::cli
