// The examples as the tests see them: a baseline and the plans of their migrations.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"

namespace mig::tests {

// Names of the folders of examples/ that hold a baseline.sql and migrations.
[[nodiscard]] std::vector<std::string> example_names();
// The text of an example's baseline.sql.
[[nodiscard]] std::string example_baseline(const std::string& name);
// Its migrations compiled against the baseline in a fresh database, in run order. Throws with the diagnostics'
// messages.
[[nodiscard]] std::vector<plan::Plan> example_plans(const std::string& name);

}  // namespace mig::tests
