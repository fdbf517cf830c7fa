// Two heads: migrations after the same one, in no order, that touch the same object.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// Reports each pair once, with the `after` line to write. `plans` are those of the program's migrations, in their
// order.
void report_heads(const ir::Program& program, const std::vector<Plan>& plans, diagnostics::Sink& sink);

}  // namespace mig::plan
