// The names of pg_catalog's types: known without a system snapshot, so that a type's name can always be checked.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/catalog/objects.hpp"

namespace mig::catalog {

// pg_catalog's name of a type as SQL writes it ("integer" is int4, "character varying" varchar), for a server of this
// major version (0: any). nullopt: PostgreSQL has no such type of its own.
[[nodiscard]] std::optional<Name> builtin_type(std::string_view written, int major);

}  // namespace mig::catalog
