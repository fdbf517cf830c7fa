// Settings of a table that touch no row and no other table: storage parameters, replica identity, row security, the
// index for CLUSTER.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// One setting as data. Its value is a text, "" where the table has none of its own.
struct TableSetting {
  const char* what;  // "row security", for titles
  std::string (*read)(const catalog::Table& table);
  void (*write)(catalog::Table& table, const std::string& value);
  sql::LockMode (*mode)(const catalog::Table& table, const std::string& from, const std::string& to);
  // What stands after ALTER TABLE name.
  sql::Fragment (*clause)(const catalog::Table& table, const std::string& from, const std::string& to);
  // On its row of pg_class, named c.
  sql::Fragment (*is)(const catalog::Table& table, const std::string& value);
};

// The path and the table of the call's hole `table`; null where there is none.
[[nodiscard]] const syntax::Path& table_path_of(const Context& ctx);
[[nodiscard]] const catalog::Table& table_of(const Context& ctx);
// Reports an unknown table and one that the role does not own. Not its partitions and inheritors: they stay as they
// are.
[[nodiscard]] const catalog::Table* require_table_alone(const Context& ctx, const syntax::Path& path);
// Reports that the table has the value already; false then.
bool require_change(const Context& ctx, const TableSetting& setting, const catalog::Table& table,
                    const std::string& value);
// On the row of pg_class, named c.
[[nodiscard]] sql::Fragment table_is(const catalog::Name& table, const sql::Fragment& condition);

void put_table_setting(const Context& ctx, catalog::Catalog& after, const TableSetting& setting,
                       const std::string& value);
// One instant step; the way back sets what the table had.
[[nodiscard]] std::vector<sql::Step> table_setting_steps(const Context& ctx, const TableSetting& setting,
                                                         const std::string& value);

}  // namespace mig::operations
