// The schema that holds dropped tables: made and removed around the steps that use it.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::plan {

// Adds to each transaction that moves something into a schema of mig's the creation of that schema, and to each that
// takes something out of it its removal when empty. Ways back park too: what new clients wrote into a table that goes
// again.
void wrap_parking(std::vector<sql::Step>& steps);

}  // namespace mig::plan
