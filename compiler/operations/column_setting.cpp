// Settings of a column that touch no row.
#include "compiler/operations/column_setting.hpp"

#include <fmt/format.h>

#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

std::vector<catalog::Name> members(const Context& ctx, const ColumnSetting& setting, const catalog::Name& table) {
  return setting.recurses ? ctx.before.tree(table) : std::vector{table};
}

sql::Statement change(const Context& ctx, const ColumnSetting& setting, const catalog::Name& table,
                      const catalog::Column& column, const std::string& from, const std::string& to, bool only) {
  const auto clause = setting.clause(ctx, column, from, to);
  auto text = only ? sql::sql("ALTER TABLE ONLY {} ALTER COLUMN {} {}", table.sql(), Ident{column.name}, clause)
                   : sql::sql("ALTER TABLE {} ALTER COLUMN {} {}", table.sql(), Ident{column.name}, clause);
  std::vector<sql::Lock> locks;
  if (only || !setting.recurses)
    locks.push_back(lock(table, setting.mode));
  else
    locks = tree_locks(ctx, table, setting.mode);
  return statement(std::move(text), std::move(locks));
}

}  // namespace

const syntax::Path& column_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

ColumnAt require_setting(const Context& ctx, const ColumnSetting& setting, const std::string& value,
                         source::Span span) {
  const auto at = require_own_column(ctx, column_path(ctx));
  if (!at.column || setting.read(*at.column) != value) return at;
  ctx.sink
      .report(diagnostics::nothing_to_do, span,
              fmt::format("nothing would change in the {} of `{}` of `{}`", setting.what,
                          sql::quote_ident(at.column->name), at.table->name.text()))
      .note("take the line out");
  return {};
}

void put_setting(const Context& ctx, catalog::Catalog& after, const ColumnSetting& setting, const ColumnAt& at,
                 const std::string& value) {
  const auto column = at.column->name;
  for (const auto& name : members(ctx, setting, at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) setting.write(each, value);
}

std::vector<sql::Step> setting_steps(const Context& ctx, const ColumnSetting& setting, const ColumnAt& at,
                                     const std::string& value) {
  const auto& table = at.table->name;
  const auto& column = *at.column;
  const auto name = fmt::format("{} of {}.{}", setting.what, table.text(), sql::quote_ident(column.name));
  const auto before = setting.read(column);
  auto step = transaction(ctx, "set " + name, {change(ctx, setting, table, column, before, value, false)},
                          column_is(table, column.name, setting.is(ctx, column, value)));
  std::vector<sql::Statement> back;
  for (const auto& member : members(ctx, setting, table)) {
    const auto* each = ctx.before.table(member);
    const auto* own = each ? each->column(column.name) : nullptr;
    if (own && setting.read(*own) != value)
      back.push_back(change(ctx, setting, member, *own, value, setting.read(*own), setting.recurses));
  }
  step.back = {transaction(ctx, "bring back the " + name, std::move(back),
                           column_is(table, column.name, setting.is(ctx, column, before)))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, column.name)});
  return made;
}

}  // namespace mig::operations
