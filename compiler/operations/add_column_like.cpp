// A new column as another one: type, default, collation, storage, comment, its own constraints and indexes.
#include "compiler/operations/add_column_like.hpp"
#include "compiler/operations/acl.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/volatility.hpp"
#include "compiler/sql/parse.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
ColumnAt other_of(const Context& ctx) { return find_column(ctx, *like_path(ctx)); }

// An expression of the other column's table, about the new one.
std::string about(const std::string& expression, const ColumnAt& other, const std::string& column) {
  auto renamed =
      sql::rename_column(expression, sql::Text::expression, true, other.table->name.sql(), other.column->name, column);
  return renamed ? *renamed : expression;
}

// Over this column and no other.
bool of_column_alone(const catalog::Constraint& constraint, const std::string& column) {
  return constraint.columns == std::vector{column} && constraint.include.empty() && constraint.parent.empty();
}

catalog::Constraint copy(const Context& ctx, const catalog::Table& so_far, const catalog::Constraint& from,
                         const ColumnAt& other, const std::string& column) {
  auto made = from;
  made.columns = {column};
  for (auto& each : made.on_delete_columns) each = column;
  made.comment.clear();
  made.definition.clear();
  made.local = true;
  made.inherited = 0;
  made.validated = true;
  if (from.kind == "check") {
    made.expression = about(from.expression, other, column);
    made.name = free_constraint_name(so_far, column, "check");
  } else if (from.kind == "foreign key") {
    made.name = free_constraint_name(so_far, column, "fkey");
  } else {
    made.name = free_relation_name(ctx, so_far, column, "key");
  }
  return made;
}

// Checks, foreign keys and unique constraints of the column alone; a primary key there is only once.
void add_constraints(const Context& ctx, const catalog::Table& table, const ColumnAt& other, NewColumn& made) {
  auto so_far = table;
  so_far.columns.push_back(made.column);
  for (const auto& each : other.table->constraints) {
    if (!of_column_alone(each, other.column->name) || each.kind == "primary key" || each.kind == "exclude") continue;
    made.constraints.push_back(copy(ctx, so_far, each, other, made.column.name));
    add_to(so_far, made.constraints.back());
  }
}

void add_sequence(const Context& ctx, const catalog::Table& table, NewColumn& made) {
  if (made.column.identity.empty()) return;
  if (!made.column.sequence) made.column.sequence = default_sequence(made.column.type);
  catalog::Sequence sequence;
  sequence.name = {table.name.schema, free_relation_name(ctx, table, made.column.name, "seq")};
  sequence.owner = table.owner;
  sequence.grants = initial_grants(ctx, "sequences", table.name.schema);
  sequence.options = *made.column.sequence;
  sequence.owned_by = table.name;
  sequence.owned_by_column = made.column.name;
  sequence.identity = true;
  sequence.persistence = table.persistence;
  made.sequence = std::move(sequence);
}

MadeColumn made_like(const Context& ctx, const catalog::Table& table) {
  const auto other = other_of(ctx);
  MadeColumn out;
  auto& column = out.made.column;
  column = *other.column;
  column.name = path(ctx).parts.back().text;
  column.local = true;
  column.inherited = 0;
  column.grants.clear();
  column.not_null_name.clear();
  column.made_by = place(ctx);
  if (!column.generated.empty()) column.default_ = about(column.default_, other, column.name);
  out.fresh = made_here(ctx, table);
  out.definition = fmt::format("like {}.{} {}", other.table->name.text(), other.column->name, column.type);
  add_sequence(ctx, table, out.made);
  add_constraints(ctx, table, other, out.made);
  if (!column.identity.empty()) out.rewrite = "an identity column";
  if (column.generated == "stored") out.rewrite = "a stored generated column";
  if (column.generated.empty() && !out.fresh && !volatile_call(ctx, column.default_).empty())
    out.volatile_default = column.default_;
  return out;
}

// An index on this column alone, that no constraint owns.
bool is_own(const catalog::Index& index, const std::string& column) {
  if (!index.constraint.empty() || !index.include.empty() || !index.valid) return false;
  const auto only = [&](const std::string& text) {
    return text.empty() || sql::columns_of(text) == std::vector{column};
  };
  return only(index.predicate) && std::all_of(index.parts.begin(), index.parts.end(), [&](const auto& part) {
           return part.column.empty() ? only(part.expression) : part.column == column;
         });
}

std::vector<std::string> name_parts(const catalog::Index& index) {
  std::vector<std::string> names;
  for (const auto& part : index.parts) names.push_back(part.column.empty() ? "expr" : part.column);
  return names;
}

IndexTree tree_of(const Context& ctx, const catalog::Table& table, const catalog::Index& index,
                  std::vector<std::string>& taken) {
  IndexTree tree{table.name, index, table.partitioned(), {}};
  for (const auto& name : table.children) {
    const auto* child = tree.partitioned ? ctx.before.table(name) : nullptr;
    if (!child) continue;
    auto part = index;
    part.name = index_name(ctx.before, name, name_parts(index), taken);
    part.parent = index.name;
    taken.push_back(part.name);
    tree.parts.push_back(tree_of(ctx, *child, part, taken));
  }
  return tree;
}

