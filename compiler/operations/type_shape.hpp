// How values of a type are kept, as pg_type says it: what a domain takes from its base.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct TypeShape {
  std::string category;  // typcategory
  int length = -1;       // typlen
  std::string storage;   // typstorage, as in the catalog
};
// `type` as format_type prints it. Total: a type that nobody knows is a user's own, of any length.
[[nodiscard]] TypeShape type_shape(const Context& ctx, const std::string& type);

}  // namespace mig::operations
