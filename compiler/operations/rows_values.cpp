// Rows that stand in the file, checked and printed.
#include "compiler/operations/rows_values.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

bool check_value(const Context& ctx, const syntax::Expr& value) {
  const auto found = mentions(value);
  for (const auto* reference : found.columns)
    ctx.sink
        .report(
            diagnostics::wrong_value, reference->path.span,
            fmt::format("`{}` is a column, and a row of values has none to read", ctx.files.text(reference->path.span)))
        .note("write: a string in quotes, a number, an expression, or a sub-select in parentheses");
  for (const auto& span : found.aggregates)
    ctx.sink.report(diagnostics::wrong_value, span, "a value cannot hold an aggregate or window function")
        .note("write: it in a sub-select (42803, 42P20)");
  return found.columns.empty() && found.aggregates.empty();
}

}  // namespace

bool check_values(const Context& ctx, const std::vector<syntax::Name>& columns, const RowValues& rows) {
  bool good = true;
  for (const auto& row : rows) {
    if (row.size() != columns.size()) {
      const auto span = source::join(row.front().span, row.back().span);
      ctx.sink.report(diagnostics::wrong_value, span,
                      fmt::format("{} value{} for {} column{}", row.size(), row.size() == 1 ? "" : "s", columns.size(),
                                  columns.size() == 1 ? "" : "s"));
      good = false;
    }
    for (const auto& value : row) good = check_value(ctx, value) && good;
  }
  return good;
}

sql::Fragment values_of(const Context& ctx, const RowValues& rows) {
  std::vector<sql::Fragment> lines;
  for (const auto& row : rows) {
    std::vector<sql::Fragment> values;
    for (const auto& value : row) values.push_back(text_of(ctx, value.span));
    lines.push_back(sql::sql("({})", sql::join(values, ", ")));
  }
  return sql::join(lines, ",\n  ");
}

std::vector<sql::Lock> values_locks(const Context& ctx, const RowValues& rows) {
  std::vector<sql::Lock> locks;
  for (const auto& row : rows)
    for (const auto& value : row) rows::add(locks, query_locks(ctx, value));
  return locks;
}

sql::Fragment overriding(const catalog::Table& table, const std::vector<std::string>& columns) {
  const bool needed = std::any_of(columns.begin(), columns.end(),
                                  [&](const auto& name) { return table.column(name)->identity == "always"; });
  return needed ? sql::sql(" OVERRIDING SYSTEM VALUE") : sql::Fragment();
}

std::vector<std::string> texts(const std::vector<syntax::Name>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) out.push_back(name.text);
  return out;
}

bool require_filled(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns) {
  // A trigger may fill what is left out.
  if (!meddling_triggers(ctx, table, "INSERT").empty()) return true;
  const auto written = texts(columns);
  std::string missing;
  for (const auto& column : table.columns) {
    const bool filled = !column.default_.empty() || !column.identity.empty() || !column.generated.empty();
    if (!column.not_null || filled || std::find(written.begin(), written.end(), column.name) != written.end()) continue;
    missing += fmt::format("{}`{}`", missing.empty() ? "" : ", ", sql::quote_ident(column.name));
  }
  if (missing.empty()) return true;
  ctx.sink
      .report(diagnostics::no_value_for_rows, ctx.call.get<syntax::Path>("table")->span,
              fmt::format("{} of `{}`: not null, without a default, and left out", missing, table.name.text()))
      .note("write: it among the columns, with a value in each row (23502)");
  return false;
}

}  // namespace mig::operations
