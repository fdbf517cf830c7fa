// What may hurt although it is right: one file for each hazard, ending with its entry. Found on finished plans.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"

namespace mig::hazards {

// One migration with its plan and the operations of its steps.
struct Context {
  const ir::Migration& migration;
  const plan::Draft& draft;
};

struct Finding {
  std::size_t step = 0;            // index in the plan
  std::string what;                // one line, as a diagnostic's message
  std::vector<std::string> notes;  // the way out
};

struct Hazard {
  // id "H0101", name as its file with dashes. A warning is reported; a note stands only in the plan's step.
  diagnostics::Code code;
  const char* description;  // Markdown: what happens, when, what to do
  std::vector<Finding> (*find)(const Context&);
};

// All hazards in the order of hazards.def.
[[nodiscard]] const std::vector<const Hazard*>& all();

// Writes the findings into the steps ("H0101 text") and reports those that are warnings at their operations.
void examine(const ir::Migration& migration, plan::Draft& draft, diagnostics::Sink& sink);

// docs/hazards.md.
[[nodiscard]] std::string documentation();

// A setting of the server as SHOW prints it ("1s", "500ms", "2min") in milliseconds; `fallback` where it is not known.
[[nodiscard]] long long setting_ms(const catalog::Server& server, const std::string& name, long long fallback);

}  // namespace mig::hazards
