// The examples as the tests see them: a baseline and the plans of their migrations.
#pragma once

#include <string>
#include <vector>

#include "compiler/compile.hpp"

namespace mig::tests {

// Names of the folders of examples/ that hold a baseline.sql and migrations.
[[nodiscard]] std::vector<std::string> example_names();
// The text of an example's baseline.sql.
[[nodiscard]] std::string example_baseline(const std::string& name);
// The migrations of a folder of the project compiled against a catalog. Throws with the diagnostics.
[[nodiscard]] Output compile_folder(const std::string& folder, catalog::Catalog catalog);
// Its migrations compiled against the baseline in a fresh database, in run order. Throws with the
// diagnostics.
[[nodiscard]] std::vector<plan::Plan> example_plans(const std::string& name);

}  // namespace mig::tests
