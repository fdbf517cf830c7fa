// A plan made by hand on the example world, with every kind of action: for tests of what comes after planning.
#pragma once

#include "compiler/plan/plan.hpp"

namespace mig::tests {

// Makes table tickets (kept aside on the way back, and revived), adds orders.used, builds an index, parks orders.note
// and table users, purges both.
[[nodiscard]] plan::Plan sample_plan(int server_major);
// Its expand part alone, as a migration without contract.
[[nodiscard]] plan::Plan sample_expand(int server_major);

// One of everything that only looks, around a column that is added and one that is parked: a measurement, a backup, a
// requirement, a checkpoint ("looked"), an assertion, the gate of contract; and a window.
[[nodiscard]] plan::Plan waiting_plan();

}  // namespace mig::tests
