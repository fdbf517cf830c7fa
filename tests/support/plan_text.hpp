// A plan as people compare it: every field of its steps that an operation decides.
#pragma once

#include <string>

#include "compiler/plan/plan.hpp"

namespace mig::tests {

[[nodiscard]] std::string plan_text(const plan::Plan& plan);

}  // namespace mig::tests
