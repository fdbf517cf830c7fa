// The model and the steps of a new column.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/add_column.hpp"
#include "compiler/operations/constraints.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/volatility.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;
using Is = syntax::ColumnOption::Is;

namespace {

std::string column_text(const catalog::Name& table, const std::string& column) {
  return fmt::format("{}.{}", table.text(), sql::quote_ident(column));
}

sql::Statement add_statement(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  auto column = made.made.column;
  if (!made.volatile_default.empty()) column.default_.clear();
  auto text = sql::sql("ALTER TABLE {} ADD COLUMN {}", table.name.sql(), column_definition(column, made.made.serial));
  auto locks = tree_locks(ctx, table.name, LockMode::access_exclusive);
  if (!made.rewrite.empty())
    for (const auto& name : ctx.before.tree(table.name))
      if (const auto* each = ctx.before.table(name); each && !each->partitioned())  // those have nothing to rebuild
        for (const auto& index : each->indexes)
          locks.push_back(lock({name.schema, index.name}, LockMode::access_exclusive));
  auto reason = made.rewrite.empty() || made.fresh ? std::string{} : made.rewrite + " needs a rewrite of all rows";
  return statement(std::move(text), std::move(locks), made.rewrite.empty() ? sql::Work::instant : sql::Work::rewrite,
                   std::move(reason));
}

std::vector<sql::Statement> statements(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  const auto& column = made.made.column;
  const auto alter = tree_locks(ctx, table.name, LockMode::access_exclusive);
  std::vector<sql::Statement> list{add_statement(ctx, table, made)};
  if (!made.volatile_default.empty())
    list.push_back(statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", table.name.sql(),
                                      Ident{column.name}, expression(made.volatile_default)),
                             alter, sql::Work::instant, "apart from ADD COLUMN, which would compute it for every row"));
  if (!column.storage.empty())
    list.push_back(statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} SET STORAGE {}", table.name.sql(),
                                      Ident{column.name}, storage_word(column.storage)),
                             alter));
  if (!column.comment.empty())
    list.push_back(statement(comment_on_column(table.name, column.name, column.comment),
                             {lock(table.name, LockMode::share_update_exclusive)}));
  return list;
}

// The names that the column and its sequence have while they are kept.
struct KeptColumn {
  std::string column, sequence;
};

KeptColumn kept_names(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  const auto salt = "back\n" + table.name.text() + '\n' + made.definition;
  return {kept_name(ctx, made.made.column.name, salt),
          made.made.sequence ? kept_name(ctx, made.made.sequence->name.name, salt) : std::string{}};
}

sql::Statement rename_column(const Context& ctx, const catalog::Name& table, const std::string& from,
                             const std::string& to, std::string reason = {}) {
  return statement(sql::sql("ALTER TABLE {} RENAME COLUMN {} TO {}", table.sql(), Ident{from}, Ident{to}),
                   tree_locks(ctx, table, LockMode::access_exclusive), sql::Work::instant, std::move(reason));
}

sql::Statement rename_sequence(const std::string& schema, const std::string& from, const std::string& to) {
  const catalog::Name sequence{schema, from};
  return statement(sql::sql("ALTER SEQUENCE {} RENAME TO {}", sequence.sql(), Ident{to}),
                   {lock(sequence, LockMode::access_exclusive)});
}

sql::Kept kept_row(const catalog::Name& table, const std::string& column, const std::string& kept) {
  return {"column", table.sql(), column, table.sql(), kept};
}

void add_way_back(const Context& ctx, const catalog::Table& table, const MadeColumn& made, sql::Step& step) {
  const auto& column = made.made.column.name;
  const auto kept = kept_names(ctx, table, made);
  std::vector<sql::Statement> away{rename_column(ctx, table.name, column, kept.column, "keeps what was written to it")};
  std::vector<sql::Statement> again{
      rename_column(ctx, table.name, kept.column, column, "with what was written to it before")};
  if (made.made.sequence) {
    const auto& sequence = made.made.sequence->name;
    away.push_back(rename_sequence(sequence.schema, sequence.name, kept.sequence));
    again.push_back(rename_sequence(sequence.schema, kept.sequence, sequence.name));
  }
  auto back = transaction(ctx, "keep column " + column_text(table.name, column) + " aside", {},
                          negate(has_column(table.name, column)));
  back.action = sql::Park{std::move(away), {kept_row(table.name, column, kept.column)}};
  step.back = {std::move(back)};
  step.revival = sql::Revival{
      probe(has_column(table.name, kept.column)), std::move(again), {kept_row(table.name, column, kept.column)}};
}

