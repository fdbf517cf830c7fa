// Row security of a table: switched on and off, for its owner too or not.
#pragma once

#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

// Values "on" and "".
extern const TableSetting row_security;
extern const TableSetting forced_row_security;

// The whole check of the four operations.
void check_row_security(const Context& ctx, const TableSetting& setting, const std::string& value);
// nullopt for a table that this phase makes.
[[nodiscard]] std::optional<Break> row_security_breaks(const Context& ctx, std::string why);

}  // namespace mig::operations
