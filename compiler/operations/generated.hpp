// Generated columns: their formula, and what changing it costs.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

bool require_generated(const Context& ctx, const ColumnAt& at, source::Span span);
void warn_generated_rewrite(const Context& ctx, const ColumnAt& at, source::Span span);
// SET EXPRESSION, with the locks of the rewrite where it is stored.
[[nodiscard]] sql::Statement set_expression_statement(const Context& ctx, const catalog::Name& table,
                                                      const catalog::Column& column, const std::string& text);
// Why the column, dropped and added again, would not be what it was; empty: it would. `all` go and come with it.
[[nodiscard]] std::string trace_of_new_column(const Context& ctx, const catalog::Table& table,
                                              const catalog::Column& column);
// DROP COLUMN, and ADD COLUMN with all that it had.
[[nodiscard]] std::vector<sql::Statement> column_anew(const Context& ctx, const catalog::Table& table,
                                                      const catalog::Column& column);

}  // namespace mig::operations
