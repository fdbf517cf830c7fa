// Settings of a table that touch no row and no other table.
#include "compiler/operations/table_setting.hpp"

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Literal;

const syntax::Path& table_path_of(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

const catalog::Table& table_of(const Context& ctx) { return *find_table(ctx, table_path_of(ctx)); }

const catalog::Table* require_table_alone(const Context& ctx, const syntax::Path& path) {
  const auto* table = require_table(ctx, path);
  return table && require_owner(ctx, "table", table->name, table->owner, path.span) ? table : nullptr;
}

bool require_change(const Context& ctx, const TableSetting& setting, const catalog::Table& table,
                    const std::string& value) {
  if (setting.read(table) != value) return true;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span,
              fmt::format("nothing would change in the {} of `{}`", setting.what, table.name.text()))
      .note("take the line out");
  return false;
}

sql::Fragment table_is(const catalog::Name& table, const sql::Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = {} AND c.relname = {} AND {})",
      Literal{table.schema}, Literal{table.name}, condition);
}

void put_table_setting(const Context& ctx, catalog::Catalog& after, const TableSetting& setting,
                       const std::string& value) {
  setting.write(after.edit_table(table_of(ctx).name), value);
}

std::vector<sql::Step> table_setting_steps(const Context& ctx, const TableSetting& setting, const std::string& value) {
  const auto& table = table_of(ctx);
  const auto& name = table.name;
  const auto before = setting.read(table);
  const auto title = fmt::format("the {} of {}", setting.what, name.text());
  const auto change = [&](const std::string& from, const std::string& to) {
    return statement(sql::sql("ALTER TABLE {} {}", name.sql(), setting.clause(table, from, to)),
                     {lock(name, setting.mode(table, from, to))});
  };
  auto step = transaction(ctx, "set " + title, {change(before, value)}, table_is(name, setting.is(table, value)));
  step.back = {
      transaction(ctx, "bring back " + title, {change(value, before)}, table_is(name, setting.is(table, before)))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", name)});
  return made;
}

}  // namespace mig::operations
