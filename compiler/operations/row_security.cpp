// Row security of a table.
#include "compiler/operations/row_security.hpp"

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

sql::LockMode access_exclusive(const catalog::Table&, const std::string&, const std::string&) {
  return sql::LockMode::access_exclusive;
}

}  // namespace

const TableSetting row_security = {
    .what = "row security",
    .read = [](const catalog::Table& table) { return std::string(table.row_security ? "on" : ""); },
    .write = [](catalog::Table& table, const std::string& value) { table.row_security = !value.empty(); },
    .mode = access_exclusive,
    .clause =
        [](const catalog::Table&, const std::string&, const std::string& to) {
          return to.empty() ? sql::sql("DISABLE ROW LEVEL SECURITY") : sql::sql("ENABLE ROW LEVEL SECURITY");
        },
    .is =
        [](const catalog::Table&, const std::string& value) {
          return value.empty() ? sql::sql("NOT c.relrowsecurity") : sql::sql("c.relrowsecurity");
        },
};

const TableSetting forced_row_security = {
    .what = "row security for the owner",
    .read = [](const catalog::Table& table) { return std::string(table.force_row_security ? "on" : ""); },
    .write = [](catalog::Table& table, const std::string& value) { table.force_row_security = !value.empty(); },
    .mode = access_exclusive,
    .clause =
        [](const catalog::Table&, const std::string&, const std::string& to) {
          return to.empty() ? sql::sql("NO FORCE ROW LEVEL SECURITY") : sql::sql("FORCE ROW LEVEL SECURITY");
        },
    .is =
        [](const catalog::Table&, const std::string& value) {
          return value.empty() ? sql::sql("NOT c.relforcerowsecurity") : sql::sql("c.relforcerowsecurity");
        },
};

void check_row_security(const Context& ctx, const TableSetting& setting, const std::string& value) {
  const auto* table = require_table_alone(ctx, table_path_of(ctx));
  if (!table) return;
  if (table->kind == "foreign table") {
    ctx.sink
        .report(diagnostics::wrong_kind, table_path_of(ctx).span,
                fmt::format("`{}` is a foreign table: it has no row security", table->name.text()))
        .note("who may read which rows is for the server that holds them");
    return;
  }
  (void)require_change(ctx, setting, *table, value);
}

std::optional<Break> row_security_breaks(const Context& ctx, std::string why) {
  const auto& table = table_of(ctx);
  if (made_here(ctx, table)) return std::nullopt;
  return Break{std::move(why), fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

}  // namespace mig::operations
