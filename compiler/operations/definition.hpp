// Columns and constraints as written: what is wrong with them, whatever table they go to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The first option of this kind, or null.
[[nodiscard]] const syntax::ColumnOption* option(const syntax::Definition& definition, syntax::ColumnOption::Is is);

// The value of a default: no column, sub-select or aggregate in it.
bool require_constant_expression(const Context& ctx, const syntax::Expr& expression, std::string_view what);

// Type, options that exclude each other, what the server's version has, expressions and references. `table` holds the
// columns that expressions may mention, this one included.
bool check_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                  const syntax::Definition& definition);
// Columns, expressions and references of a table constraint; its name is free in `table`.
bool check_constraint(const Context& ctx, const catalog::Table& table, const syntax::TableConstraint& constraint);
// Reports what this server's major version does not have; true when it has it.
bool require_server(const Context& ctx, int major, source::Span span, std::string_view what);

}  // namespace mig::operations
