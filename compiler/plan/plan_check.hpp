// What holds of every plan beyond the types of its fields.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// The first breach in one line with a JSON pointer; empty where the plan is sound: ids are unique and follow their
// pattern, dependencies point to earlier steps, phases stand in order, what is not transactional has a probe.
[[nodiscard]] std::string inconsistency(const Plan& plan);

}  // namespace mig::plan
