// The index by which CLUSTER orders the rows of a table.
#include "compiler/operations/cluster_index.hpp"

#include <fmt/format.h>

namespace mig::operations {

namespace {

std::string read(const catalog::Table& table) {
  for (const auto& index : table.indexes)
    if (index.clustered) return index.name;
  return {};
}

void write(catalog::Table& table, const std::string& value) {
  for (auto& index : table.indexes) index.clustered = index.name == value;
}

sql::Fragment is(const catalog::Table&, const std::string& value) {
  const auto clustered = sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid "
      "WHERE i.indrelid = c.oid AND i.indisclustered");
  if (value.empty()) return sql::sql("NOT {})", clustered);
  return sql::sql("{} AND x.relname = {})", clustered, sql::Literal{value});
}

}  // namespace

const TableSetting cluster_index = {
    .what = "order for CLUSTER",
    .read = read,
    .write = write,
    .mode = [](const catalog::Table&, const std::string&,
               const std::string&) { return sql::LockMode::share_update_exclusive; },
    .clause =
        [](const catalog::Table&, const std::string&, const std::string& to) {
          return to.empty() ? sql::sql("SET WITHOUT CLUSTER") : sql::sql("CLUSTER ON {}", sql::Ident{to});
        },
    .is = is,
};

const catalog::Table* require_clustered_table(const Context& ctx) {
  const auto* table = require_table_alone(ctx, table_path_of(ctx));
  if (!table || table->kind == "table") return table;
  auto& diagnostic = ctx.sink.report(
      diagnostics::wrong_kind, table_path_of(ctx).span,
      fmt::format("`{}` is a {}: no index is marked for CLUSTER on it", table->name.text(), table->kind));
  if (table->partitioned()) diagnostic.note("its rows are in its partitions: write a line for each of them");
  return nullptr;
}

}  // namespace mig::operations
