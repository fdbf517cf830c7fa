// A small catalog made by hand, with one of most kinds of object.
#pragma once

#include "compiler/catalog/catalog.hpp"

namespace mig::tests {

// users <- orders (foreign key, index, check; parent of orders_old), users -> users; view totals, sequence, enum mood,
// composite point3, function f(integer), publication feed, schema public.
[[nodiscard]] catalog::Catalog shop();

}  // namespace mig::tests
