// Walks an expression's tree for the columns that it mentions.
#include "compiler/operations/expressions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

// Visits every node once; each overload names the parts of its kind.
struct Walk {
  Mentions& found;

  void operator()(const syntax::Expr& e) { std::visit(*this, e.node); }
  void operator()(const syntax::Box<syntax::Expr>& e) { (*this)(*e); }
  template <class T>
  void operator()(const std::optional<T>& part) {
    if (part) (*this)(*part);
  }
  template <class T>
  void operator()(const std::vector<T>& parts) {
    for (const auto& part : parts) (*this)(part);
  }
  void operator()(const std::pair<syntax::Box<syntax::Expr>, syntax::Box<syntax::Expr>>& branch) {
    (*this)(branch.first), (*this)(branch.second);
  }
  void operator()(const std::pair<std::string, syntax::Box<syntax::Expr>>& word) { (*this)(word.second); }
  void operator()(const syntax::Query& query) { found.queries.push_back(query.span); }
  void operator()(const syntax::SortKey& key) { (*this)(key.value); }
  void operator()(const syntax::CallArgument& a) { (*this)(a.value), (*this)(a.words); }

  void operator()(const syntax::Bad&) {}
  void operator()(const syntax::Typed&) {}
  void operator()(const syntax::Constant&) {}
  void operator()(const syntax::Keyword&) {}
  void operator()(const syntax::ColumnRef& column) { found.columns.push_back(&column); }
  void operator()(const syntax::Binary& e) { (*this)(e.left), (*this)(e.right), (*this)(e.escape); }
  void operator()(const syntax::Unary& e) { (*this)(e.operand); }
  void operator()(const syntax::Postfix& e) { (*this)(e.operand); }
  void operator()(const syntax::Between& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const syntax::InList& e) { (*this)(e.operand), (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::Quantified& e) { (*this)(e.left), (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::Cast& e) { (*this)(e.operand); }
  void operator()(const syntax::Case& e) { (*this)(e.operand), (*this)(e.branches), (*this)(e.otherwise); }
  void operator()(const syntax::ArrayExpr& e) { (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::RowExpr& e) { (*this)(e.items); }
  void operator()(const syntax::Subquery& e) { (*this)(e.query); }
  void operator()(const syntax::Subscript& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const syntax::FieldOf& e) { (*this)(e.operand); }
  void operator()(const syntax::AtZone& e) { (*this)(e.operand), (*this)(e.zone); }
  void operator()(const syntax::Collate& e) { (*this)(e.operand); }
  void operator()(const syntax::FunctionCall& e) {
    found.calls.push_back(&e);
    if (e.star || e.distinct || e.over || e.filter || !e.order.empty() || !e.within_group.empty())
      found.aggregates.push_back(e.function.span);
    (*this)(e.arguments), (*this)(e.order), (*this)(e.within_group), (*this)(e.filter);
  }
};

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
  Walk{found}(expression);
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
