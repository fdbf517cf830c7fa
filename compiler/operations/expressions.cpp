// Walks an expression's tree for the columns that it mentions.
#include "compiler/operations/expressions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/syntax/expression_walk.hpp"

namespace mig::operations {

namespace {

// A call that only an aggregate or window function takes.
bool aggregates(const syntax::FunctionCall& call) {
  return call.star || call.distinct || call.over || call.filter || !call.order.empty() || !call.within_group.empty();
}

// `column`, `table.column` or `schema.table.column` of this table.
bool require_reference(const Context& ctx, const catalog::Table& table, const syntax::ColumnRef& reference) {
  const auto& parts = reference.path.parts;
  const bool other = (parts.size() > 1 && parts[parts.size() - 2].text != table.name.name) ||
                     (parts.size() > 2 && parts[parts.size() - 3].text != table.name.schema) || parts.size() > 3;
  if (!other && !reference.star) return require_column(ctx, table, parts.back()) != nullptr;
  auto& diagnostic =
      ctx.sink.report(diagnostics::unknown_column, reference.path.span,
                      fmt::format("`{}` is no column of `{}`", ctx.files.text(reference.path.span), table.name.text()));
  diagnostic.note("an expression of a table sees the columns of its own row, by their names");
  return false;
}

}  // namespace

Mentions mentions(const syntax::Expr& expression) {
  Mentions found;
  const auto enter = [&](const syntax::Expr& e) {
    if (const auto* column = std::get_if<syntax::ColumnRef>(&e.node)) found.columns.push_back(column);
    if (const auto* call = std::get_if<syntax::FunctionCall>(&e.node)) {
      found.calls.push_back(call);
      if (aggregates(*call)) found.aggregates.push_back(call->function.span);
    }
    return true;
  };
  syntax::walk(expression, enter, [&](const syntax::Query& query) { found.queries.push_back(query.span); });
  return found;
}

std::vector<std::string> column_names(const syntax::Expr& expression) {
  std::vector<std::string> names;
  for (const auto* reference : mentions(expression).columns) names.push_back(reference->path.parts.back().text);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool require_statement_expression(const Context& ctx, const catalog::Table& table, const syntax::Expr& expression,
                                  std::string_view what) {
  const auto found = mentions(expression);
  bool good = true;
  for (const auto* reference : found.columns) good = require_reference(ctx, table, *reference) && good;
  for (const auto& span : found.aggregates)
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("{} cannot hold an aggregate or window function", what))
        .note("write: it in a sub-select (42803, 42P20)");
  return good && found.aggregates.empty();
}

bool require_row_expression(const Context& ctx, const catalog::Table& table, const syntax::Expr& expression,
                            std::string_view what) {
  const auto found = mentions(expression);
  bool good = true;
  for (const auto* reference : found.columns) good = require_reference(ctx, table, *reference) && good;
  for (const auto& span : found.queries)
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("{} cannot hold a sub-select", what))
        .note("PostgreSQL evaluates it on one row at a time and does not see other rows or tables (0A000)");
  for (const auto& span : found.aggregates)
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("{} cannot hold an aggregate or window function", what))
        .note("PostgreSQL evaluates it on one row at a time (42803, 42P20)");
  return good && found.queries.empty() && found.aggregates.empty();
}

}  // namespace mig::operations
