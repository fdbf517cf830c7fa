// A table that goes: set aside until purge.
#include "compiler/operations/park_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/move_table.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

void remove_uses(catalog::Catalog& after, const catalog::Name& table) {
  for (const auto& [kind, name] : after.users(table)) {
    if (kind == "statistics") after.drop(kind, name);
    if (kind != "publication") continue;
    auto object = *after.object(kind, name);
    std::erase_if(object.uses, [&](const auto& use) { return use.relation == table; });
    object.facts.erase("where " + table.text());
    after.put(std::move(object));
  }
}

// Keys of the table to others: kept, they would go on to refuse deletes there, or delete rows here. Rows in the way of
// their coming back are asked for while the table is aside, before the way back begins.
std::vector<sql::Step> drop_keys(const Context& ctx, const catalog::Table& table, const TableMove& move) {
  std::vector<sql::Step> steps;
  const auto tree = ctx.before.tree(table.name);
  for (const auto& name : tree)
    for (const auto& key : ctx.before.table(name)->constraints) {
      const bool within = std::find(tree.begin(), tree.end(), key.references) != tree.end();
      if (key.kind != "foreign key" || !key.parent.empty() || within) continue;
      auto step = drop_constraint_step(ctx, *ctx.before.table(name), key);
      step.back = rule_way_back(std::move(step.back), key, no_orphans(name, key, {move.schema, name.name}));
      steps.push_back(std::move(step));
    }
  return steps;
}

sql::Step purge_step(const Context& ctx, const catalog::Table& table, const TableMove& move) {
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = fmt::format("destroy what was {}", table.name.text());
  const catalog::Name kept{move.schema, table.name.name};
  std::vector<sql::Lock> locks;
  for (const auto& name : move.tables) {
    locks.push_back(lock({move.schema, name.name}, LockMode::access_exclusive));
    for (const auto& index : ctx.before.table(name)->indexes)
      locks.push_back(lock({move.schema, index.name}, LockMode::access_exclusive));
  }
  for (const auto& name : move.sequences) locks.push_back(lock({move.schema, name.name}, LockMode::access_exclusive));
  step.action = sql::Purge{{statement(sql::sql("DROP TABLE {}", kept.sql()), std::move(locks))}, kept_rows(move)};
  step.probe = probe(negate(has_relation(kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {fmt::format("the rows of {}", table.name.text())};
  return step;
}

}  // namespace

void remove_tables(catalog::Catalog& after, const catalog::Name& table) {
  for (const auto& name : after.tree(table)) {
    remove_uses(after, name);
    for (const auto& sequence : after.owned_sequences(name)) after.drop("sequence", sequence);
    after.drop("table", name);
  }
}

std::vector<sql::Step> park_steps(const Context& ctx, const catalog::Table& table) {
  const auto move = plan_move(ctx, table, kept_schema(ctx, table.name.text()));
  auto made = drop_keys(ctx, table, move);
  auto park =
      transaction(ctx, fmt::format("keep table {} aside", table.name.text()), {}, negate(has_relation(table.name)));
  park.action = sql::Park{move_away(ctx, move), kept_rows(move)};
  park.reversibility = sql::Reversibility::exact_until_purged;
  park.back = {transaction(ctx, fmt::format("bring back table {}", table.name.text()), move_home(ctx, move),
                           has_relation(table.name))};
  made.push_back(std::move(park));
  made.push_back(purge_step(ctx, table, move));
  return made;
}

}  // namespace mig::operations
