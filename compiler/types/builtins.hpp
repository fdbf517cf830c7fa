// PostgreSQL's own part of a universe, from the table in builtins.def.
#pragma once

#include "compiler/types/universe.hpp"

namespace mig::types {

// Adds what a server of this major version has after initdb.
void add_builtins(Universe& universe, int major);

}  // namespace mig::types
