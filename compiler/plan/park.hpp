// The schema that holds dropped tables: made and removed around the steps that use it.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// Adds to each transaction that moves something into `schema` its creation, and to each that empties it its removal.
void wrap_parking(std::vector<sql::Step>& steps, const std::string& schema);

}  // namespace mig::plan
