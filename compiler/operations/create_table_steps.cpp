// The SQL of a new table, its foreign keys, and the way back that keeps its rows.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/create_table.hpp"
#include "compiler/operations/move_table.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

bool listed(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::vector<sql::Fragment> lines(const NewTable& made) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : made.table.columns)
    if (column.local) parts.push_back(column_definition(column, listed(made.serial, column.name)));
  for (const auto& constraint : made.table.constraints)
    if (constraint.local) parts.push_back(named_constraint(constraint));
  return parts;
}

sql::Fragment settings(const std::vector<std::string>& options) {
  std::vector<sql::Fragment> parts;
  for (const auto& option : options) {
    const auto equals = option.find('=');
    std::vector<sql::Fragment> words;
    const auto name = option.substr(0, equals);
    const auto dot = name.find('.');
    const auto key = dot == std::string::npos
                         ? sql::fragment(Ident{name})
                         : sql::sql("{}.{}", Ident{name.substr(0, dot)}, Ident{name.substr(dot + 1)});
    parts.push_back(sql::sql("{} = {}", key, expression(option.substr(equals + 1))));
  }
  return sql::join(parts, ", ");
}

std::vector<sql::Lock> parent_locks(const NewTable& made) {
  std::vector<sql::Lock> locks;
  for (const auto& parent : made.table.inherits) locks.push_back(lock(parent, LockMode::share_update_exclusive));
  return locks;
}

void add_comments(const NewTable& made, std::vector<sql::Statement>& list) {
  const auto& table = made.table;
  if (!table.comment.empty())
    list.push_back(statement(sql::sql("COMMENT ON TABLE {} IS {}", table.name.sql(), comment_text(table.comment))));
  for (const auto& column : table.columns)
    if (!column.comment.empty()) list.push_back(statement(comment_on_column(table.name, column.name, column.comment)));
  for (const auto& constraint : table.constraints)
    if (!constraint.comment.empty())
      list.push_back(statement(comment_on_constraint(table.name, constraint.name, constraint.comment)));
  for (const auto& index : table.indexes)
    if (!index.comment.empty())
      list.push_back(statement(sql::sql("COMMENT ON INDEX {} IS {}", catalog::Name{table.name.schema, index.name}.sql(),
                                        comment_text(index.comment))));
}

std::vector<sql::Statement> statements(const NewTable& made) {
  const auto& table = made.table;
  std::vector<sql::Statement> list{statement(create_table_text(made), parent_locks(made))};
  for (const auto& column : table.columns)
    if (!column.storage.empty() && column.local)
      list.push_back(statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} SET STORAGE {}", table.name.sql(),
                                        Ident{column.name}, storage_word(column.storage))));
  for (const auto& name : made.plain_indexes)
    list.push_back(statement(create_index(table.name, *table.index(name), Build::plain)));
  add_comments(made, list);
  return list;
}

// Its rows are seen through the parents, and it would not inherit in the same way again: it is dropped, while it is
// empty.
void drop_while_empty(const Context& ctx, const NewTable& made, sql::Step& step) {
  const auto& name = made.table.name;
  const auto body = sql::sql(
      "BEGIN IF EXISTS (SELECT FROM ONLY {}) THEN RAISE EXCEPTION USING ERRCODE = '2F003', MESSAGE = {}; END IF; END",
      name.sql(), sql::Literal{fmt::format("mig: {} holds rows that would be lost", name.text())});
  auto locks = std::vector{lock(name, LockMode::access_exclusive)};
  auto drop = locks;
  for (const auto& index : made.table.indexes)
    drop.push_back(lock({name.schema, index.name}, LockMode::access_exclusive));
  for (const auto& sequence : made.sequences) drop.push_back(lock(sequence.name, LockMode::access_exclusive));
  auto back = transaction(ctx, fmt::format("drop table {}", name.text()),
                          {statement(sql::sql("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE", name.sql()), locks),
                           statement(sql::sql("DO {}", sql::Literal{body.text()}), locks, sql::Work::instant,
                                     "a row that was written since must not be lost"),
                           statement(sql::sql("DROP TABLE {}", name.sql()), drop)},
                          negate(has_relation(name)));
  back.condition =
      sql::Condition{fmt::format("{} is empty", name.text()), sql::sql("SELECT * FROM ONLY {}", name.sql())};
  step.back = {std::move(back)};
}

