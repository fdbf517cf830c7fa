// A table and all that moves with it.
#include "compiler/operations/move_table.hpp"

#include <fmt/format.h>

#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

sql::Statement set_schema(const catalog::Name& from, const std::string& schema, const TableMove& move, bool home) {
  std::vector<sql::Lock> locks{lock(from, LockMode::access_exclusive)};
  // The sequences move with the first table, which is the one that may own them.
  if (move.tables.front().name == from.name)
    for (const auto& sequence : move.sequences)
      locks.push_back(lock(home ? catalog::Name{move.schema, sequence.name} : sequence, LockMode::access_exclusive));
  return statement(sql::sql("ALTER TABLE {} SET SCHEMA {}", from.sql(), Ident{schema}), std::move(locks));
}

}  // namespace

TableMove plan_move(const Context& ctx, const catalog::Table& table, std::string schema) {
  TableMove move{std::move(schema), {table.name}, {}};
  if (table.partitioned()) move.tables = ctx.before.tree(table.name);
  for (const auto& name : move.tables)
    for (const auto& sequence : ctx.before.owned_sequences(name)) move.sequences.push_back(sequence);
  return move;
}

std::vector<sql::Statement> move_away(const Context&, const TableMove& move) {
  std::vector<sql::Statement> list;
  for (const auto& name : move.tables) list.push_back(set_schema(name, move.schema, move, false));
  list.front().reason = "kept aside: nothing is read or written";
  return list;
}

std::vector<sql::Statement> move_home(const Context&, const TableMove& move) {
  std::vector<sql::Statement> list;
  for (const auto& name : move.tables) list.push_back(set_schema({move.schema, name.name}, name.schema, move, true));
  return list;
}

std::vector<sql::Kept> kept_rows(const TableMove& move) {
  std::vector<sql::Kept> rows;
  for (const auto& name : move.tables) rows.push_back({"table", name.sql(), {}, {move.schema, name.name}, {}});
  return rows;
}

sql::Condition no_orphans(const catalog::Name& table, const catalog::Constraint& key, const catalog::Name& now) {
  std::vector<sql::Fragment> pairs, set;
  for (std::size_t i = 0; i < key.columns.size() && i < key.reference_columns.size(); ++i) {
    pairs.push_back(sql::sql("r.{} = t.{}", Ident{key.reference_columns[i]}, Ident{key.columns[i]}));
    set.push_back(sql::sql("t.{} IS NOT NULL", Ident{key.columns[i]}));
  }
  // With MATCH FULL a row that is null in some of the columns is in the way as well.
  const auto asked = sql::join(set, key.match == "full" ? " OR " : " AND ");
  return {fmt::format("each row of {} still finds its {}", table.text(), key.references.text()),
          sql::sql("SELECT t.* FROM {} t WHERE ({}) AND NOT EXISTS (SELECT FROM {} r WHERE {})", now.sql(), asked,
                   key.references.sql(), sql::join(pairs, " AND "))};
}

}  // namespace mig::operations
