// The objects that a call names by kind and name: `table t`, `function f(integer)`, `all tables in schema s`.
#pragma once

#include <vector>

#include "compiler/operations/acl.hpp"

namespace mig::operations {

// Silent; objects that are not there are left out.
[[nodiscard]] std::vector<RightsObject> objects_of_call(const Context& ctx);
// Reports unknown names, functions that are ambiguous without argument types, schemas without such objects.
bool require_objects(const Context& ctx);

}  // namespace mig::operations
