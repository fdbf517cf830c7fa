// The steps that keep a column aside, bring it back, and purge it.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/exclusions.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/move_table.hpp"
#include "compiler/operations/not_null.hpp"
#include "compiler/operations/park_column.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

// All that is decided about one parked column.
struct Parked {
  const catalog::Table& table;
  const catalog::Column& column;
  std::string kept;                         // its name while it is kept
  std::vector<TableKey> keys;               // dropped with it, foreign keys apart
  std::vector<catalog::Name> null_allowed;  // where NOT NULL has to go, with all below: new rows hold nothing
  std::vector<std::pair<catalog::Name, std::string>> indexes, sequences, statistics;  // and their kept names
};

bool goes(const Parked& parked, const catalog::Name& table, const std::string& constraint) {
  return std::any_of(parked.keys.begin(), parked.keys.end(),
                     [&](const TableKey& key) { return key.table == table && key.constraint.name == constraint; });
}

void find_indexes(const Context& ctx, Parked& parked) {
  for (const auto& name : ctx.before.tree(parked.table.name)) {
    const auto* table = ctx.before.table(name);
    if (!table) continue;
    for (const auto& index : table->indexes) {
      if (!index_uses(index, parked.column.name) || goes(parked, name, index.constraint)) continue;
      // The index of a partition goes with a key that its parent loses.
      const auto* own = table->constraint(index.constraint);
      if (own && !own->parent.empty() && goes(parked, parked.table.name, own->parent)) continue;
      parked.indexes.emplace_back(catalog::Name{name.schema, index.name},
                                  kept_name(ctx, index.name, parked.column.name));
    }
  }
}

void find_others(const Context& ctx, Parked& parked) {
  for (const auto& name : ctx.before.owned_sequences(parked.table.name))
    if (ctx.before.sequence(name)->owned_by_column == parked.column.name)
      parked.sequences.emplace_back(name, kept_name(ctx, name.name, parked.column.name));
  for (const auto& [kind, name] : ctx.before.users(parked.table.name)) {
    if (kind != "statistics") continue;
    for (const auto& use : ctx.before.object(kind, name)->uses)
      if (use.relation == parked.table.name &&
          std::find(use.columns.begin(), use.columns.end(), parked.column.name) != use.columns.end())
        parked.statistics.emplace_back(name, kept_name(ctx, name.name, parked.column.name));
  }
}

bool filled(const catalog::Column& column) {
  return !column.identity.empty() || !column.generated.empty() || !column.default_.empty();
}

Parked plan(const Context& ctx, const catalog::Table& table, const catalog::Column& column) {
  Parked parked{table, column, kept_name(ctx, column.name, table.name.text()), {}, {}, {}, {}, {}};
  for (auto& key : keys_to_drop(ctx, table, column))
    if (key.constraint.kind != "foreign key") parked.keys.push_back(std::move(key));
  if (!filled(column)) parked.null_allowed = not_null_heads(ctx, table.name, column.name);
  find_indexes(ctx, parked);
  find_others(ctx, parked);
  return parked;
}

sql::Statement rename_column(const Context& ctx, const catalog::Name& table, const std::string& from,
                             const std::string& to) {
  return statement(sql::sql("ALTER TABLE {} RENAME COLUMN {} TO {}", table.sql(), Ident{from}, Ident{to}),
                   tree_locks(ctx, table, LockMode::access_exclusive));
}

