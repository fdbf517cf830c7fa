// Expressions of checks, predicates and index elements: the columns that they mention, as written.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// What an expression refers to, in the order written.
struct Mentions {
  std::vector<const syntax::ColumnRef*> columns;
  std::vector<const syntax::FunctionCall*> calls;
  std::vector<source::Span> queries;  // sub-selects
  std::vector<source::Span>
      aggregates;  // calls that only an aggregate or window function takes: filter, over, distinct
};
[[nodiscard]] Mentions mentions(const syntax::Expr& expression);

// For an expression that PostgreSQL evaluates on one row of `table` (check, index): the columns exist, there is no
// sub-select; `what` says what it is ("a check"). Reports and returns false otherwise.
bool require_row_expression(const Context& ctx, const catalog::Table& table, const syntax::Expr& expression,
                            std::string_view what);
// The same for an expression of a statement on this table: sub-selects may stand in it.
bool require_statement_expression(const Context& ctx, const catalog::Table& table, const syntax::Expr& expression,
                                  std::string_view what);
// The names of these columns, sorted, once each.
[[nodiscard]] std::vector<std::string> column_names(const syntax::Expr& expression);

// FigureIndexColname (src/backend/parser/parse_target.c): the name that PostgreSQL gives to an expression, "" for none.
[[nodiscard]] std::string figure_name(const syntax::Expr& expression);

}  // namespace mig::operations
