// Defaults of columns: the statements that set and drop them over a table and all that inherit it.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

// Generated and identity columns have no default of their own: reported, false.
bool require_plain_default(const Context& ctx, const ColumnAt& at, source::Span span);
// Sets the default of `column`, or drops it where `value` is empty, in the table and all below it.
[[nodiscard]] sql::Statement default_change(const Context& ctx, const catalog::Name& table, const std::string& column,
                                            const std::string& value);
// What brings back the defaults that the table and all below it have now.
[[nodiscard]] std::vector<sql::Statement> restore_defaults(const Context& ctx, const catalog::Table& table,
                                                           const std::string& column);
// The stored default is not this one any more (or never was).
[[nodiscard]] sql::Fragment default_differs(const Context& ctx, const catalog::Name& table, const std::string& column,
                                            const std::string& value);
void put_default(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const std::string& column,
                 const std::string& value);

}  // namespace mig::operations
