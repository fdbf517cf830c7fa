// Options of a column for the planner: n_distinct and n_distinct_inherited.
#pragma once

#include "compiler/operations/column_setting.hpp"

namespace mig::operations {

// Its value is all options that are set, sorted, as "n_distinct=5, n_distinct_inherited=-0.5".
extern const ColumnSetting column_options;
// Reports any other; true when it is one of the two.
bool require_known_option(const Context& ctx, source::Span span, const std::string& name);
// The value with this option set (or, by nullopt, reset).
[[nodiscard]] std::string with_option(const std::string& value, const std::string& name,
                                      const std::optional<std::string>& text);

}  // namespace mig::operations
