// Every setting that mig goes by here, with where it was said: mig.toml, a flag, a variable, the server.
#pragma once

#include <string>
#include <vector>

#include "cli/connection.hpp"

namespace mig::cli {

struct Said {
  std::string name, value, origin;
};

// Of mig itself: the target, mig.toml's keys or their defaults, global flags and MIG_ variables that are given. An
// address is never among the values: it may hold a password.
[[nodiscard]] std::vector<Said> own_settings(const Invocation& call, const Project& project,
                                             const Connection& connection);

}  // namespace mig::cli