std::vector<IndexTree> indexes_like(const Context& ctx, const catalog::Table& table) {
  const auto other = other_of(ctx);
  const auto& column = path(ctx).parts.back().text;
  std::vector<std::string> taken;
  std::vector<IndexTree> trees;
  for (const auto& from : other.table->indexes) {
    if (!is_own(from, other.column->name)) continue;
    auto index = from;
    for (auto& part : index.parts) {
      if (!part.column.empty()) part.column = column;
      if (!part.expression.empty()) part.expression = about(part.expression, other, column);
      part.statistics = -1;
    }
    if (!index.predicate.empty()) index.predicate = about(index.predicate, other, column);
    index.comment.clear();
    index.definition.clear();
    index.parent.clear();
    index.clustered = index.replica_identity = false;
    index.name = index_name(ctx.before, table.name, name_parts(index), taken);
    taken.push_back(index.name);
    trees.push_back(tree_of(ctx, table, index, taken));
  }
  return trees;
}

// What column_definition() leaves out.
void add_settings(const Context& ctx, const catalog::Table& table, const catalog::Column& column,
                  std::vector<sql::Step>& steps) {
  auto* action = std::get_if<sql::Transaction>(&steps.front().action);
  if (!action) return;
  const auto alter = sql::sql("ALTER TABLE {} ALTER COLUMN {}", table.name.sql(), Ident{column.name});
  const auto locks = tree_locks(ctx, table.name, sql::LockMode::access_exclusive);
  if (column.statistics >= 0)
    action->statements.push_back(
        statement(sql::sql("{} SET STATISTICS {}", alter, static_cast<long long>(column.statistics)), locks));
  for (const auto& option : column.options)
    if (option.rfind("foreign.", 0) != 0)
      action->statements.push_back(statement(sql::sql("{} SET ({})", alter, expression(option)), locks));
}

bool refuse(const Context& ctx, std::string message, std::string way) {
  ctx.sink.report(diagnostics::contradiction, like_path(ctx)->span, std::move(message)).note(std::move(way));
  return false;
}

// A formula over other columns needs them here as well.
bool check_formula(const Context& ctx, const catalog::Table& table, const ColumnAt& other) {
  if (other.column->generated.empty()) return true;
  for (const auto& name : sql::columns_of(other.column->default_))
    if (!table.column(name))
      return refuse(ctx,
                    fmt::format("`{}` is generated from `{}`, which `{}` does not have", other.column->name, name,
                                table.name.text()),
                    "write the column out: add column … generated always as (…) stored");
  return true;
}

bool check_rows(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  const auto& column = made.made.column;
  const bool filled = !column.default_.empty() || !column.identity.empty();
  if (made_here(ctx, table) || !column.not_null || (filled && made.volatile_default.empty())) return true;
  ctx.sink
      .report(diagnostics::no_value_for_rows, like_path(ctx)->span,
              fmt::format("`{}` is not null, and rows that exist would have no value",
                          ctx.files.text(like_path(ctx)->span)))
      .note(fmt::format("write: add column {} {};    without not null", ctx.files.text(path(ctx).span), column.type))
      .note(fmt::format("fill it, and in contract {{ set not null {}; }}", ctx.files.text(path(ctx).span)));
  return false;
}

}  // namespace

const syntax::Path* like_path(const Context& ctx) { return ctx.call.get<syntax::Path>("other"); }

void check_like(const Context& ctx, const catalog::Table& table) {
  const auto other = require_column(ctx, *like_path(ctx));
  if (!other.column || !check_formula(ctx, table, other)) return;
  const auto made = made_like(ctx, table);
  if (!check_rows(ctx, table, made)) return;
  const bool unique = std::any_of(made.made.constraints.begin(), made.made.constraints.end(),
                                  [](const auto& each) { return each.kind == "unique"; });
  const auto trees = indexes_like(ctx, table);
  const bool unique_index = std::any_of(trees.begin(), trees.end(), [](const auto& tree) { return tree.index.unique; });
  if ((unique || unique_index) && table.partitioned())
    (void)refuse(ctx, "a unique key of a partitioned table must contain its partition key, so not one new column alone",
                 "write the column out, without `unique`");
  if ((unique || unique_index) && !made.made.column.default_.empty() && made.volatile_default.empty() && !made.fresh)
    (void)refuse(ctx, "it is unique, and every row that exists would get the same default",
                 "write the column out, without its default");
  if (!made.made.column.identity.empty() && !table.children.empty() &&
      !(table.partitioned() && ctx.before.server.major() >= 17))
    (void)refuse(ctx,
                 fmt::format("`{}` has tables below it: PostgreSQL gives them no identity column", table.name.text()),
                 "write the column out, as bigserial");
}

void put_like(const Context& ctx, catalog::Catalog& after, const catalog::Table& table) {
  put_column(ctx, after, table, made_like(ctx, table).made);
  for (const auto& tree : indexes_like(ctx, table)) put_indexes(after, tree);
}

std::vector<sql::Step> like_steps(const Context& ctx, const catalog::Table& table) {
  const auto made = made_like(ctx, table);
  auto steps = add_column_steps(ctx, table, made);
  add_settings(ctx, table, made.made.column, steps);
  for (const auto& tree : indexes_like(ctx, table)) {
    auto built = build_steps(ctx, tree, made.fresh);
    finish(built, touches(tree));
    for (auto& step : built) steps.push_back(std::move(step));
  }
  const auto other = other_of(ctx);
  for (auto& step : steps) step.touches.push_back(catalog::key("column", other.table->name, other.column->name));
  return steps;
}

}  // namespace mig::operations
