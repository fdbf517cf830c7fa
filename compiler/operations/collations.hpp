// Collations by name, as the catalog has them at columns and attributes.
#pragma once

#include <optional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// pg_catalog's own print without their schema; "default", which is what the type has by itself, is empty. nullopt:
// there is none of this name.
[[nodiscard]] std::optional<std::string> find_collation(const Context& ctx, const syntax::Path& path);
void report_no_collation(const Context& ctx, const syntax::Path& path);

}  // namespace mig::operations
