// The MIG_ variables: each global flag is also one.
#pragma once

#include "cli/command.hpp"

namespace mig::cli {

// Refuses a MIG_ variable that looks like a misspelt one (it would silently choose another target), and a value that a
// switch does not take. Throws Failure(usage).
void check_variables(const Invocation& call);

}  // namespace mig::cli