// Renames of what hangs on the column, from their names to the kept ones or back.
void add_renames(const Parked& parked, bool back, std::vector<sql::Statement>& out) {
  const auto ends = [&](const std::pair<catalog::Name, std::string>& pair) {
    const catalog::Name kept{pair.first.schema, pair.second};
    return back ? std::pair{kept, pair.first.name} : std::pair{pair.first, pair.second};
  };
  for (const auto& pair : parked.indexes) {
    const auto [from, to] = ends(pair);
    out.push_back(statement(sql::sql("ALTER INDEX {} RENAME TO {}", from.sql(), Ident{to})));
  }
  for (const auto& pair : parked.sequences) {
    const auto [from, to] = ends(pair);
    out.push_back(statement(sql::sql("ALTER SEQUENCE {} RENAME TO {}", from.sql(), Ident{to}),
                            {lock(from, LockMode::access_exclusive)}));
  }
  for (const auto& pair : parked.statistics) {
    const auto [from, to] = ends(pair);
    out.push_back(statement(sql::sql("ALTER STATISTICS {} RENAME TO {}", from.sql(), Ident{to})));
  }
}

std::vector<sql::Lock> drop_locks(const Context& ctx, const TableKey& key) {
  auto locks = tree_locks(ctx, key.table, LockMode::access_exclusive);
  if (key.constraint.kind == "check") return locks;
  for (const auto& name : ctx.before.tree(key.table))
    if (const auto* table = ctx.before.table(name))
      for (const auto& index : table->indexes)
        if (index.constraint == key.constraint.name || (!index.parent.empty() && name != key.table))
          locks.push_back(lock({name.schema, index.name}, LockMode::access_exclusive));
  return locks;
}

sql::Step park_step(const Context& ctx, const Parked& parked) {
  const auto& table = parked.table.name;
  const auto& column = parked.column.name;
  std::vector<sql::Statement> list{rename_column(ctx, table, column, parked.kept)};
  list.front().reason = "kept aside until purge: nothing is read or written";
  for (const auto& key : parked.keys) {
    list.push_back(statement(drop_constraint(key.table, key.constraint.name), drop_locks(ctx, key)));
    list.back().reason = "it would refuse new rows; its definition is in the way back";
  }
  for (const auto& name : parked.null_allowed) {
    list.push_back(nullable(ctx, name, parked.kept));
    list.back().reason = "new rows hold nothing in it";
  }
  add_renames(parked, false, list);
  auto step = transaction(ctx, fmt::format("keep column {}.{} aside", table.text(), sql::quote_ident(column)), {},
                          negate(has_column(table, column)));
  step.action = sql::Park{std::move(list), {{"column", table.sql(), column, table.sql(), parked.kept}}};
  step.reversibility = sql::Reversibility::exact_until_purged;
  return step;
}

sql::Step return_step(const Context& ctx, const Parked& parked) {
  const auto& table = parked.table.name;
  const auto& column = parked.column.name;
  std::vector<sql::Statement> list{rename_column(ctx, table, parked.kept, column)};
  add_renames(parked, true, list);
  return transaction(ctx, fmt::format("bring back column {}.{}", table.text(), sql::quote_ident(column)),
                     std::move(list), has_column(table, column));
}

// The table's rows with the column under its own name, while it is kept under another.
sql::Fragment rows(const catalog::Name& table, const Parked& parked) {
  return sql::sql("(SELECT t.*, t.{} AS {} FROM {} t) t", Ident{parked.kept}, Ident{parked.column.name}, table.sql());
}

// A check, NOT VALID and then validated, with its comment.
std::vector<sql::Step> check_back(const Context& ctx, const Parked& parked, const TableKey& key) {
  return rule_way_back(
      constraint_back(ctx, *ctx.before.table(key.table), key.constraint, {}), key.constraint,
      {fmt::format("all rows of {} pass {}", key.table.text(), sql::quote_ident(key.constraint.name)),
       sql::sql("SELECT * FROM {} WHERE NOT ({})", rows(key.table, parked), expression(key.constraint.expression))});
}

sql::Condition no_duplicates(const Parked& parked, const TableKey& key) {
  std::vector<sql::Fragment> set;
  for (const auto& column : key.constraint.columns) set.push_back(sql::sql("{} IS NOT NULL", Ident{column}));
  const auto columns = names(key.constraint.columns);
  return {fmt::format("no two rows of {} have the same {}", key.table.text(), fmt::join(key.constraint.columns, ", ")),
          sql::sql("SELECT {} FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1", columns, rows(key.table, parked),
                   sql::join(set, " AND "), columns)};
}

