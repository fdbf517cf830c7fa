// Who may change a target, and what has to be said first (docs/cli.md, Prompts).
#pragma once

#include <string>

#include "cli/connection.hpp"
#include "cli/prompt.hpp"

namespace mig::cli {

// What --yes says about this target: nothing, or that the plan was read. A protected target wants --yes=NAME; a bare
// --yes, or another target's name, is refused: Failure(decide).
[[nodiscard]] bool said_yes(const Invocation& call, const Connection& connection);

// The flag that would have answered: "--yes", or "--yes=production".
[[nodiscard]] std::string yes_flag(const Connection& connection);

// Nothing was wanted: Failure(decide).
[[nodiscard]] Failure declined();

}  // namespace mig::cli