sql::Step column_step(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  const auto& column = made.made.column;
  auto step = transaction(ctx, fmt::format("add column {} {}", column_text(table.name, column.name), column.type),
                          statements(ctx, table, made), has_column(table.name, column.name));
  add_way_back(ctx, table, made, step);
  return step;
}

std::vector<sql::Step> constraint_steps(const Context& ctx, const catalog::Table& table,
                                        const catalog::Constraint& constraint) {
  if (constraint.kind == "unique")
    return online_key_steps(ctx, {constraint, {table.name, index_of(constraint), false, {}}});
  return add_constraint_steps(ctx, table, constraint, "at once it would read all rows under a lock that stops writers");
}

// By as many parents as it has in the tree.
void inherit_column(const std::vector<catalog::Name>& tree, catalog::Table& table, catalog::Column column) {
  const auto above = std::count_if(table.inherits.begin(), table.inherits.end(), [&](const catalog::Name& each) {
    return std::find(tree.begin(), tree.end(), each) != tree.end();
  });
  column.local = false;
  column.inherited = std::max(1, static_cast<int>(above));
  column.comment.clear();
  column.sequence.reset();  // a partition's identity is of its parent's sequence
  table.columns.push_back(std::move(column));
}

}  // namespace

std::string rewrites(const syntax::Definition& definition, const TypeAt& type) {
  if (type.serial) return "a serial column";
  if (type.type && type.type->kind == "domain" && !type.type->checks.empty())
    return fmt::format("a column of domain {}, which has a check,", type.type->name.text());
  const auto* generated = option(definition, Is::generated);
  if (!generated || !generated->generated) return {};
  if (!generated->generated->expression) return "an identity column";
  return generated->generated->is == syntax::Generated::Is::stored ? "a stored generated column" : "";
}

MadeColumn made_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                       const syntax::Definition& definition) {
  MadeColumn column;
  column.made = make_column(ctx, table, name, definition);
  column.definition = std::string(ctx.files.text(definition.span));
  column.fresh = made_here(ctx, table);
  if (const auto type = find_type(ctx, definition.type)) column.rewrite = rewrites(definition, *type);
  const auto* value = option(definition, Is::default_);
  if (value && value->expression && !column.fresh && !volatile_function(ctx, *value->expression).empty())
    column.volatile_default = column.made.column.default_;
  return column;
}

void put_column(const Context& ctx, catalog::Catalog& after, const catalog::Table& table, const NewColumn& made) {
  after.edit_table(table.name).columns.push_back(made.column);
  if (made.sequence) after.put(*made.sequence);
  const auto tree = ctx.before.tree(table.name);
  for (const auto& name : tree)
    if (name != table.name) inherit_column(tree, after.edit_table(name), made.column);
  for (const auto& constraint : made.constraints) put_constraint(ctx, after, table, constraint);
}

std::vector<sql::Step> add_column_steps(const Context& ctx, const catalog::Table& table, const MadeColumn& made) {
  std::vector<sql::Step> steps{column_step(ctx, table, made)};
  for (const auto& constraint : made.made.constraints)
    for (auto& step : constraint_steps(ctx, table, constraint)) steps.push_back(std::move(step));
  std::vector<std::string> touches{catalog::key("column", table.name, made.made.column.name)};
  for (const auto& constraint : made.made.constraints) {
    touches.push_back(catalog::key("constraint", table.name, constraint.name));
    if (constraint.kind == "foreign key") touches.push_back(catalog::key("table", constraint.references));
  }
  finish(steps, touches);
  return steps;
}

}  // namespace mig::operations
