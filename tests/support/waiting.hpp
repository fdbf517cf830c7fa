// Migrations that wait: compiled from text on a real database, run by the executor, with days that pass.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"
#include "runtime/executor.hpp"
#include "tests/support/sample_plan.hpp"

namespace mig::tests {

// The plan of the one migration of this text on this database as it is now; a failed test with the diagnostics where it
// does not compile.
[[nodiscard]] plan::Plan compiled(const runtime::Target& target, const std::string& text);
// The same for several files, in run order.
[[nodiscard]] std::vector<plan::Plan> compiled_all(const runtime::Target& target,
                                                   const std::vector<std::string>& texts);

// Everything that mig wrote down in this database happened so much earlier: "24 hours".
void pass_time(const runtime::Target& target, const std::string& interval);

// `mig apply`, as a cron job calls it, or with what a person adds.
[[nodiscard]] runtime::Outcome go(const runtime::Target& target, const plan::Plan& plan,
                                  std::optional<sql::Phase> through = std::nullopt,
                                  std::vector<std::string> approve = {}, Story* story = nullptr);

}  // namespace mig::tests
