// The settings of a new range type.
#pragma once

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Unknown settings, those that stand twice, a subtype, collation, operator class or function that is not there.
bool check_range_options(const Context& ctx);
// Subtype, collation, options with names. Total.
void fill_range(const Context& ctx, catalog::Type& type);
[[nodiscard]] sql::Fragment create_range_text(const Context& ctx, const catalog::Type& type);

}  // namespace mig::operations
