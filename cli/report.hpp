// Diagnostics as JSON, and the fixes that need no question.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/project.hpp"
#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::cli {

// code, name, severity, message, place, labels, notes, fix.
[[nodiscard]] nlohmann::ordered_json as_json(const diagnostics::Diagnostic& diagnostic, const source::Files& files);

// Writes the fixes into their files, from the last to the first; of two that overlap the first is taken. How many.
[[nodiscard]] int write_fixes(const Project& project, const std::vector<diagnostics::Diagnostic>& list,
                              const source::Files& files);

}  // namespace mig::cli
