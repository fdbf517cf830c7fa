// Generated columns over a column that changes. PostgreSQL 17 sets the expression anew where the column stands; before,
// the column is dropped and added, which keeps its place only at the end of the table.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/generated.hpp"
#include "compiler/operations/rebuild_things.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::LockMode;

namespace {

Fragment alter(const catalog::Name& table, const std::string& column) {
  return sql::sql("ALTER TABLE {} ALTER COLUMN {}", table.sql(), Ident{column});
}

sql::Work work_of(const catalog::Column& column) {
  return column.generated == "stored" ? sql::Work::rewrite : sql::Work::instant;
}

bool checked(const catalog::Table& table, const std::string& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const catalog::Constraint& constraint) {
    return constraint.kind == "check" && mentions_column(constraint.expression, column);
  });
}

// A rewritten table takes its indexes along.
std::vector<sql::Lock> rewrite_locks(const Context& ctx, const catalog::Name& table) {
  std::vector<sql::Lock> locks;
  for (const auto& name : ctx.before.tree(table)) {
    locks.push_back(lock(name, LockMode::access_exclusive));
    if (const auto* each = ctx.before.table(name); each && !each->partitioned())
      for (const auto& index : each->indexes)
        locks.push_back(lock({name.schema, index.name}, LockMode::access_exclusive));
  }
  return locks;
}

// The same column of the parent that this one follows.
const catalog::Column* above(const Context& ctx, const catalog::Table& table, const std::string& column) {
  auto parents = table.inherits;
  if (!table.partition_of.name.empty()) parents.push_back(table.partition_of);
  for (const auto& name : parents)
    if (const auto* parent = ctx.before.table(name))
      if (const auto* found = parent->column(column)) return found;
  return nullptr;
}

void by_expression(const Context& ctx, const catalog::Table& table, const catalog::Column& column, Hung& hung) {
  if (checked(table, column.name)) {
    hung.why_not = "a check holds it, which its values would break in between";
    return;
  }
  if (column.not_null)
    hung.drop.push_back(statement(sql::sql("{} DROP NOT NULL", alter(table.name, column.name)),
                                  tree_locks(ctx, table.name, LockMode::access_exclusive)));
  hung.drop.push_back(set_expression_statement(ctx, table.name, column, "NULL::" + column.type));
  hung.make.push_back(set_expression_statement(ctx, table.name, column, column.default_));
  if (!column.not_null) return;
  const auto locks = tree_locks(ctx, table.name, LockMode::access_exclusive);
  hung.make.push_back(
      column.not_null_name.empty()
          ? statement(sql::sql("{} SET NOT NULL", alter(table.name, column.name)), locks, sql::Work::scan)
          : statement(sql::sql("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}", table.name.sql(),
                               Ident{column.not_null_name}, Ident{column.name}),
                      locks, sql::Work::scan));
}

// Why dropping and adding it would leave a trace; empty: it does not.
std::string trace(const Context& ctx, const catalog::Table& table, const catalog::Column& column, const Columns& all) {
  if (!table.children.empty() || !table.inherits.empty() || !table.partition_of.name.empty())
    return "the table has partitions or inheritors";
  auto last = table.columns.rbegin();
  while (last != table.columns.rend() && all.count({table.name, last->name}) != 0 && last->name != column.name) ++last;
  if (last == table.columns.rend() || last->name != column.name) return "it would stand behind the other columns";
  if (!column.grants.empty()) return "it has rights of its own";
  for (const auto& index : table.indexes)
    if (index_uses(index, column.name)) return fmt::format("index {} would go with it", sql::quote_ident(index.name));
  for (const auto& constraint : table.constraints)
    if (std::find(constraint.columns.begin(), constraint.columns.end(), column.name) != constraint.columns.end())
      return fmt::format("constraint {} would go with it", sql::quote_ident(constraint.name));
  for (const auto& [kind, name] : ctx.before.users(table.name))
    if (kind == "statistics")
      for (const auto& use : ctx.before.object(kind, name)->uses)
        if (std::find(use.columns.begin(), use.columns.end(), column.name) != use.columns.end())
          return fmt::format("statistics {} would go with it", name.text());
  return {};
}

