// Renaming a schema: everything in it gets another name, and everything that names it follows.
#pragma once

#include <string>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// The schema exists and no schema has the new name. What PostgreSQL keeps as text (bodies of functions in quotes,
// settings of search_path) stays as it is; the catalog's own search path loses the schema.
void rename_schema(Catalog& catalog, const std::string& from, const std::string& to);

}  // namespace mig::catalog
