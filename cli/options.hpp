// The command line and the MIG_ variables, read into an Invocation. Boost.Program_options stays in options.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace mig::cli {

// Reads the words after the program's name. Flags stand anywhere. Throws Failure(usage) with did-you-mean for unknown
// commands and flags, for values that a flag does not take, and for MIG_ variables that are near misses.
[[nodiscard]] Invocation parse_options(const std::vector<std::string>& words,
                                       std::map<std::string, std::string> variables);

// "MIG_NO_INPUT" for "no-input".
[[nodiscard]] std::string variable_of(std::string_view flag);

// "; did you mean `x`?" or "" .
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

// The variables of this process.
[[nodiscard]] std::map<std::string, std::string> process_variables();

// The version of mig.
[[nodiscard]] const char* version();

}  // namespace mig::cli
