// Storage parameters of a table: fillfactor, autovacuum_…, toast.….
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

extern const TableSetting table_options;

// "fillfactor" -> "70", "toast.autovacuum_enabled" -> "false"; as the value of the setting and back.
using Options = std::map<std::string, std::string>;
[[nodiscard]] Options options_of(const std::string& value);
[[nodiscard]] std::string value_of(const Options& options);

// An own table of a kind that has storage parameters.
[[nodiscard]] const catalog::Table* require_table_with_options(const Context& ctx);
// A parameter of this name, on this server and this table. Reports and returns false otherwise.
bool require_table_option(const Context& ctx, const catalog::Table& table, const std::string& name, source::Span span);
// Reports a value that the parameter does not take.
bool require_option_value(const Context& ctx, const std::string& name, const std::string& text, source::Span span);

}  // namespace mig::operations
