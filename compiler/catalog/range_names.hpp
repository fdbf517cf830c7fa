// The types and functions that come with a range type, and what the catalog keeps of their names.
#pragma once

#include <string>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// Types with these names have them in the catalog only where they are not the usual ones: a range's options end with
// `constructor schema.name, multirange schema.name`, its multirange type's with `constructor schema.name`.
struct RangeNames {
  Name constructor, multirange;  // of a multirange type the second is empty
};
// The multirange type of a range as PostgreSQL calls it where nobody says how (makeMultirangeTypeName).
[[nodiscard]] Name usual_multirange(const Name& range);
[[nodiscard]] RangeNames range_names(const Type& type);
// Options without names at their end, with those that are not usual.
[[nodiscard]] std::string with_range_names(const std::string& options, const Name& type, const RangeNames& names);
void set_range_names(Type& type, const RangeNames& names);

// Calls of a function that the catalog does not list, in all texts of the server.
void rename_calls(Catalog& catalog, const Name& from, const Name& to);

}  // namespace mig::catalog
