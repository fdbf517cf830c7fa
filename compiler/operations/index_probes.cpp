// Probes of an index by what it is, not by its name alone.
#include "compiler/operations/index_probes.hpp"

#include <set>

#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Literal;

Fragment truth(bool value) { return value ? sql::sql("true") : sql::sql("false"); }

// The column at this place of indkey, which counts from 0.
Fragment column_at(std::size_t place, const std::string& column) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[{}] "
      "AND a.attname = {})",
      static_cast<long long>(place), Literal{column});
}

// Columns that an index's expressions and predicate name, as far as the table has them.
std::set<std::string> named_columns(const Context& ctx, const catalog::Name& table, const catalog::Index& index) {
  std::set<std::string> named;
  const auto add = [&](const std::string& text) {
    if (text.empty()) return;
    for (const auto& column : sql::columns_of(text))
      if (const auto* known = ctx.before.table(table); known && known->column(column)) named.insert(column);
  };
  for (const auto& part : index.parts) add(part.expression);
  add(index.predicate);
  return named;
}

Fragment stands_on(const std::string& column) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid "
      "AND a.attnum = d.refobjsubid WHERE d.objid = i.indexrelid AND d.refobjid = i.indrelid AND a.attname = {})",
      Literal{column});
}

}  // namespace

Fragment has_index(const Context& ctx, const catalog::Name& table, const catalog::Index& index, IndexState state) {
  std::vector<Fragment> conditions{
      sql::sql("n.nspname = {} AND c.relname = {} AND t.relname = {} AND m.amname = {}", Literal{table.schema},
               Literal{index.name}, Literal{table.name}, Literal{index.method}),
      sql::sql("i.indisunique = {} AND i.indnkeyatts = {} AND i.indnatts = {} AND (i.indpred IS NOT NULL) = {}",
               truth(index.unique), static_cast<long long>(index.parts.size()),
               static_cast<long long>(index.parts.size() + index.include.size()), truth(!index.predicate.empty()))};
  if (state != IndexState::any)
    conditions.push_back(
        sql::sql("(i.indisvalid AND i.indisready AND i.indislive) = {}", truth(state == IndexState::valid)));
  std::size_t place = 0;
  for (const auto& part : index.parts) {
    if (!part.column.empty()) conditions.push_back(column_at(place, part.column));
    ++place;
  }
  for (const auto& column : index.include) conditions.push_back(column_at(place++, column));
  for (const auto& column : named_columns(ctx, table, index)) conditions.push_back(stands_on(column));
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = i.indrelid "
      "JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE {})",
      sql::join(conditions, " AND "));
}

}  // namespace mig::operations