void append(std::vector<sql::Step>& list, std::vector<sql::Step> more) {
  for (auto& step : more) list.push_back(std::move(step));
}

// A key comes back by an index that is built while writers go on; an exclusion constraint has no such way.
std::vector<sql::Step> key_back(const Context& ctx, const Parked& parked, const TableKey& key) {
  const auto& table = *ctx.before.table(key.table);
  const auto whole = existing_key(ctx, table, key.constraint);
  auto steps = key.constraint.kind == "exclude"
                   ? std::vector{add_exclusion_step(ctx, table, {key.constraint, whole.tree.index})}
                   : online_key_steps(ctx, whole);
  append(steps, restore_index_steps(ctx, whole.tree));
  if (key.constraint.kind != "exclude") return as_way_back(std::move(steps), no_duplicates(parked, key));
  for (auto& step : steps) step.back.clear();
  return steps;
}

// First the column, then its rules: each by online steps. What the rows must be like is asked before all of them, by
// the names that the column has while it is kept.
std::vector<sql::Step> way_back(const Context& ctx, const Parked& parked) {
  std::vector<sql::Step> list{return_step(ctx, parked)};
  if (!parked.null_allowed.empty())
    append(list, not_null_back(ctx, parked.table.name, parked.column.name, parked.kept, false));
  for (const auto& key : parked.keys)
    append(list, key.constraint.kind == "check" ? check_back(ctx, parked, key) : key_back(ctx, parked, key));
  return list;
}

// A foreign key goes in a step of its own, since that locks the other table as well; after the park, so that on the way
// back it comes before it: both then name the column as it is while it is kept.
sql::Step drop_key_step(const Context& ctx, const Parked& parked, const TableKey& key) {
  auto constraint = key.constraint;
  for (auto& column : constraint.columns)
    if (column == parked.column.name) column = parked.kept;
  for (auto& column : constraint.on_delete_columns)
    if (column == parked.column.name) column = parked.kept;
  auto step = drop_constraint_step(ctx, *ctx.before.table(key.table), constraint);
  step.back = rule_way_back(std::move(step.back), constraint, no_orphans(key.table, constraint, key.table));
  return step;
}

sql::Step purge_step(const Context& ctx, const Parked& parked) {
  const auto& table = parked.table.name;
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = fmt::format("destroy what was {}.{}", table.text(), sql::quote_ident(parked.column.name));
  auto locks = tree_locks(ctx, table, LockMode::access_exclusive);
  for (const auto& [name, kept] : parked.indexes)
    locks.push_back(lock({name.schema, kept}, LockMode::access_exclusive));
  for (const auto& [name, kept] : parked.sequences)
    locks.push_back(lock({name.schema, kept}, LockMode::access_exclusive));
  step.action = sql::Purge{
      {statement(sql::sql("ALTER TABLE {} DROP COLUMN {}", table.sql(), Ident{parked.kept}), std::move(locks))},
      {{"column", table.sql(), parked.column.name, table.sql(), parked.kept}}};
  step.probe = probe(negate(has_column(table, parked.kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {fmt::format("the values of {}.{}", table.text(), sql::quote_ident(parked.column.name))};
  return step;
}

}  // namespace

std::vector<sql::Step> park_column_steps(const Context& ctx, const catalog::Table& table,
                                         const catalog::Column& column) {
  const auto parked = plan(ctx, table, column);
  auto park = park_step(ctx, parked);
  park.back = way_back(ctx, parked);
  std::vector<sql::Step> steps{std::move(park)};
  for (const auto& key : keys_to_drop(ctx, table, column))
    if (key.constraint.kind == "foreign key") steps.push_back(drop_key_step(ctx, parked, key));
  steps.push_back(purge_step(ctx, parked));
  return steps;
}

}  // namespace mig::operations
