// Back, for rows that were deleted: they return where nothing stands in their place.
#include <algorithm>

#include "compiler/operations/rows_back.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations::rows {

namespace {

bool any_column(const RowPart& part, const std::string& identity) {
  return std::any_of(part.of.columns.begin(), part.of.columns.end(),
                     [&](const auto& column) { return part.of.table->column(column)->identity == identity; });
}

// ON CONFLICT cannot judge by a constraint that is checked at the end of the transaction (55000).
bool judged_at_once(const RowPart& part) {
  return std::none_of(part.of.table->constraints.begin(), part.of.table->constraints.end(),
                      [](const auto& constraint) { return constraint.deferrable && constraint.kind != "foreign key"; });
}

// The rows of a batch that are not there any more. An inserted row is known by its key; without one all come back.
sql::Fragment condition(const RowPart& part) {
  if (part.of.key.empty()) return {};
  return sql::sql(" AND NOT EXISTS (SELECT FROM {} t WHERE {})", relation(part.of), same(part.of.key, "t", "o"));
}

sql::Fragment not_returned(const RowPart& part, const sql::Fragment& fine) {
  const auto& of = part.of;
  if (of.key.empty()) return fine.empty() ? sql::sql(" AND false") : sql::sql(" AND NOT (true{})", fine);
  return sql::sql(
      "\n  AND NOT EXISTS (SELECT FROM done d WHERE {} AND {} *= {})"
      "\n  AND NOT EXISTS (SELECT FROM {} t WHERE {} AND {} *= {})",
      same(of.key, "d", "o"), image(of.columns, "d"), image(of.columns, "o"), relation(of), same(of.key, "t", "o"),
      image(of.columns, "t"), image(of.columns, "o"));
}

sql::Fragment why(const RowPart& part) {
  if (part.of.key.empty()) return sql::sql("'what it referred to is gone'");
  return sql::sql(
      "CASE WHEN EXISTS (SELECT FROM done d WHERE {}) THEN 'a trigger gives it other values'\n"
      "  WHEN EXISTS (SELECT FROM {} t WHERE {}) THEN 'another row has its key'\n"
      "  ELSE 'another row has a value that must be unique, or what it referred to is gone' END",
      same(part.of.key, "d", "o"), relation(part.of), same(part.of.key, "t", "o"));
}

}  // namespace

sql::Statement undo_taken(const Context& ctx, const RowWork& work, const RowPart& part) {
  const auto& columns = part.of.columns;
  const auto fine = refers_to_what_is_there(part, false);
  auto text = sql::sql(
      "WITH done AS (\n"
      "  INSERT INTO {} ({}){}\n"
      "  SELECT {} FROM {} o\n"
      "  WHERE o._mig_b = {}{}{}\n"
      "  ORDER BY o._mig_n{}\n"
      "  RETURNING {}\n"
      ")\n"
      "INSERT INTO {}\n"
      "SELECT o._mig_b, {}, {}\n"
      "FROM {} o WHERE o._mig_b = {}{}",
      part.of.table->name.sql(), list(columns),
      any_column(part, "always") ? sql::sql(" OVERRIDING SYSTEM VALUE") : sql::Fragment(), list(columns, "o"),
      part.before.sql(), number(work), condition(part), fine,
      judged_at_once(part) ? sql::sql("\n  ON CONFLICT DO NOTHING") : sql::Fragment(), list(columns), part.left.sql(),
      why(part), list(columns, "o"), part.before.sql(), number(work), not_returned(part, fine));
  return statement(std::move(text), back_locks(ctx, work, part), sql::Work::instant,
                   "rows come back where nothing stands in their place; the others are written down");
}

}  // namespace mig::operations::rows
