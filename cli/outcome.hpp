// How a run ended, for people and tools.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/failure.hpp"
#include "cli/target.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

// The exit code of the process: 130 or 143 by the signal that came, else the outcome's own.
[[nodiscard]] int exit_of(const runtime::Outcome& outcome);
// The runtime does not know how its target was named: the commands that an outcome says to type get the flag.
[[nodiscard]] runtime::Outcome on_target(runtime::Outcome outcome, const Choice& choice);
[[nodiscard]] Failure failure_of(const runtime::Outcome& outcome);
// migration, state, exit, and `error` with the four parts where there is one.
[[nodiscard]] nlohmann::ordered_json as_json(const std::string& migration, const runtime::Outcome& outcome);

}  // namespace mig::cli
