// Every text of a catalog that the server keeps as a tree and prints anew: expressions, definitions, types.
#pragma once

#include <functional>
#include <string>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// Changes a text; `key` says whose it is (catalog::key). False: it is left as it was.
using ChangeText = std::function<bool(const std::string& key, std::string& text)>;

// Objects of which a text changed are put anew; functions, operators and casts under the name that their types give
// them. The string in which a function's body stands is a part of its definition: `change` leaves it alone.
void each_text(Catalog& catalog, const ChangeText& change);

}  // namespace mig::catalog
