// A catalog's own types, functions, operators, casts, tables and views beside PostgreSQL's.
#pragma once

#include "compiler/catalog/catalog.hpp"
#include "compiler/types/universe.hpp"

namespace mig::types {

// The universe of this catalog as it is now; `path`: instead of the server's search_path. To be made anew where the
// catalog changes. Where a part cannot be read (a type of an extension that the catalog does not list), what needs it
// is left out.
[[nodiscard]] Universe load(const catalog::Catalog& catalog);
[[nodiscard]] Universe load(const catalog::Catalog& catalog, const std::vector<std::string>& path);

}  // namespace mig::types
