// What views and functions depend on, when a relation that is no table gets another name.
#pragma once

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// In the lists that introspection read from pg_depend; texts are followed elsewhere.
void rename_uses(Catalog& catalog, const Name& from, const Name& to);
void rename_used_column(Catalog& catalog, const Name& relation, const std::string& from, const std::string& to);

}  // namespace mig::catalog