void keep_rows(const Context& ctx, const NewTable& made, sql::Step& step) {
  const auto& name = made.table.name;
  TableMove move{kept_schema(ctx, name.text() + '\n' + made.text), {name}, {}};
  for (const auto& sequence : made.sequences) move.sequences.push_back(sequence.name);
  auto back = transaction(ctx, fmt::format("keep table {} aside", name.text()), {}, negate(has_relation(name)));
  back.action = sql::Park{move_away(ctx, move), kept_rows(move)};
  step.back = {std::move(back)};
  auto home = move_home(ctx, move);
  home.front().reason = "with the rows that were written to it before";
  step.revival = sql::Revival{probe(has_relation({move.schema, name.name})), std::move(home), kept_rows(move)};
}

// The table has no rows, or those that it had before: one statement, since nobody but this migration knows it.
sql::Step key_step(const Context& ctx, const NewTable& made, const catalog::Constraint& key) {
  const auto& name = made.table.name;
  const auto title = fmt::format("foreign key {} of {}", sql::quote_ident(key.name), name.text());
  std::vector<sql::Lock> add{lock(name, LockMode::share_row_exclusive)}, drop{lock(name, LockMode::access_exclusive)};
  const auto* target = ctx.before.table(key.references);
  const bool partitions = target && target->partitioned();
  for (const auto& other : partitions ? ctx.before.tree(key.references) : std::vector{key.references}) {
    add.push_back(lock(other, LockMode::share_row_exclusive));
    drop.push_back(lock(other, LockMode::access_exclusive));
  }
  auto step = transaction(ctx, "add " + title,
                          {statement(add_constraint(name, key), std::move(add), sql::Work::instant,
                                     "in a transaction of its own: it locks the other table as well")},
                          has_constraint(name, key.name));
  step.back = {transaction(ctx, "drop " + title, {statement(drop_constraint(name, key.name), std::move(drop))},
                           negate(has_constraint(name, key.name)))};
  return step;
}

}  // namespace

sql::Fragment create_table_text(const NewTable& made) {
  const auto& table = made.table;
  const auto verb = table.persistence == "unlogged" ? sql::sql("CREATE UNLOGGED TABLE {}", table.name.sql())
                                                    : sql::sql("CREATE TABLE {}", table.name.sql());
  const auto body = sql::join(lines(made), ",\n  ");
  std::vector<sql::Fragment> parts{body.empty() ? sql::sql("{} ()", verb) : sql::sql("{} (\n  {}\n)", verb, body)};
  if (!table.inherits.empty()) {
    std::vector<sql::Fragment> parents;
    for (const auto& parent : table.inherits) parents.push_back(sql::fragment(parent.sql()));
    parts.push_back(sql::sql("INHERITS ({})", sql::join(parents, ", ")));
  }
  if (!table.partition_by.empty()) parts.push_back(sql::sql("PARTITION BY {}", expression(table.partition_by)));
  if (!table.options.empty()) parts.push_back(sql::sql("WITH ({})", settings(table.options)));
  return sql::join(parts, " ");
}

std::vector<sql::Step> create_table_steps(const Context& ctx, const NewTable& made) {
  const auto& name = made.table.name;
  auto table = transaction(ctx, fmt::format("create table {}", name.text()), statements(made), has_relation(name));
  if (made.table.inherits.empty())
    keep_rows(ctx, made, table);
  else
    drop_while_empty(ctx, made, table);
  std::vector<sql::Step> steps{std::move(table)};
  for (const auto& key : made.elsewhere) steps.push_back(key_step(ctx, made, key));
  std::vector<std::string> touches{catalog::key("table", name)};
  for (const auto& key : made.elsewhere) touches.push_back(catalog::key("table", key.references));
  for (const auto& parent : made.table.inherits) touches.push_back(catalog::key("table", parent));
  finish(steps, touches);
  return steps;
}

}  // namespace mig::operations
