// Settings of a column that touch no row: storage, compression, statistics target, planner's options.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

// One setting as data. Its value is a text, "" where the column has none of its own.
struct ColumnSetting {
  const char* what;  // "storage", for titles
  sql::LockMode mode;
  bool recurses;  // ALTER TABLE sets it in partitions and inheritors as well
  std::string (*read)(const catalog::Column& column);
  void (*write)(catalog::Column& column, const std::string& value);
  // What stands after ALTER COLUMN name. Options need what was there before to reset it.
  sql::Fragment (*clause)(const Context& ctx, const catalog::Column& column, const std::string& from,
                          const std::string& to);
  // On its row of pg_attribute, named a.
  sql::Fragment (*is)(const Context& ctx, const catalog::Column& column, const std::string& value);
};

// A column of an own table, or null and something was reported: a value that it has already is nothing to do.
[[nodiscard]] ColumnAt require_setting(const Context& ctx, const ColumnSetting& setting, const std::string& value,
                                       source::Span span);
void put_setting(const Context& ctx, catalog::Catalog& after, const ColumnSetting& setting, const ColumnAt& at,
                 const std::string& value);
// One step; the way back sets what each table had.
[[nodiscard]] std::vector<sql::Step> setting_steps(const Context& ctx, const ColumnSetting& setting, const ColumnAt& at,
                                                   const std::string& value);
// The path of the call's hole `column`.
[[nodiscard]] const syntax::Path& column_path(const Context& ctx);

}  // namespace mig::operations
