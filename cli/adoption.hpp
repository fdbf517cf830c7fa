// mig apply --adopt: a database that has already what migrations make is taken over, migration by migration.
#pragma once

#include "cli/output.hpp"
#include "cli/project.hpp"
#include "compiler/sql/step.hpp"

namespace mig::cli {

// Plans the pending migrations that the arguments name as they would have run on what they began from, or takes
// plan.json files; records those whose probes all hold as applied up to `through`, in their order. Returns the exit
// code: 1 where one does not hold.
[[nodiscard]] int adopt(const Invocation& call, const Project& project, sql::Phase through, const Output& output);

}  // namespace mig::cli