void by_new_column(const Context& ctx, const catalog::Table& table, const catalog::Column& column, const Columns& all,
                   Hung& hung) {
  if (const auto why = trace(ctx, table, column, all); !why.empty())
    hung.why_not = "before PostgreSQL 17 it has to be dropped and added again, and " + why;
  auto statements = column_anew(ctx, table, column);
  hung.drop.push_back(statements.front());
  hung.make.assign(statements.begin() + 1, statements.end());
}

}  // namespace

std::string trace_of_new_column(const Context& ctx, const catalog::Table& table, const catalog::Column& column) {
  return trace(ctx, table, column, {{table.name, column.name}});
}

std::vector<sql::Statement> column_anew(const Context& ctx, const catalog::Table& table,
                                        const catalog::Column& column) {
  const std::vector<sql::Lock> own{lock(table.name, LockMode::access_exclusive)};
  const auto set = alter(table.name, column.name);
  const bool stored = column.generated == "stored";
  std::vector<sql::Statement> out{
      statement(sql::sql("ALTER TABLE {} DROP COLUMN {}", table.name.sql(), Ident{column.name}), own),
      statement(sql::sql("ALTER TABLE {} ADD COLUMN {}", table.name.sql(), column_definition(column)),
                stored ? rewrite_locks(ctx, table.name) : own, work_of(column), "its values are computed again")};
  if (!column.storage.empty())
    out.push_back(statement(sql::sql("{} SET STORAGE {}", set, storage_word(column.storage)), own));
  if (column.statistics >= 0)
    out.push_back(statement(sql::sql("{} SET STATISTICS {}", set, static_cast<long long>(column.statistics)), own));
  for (const auto& option : column.options)
    out.push_back(statement(sql::sql("{} SET ({})", set, expression(option)), own));
  if (!column.comment.empty())
    out.push_back(statement(comment_on_column(table.name, column.name, column.comment), own));
  return out;
}

sql::Statement set_expression_statement(const Context& ctx, const catalog::Name& table, const catalog::Column& column,
                                        const std::string& text) {
  const bool stored = column.generated == "stored";
  return statement(sql::sql("{} SET EXPRESSION AS ({})", alter(table, column.name), expression(text)),
                   stored ? rewrite_locks(ctx, table) : tree_locks(ctx, table, LockMode::access_exclusive),
                   work_of(column), stored ? "its value is computed for every row, and the table written anew" : "");
}

bool require_generated(const Context& ctx, const ColumnAt& at, source::Span span) {
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (at.column->generated.empty()) {
    ctx.sink.report(diagnostics::wrong_kind, span, name + " is no generated column").note("take the line out");
    return false;
  }
  if (at.column->inherited == 0) return true;
  ctx.sink.report(diagnostics::inherited, span, name + " comes from a parent table").note("write it for the parent");
  return false;
}

void warn_generated_rewrite(const Context& ctx, const ColumnAt& at, source::Span span) {
  if (at.column->generated != "stored" || made_here(ctx, *at.table)) return;
  ctx.sink
      .report(diagnostics::rewrites, span,
              fmt::format("every row of `{}` is written anew under ACCESS EXCLUSIVE: nobody reads it meanwhile",
                          at.table->name.text()))
      .note("for a large table take a time when nobody works");
}

bool expression_can_change(const Context& ctx) { return ctx.before.server.major() >= 17; }

std::vector<const catalog::Column*> generated_from(const Context& ctx, const catalog::Name& table,
                                                   const std::string& column) {
  std::vector<const catalog::Column*> found;
  if (const auto* known = ctx.before.table(table))
    for (const auto& each : known->columns)
      if (!each.generated.empty() && each.name != column && mentions_column(each.default_, column))
        found.push_back(&each);
  return found;
}

std::optional<Hung> hung_generated(const Context& ctx, const catalog::Table& table, const std::string& column,
                                   const Columns& all) {
  const auto* found = table.column(column);
  const auto* parent = above(ctx, table, column);
  const bool follows = parent && parent->default_ == found->default_;
  if (follows && expression_can_change(ctx)) return std::nullopt;
  Hung hung;
  hung.what = fmt::format("generated column {}.{}", table.name.text(), sql::quote_ident(column));
  hung.key = catalog::key("column", table.name, column);
  hung.owner_kind = "table";
  hung.owner_name = table.name;
  hung.owner = table.owner;
  if (expression_can_change(ctx))
    by_expression(ctx, table, *found, hung);
  else
    by_new_column(ctx, table, *found, all, hung);
  return hung;
}

}  // namespace mig::operations
