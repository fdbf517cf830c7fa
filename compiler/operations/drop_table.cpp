// drop table: the table moves to a schema of mig's until purge.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/move_table.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

bool refuse(const Context& ctx, const diagnostics::Code& code, std::string message, std::string way) {
  ctx.sink.report(code, path(ctx).span, std::move(message)).note(std::move(way));
  return false;
}

bool check_place(const Context& ctx, const catalog::Table& table) {
  const auto name = table.name.text();
  if (!table.partition_of.name.empty())
    return refuse(ctx, diagnostics::not_built_yet,
                  fmt::format("`{}` is a partition of `{}`", name, table.partition_of.text()),
                  "dropping one partition is not built yet: detach it by `sql $$…$$ back $$…$$`, then drop it");
  if (!table.inherits.empty())
    return refuse(
        ctx, diagnostics::not_built_yet, fmt::format("`{}` inherits from `{}`", name, table.inherits.front().text()),
        "dropping an inheritor is not built yet: end the inheritance by `sql $$…$$ back $$…$$`, then drop it");
  // All of them go into one schema.
  std::set<std::string> seen;
  for (const auto& each : ctx.before.tree(table.name))
    if (!seen.insert(each.name).second)
      return refuse(ctx, diagnostics::not_built_yet,
                    fmt::format("two partitions of `{}` are called `{}`", name, each.name),
                    "rename one of them before");
  return true;
}

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  if (!table || !check_place(ctx, *table)) return;
  std::vector<Dependent> needed;
  for (const auto& name : table->partitioned() ? ctx.before.tree(table->name) : std::vector{table->name})
    if (const auto* each = ctx.before.table(name))
      for (auto& dependent : dependents(ctx, *each)) needed.push_back(std::move(dependent));
  require_no_dependents(ctx, path(ctx).span, fmt::format("`{}`", table->name.text()), needed);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = find_table(ctx, path(ctx));
  if (made_here(ctx, *table)) return std::nullopt;
  return Break{fmt::format("clients of the old schema still use {}", table->name.text()),
               fmt::format("write it in contract {{ drop table {}; }}", ctx.files.text(path(ctx).span))};
}

void remove_uses(const Context& ctx, catalog::Catalog& after, const catalog::Name& table) {
  for (const auto& [kind, name] : ctx.before.users(table)) {
    if (kind == "statistics") after.drop(kind, name);
    if (kind != "publication") continue;
    auto object = *after.object(kind, name);
    std::erase_if(object.uses, [&](const auto& use) { return use.relation == table; });
    object.facts.erase("where " + table.text());
    after.put(std::move(object));
  }
}

void effect(const Context& ctx, catalog::Catalog& after) {
  for (const auto& name : ctx.before.tree(find_table(ctx, path(ctx))->name)) {
    remove_uses(ctx, after, name);
    for (const auto& sequence : ctx.before.owned_sequences(name)) after.drop("sequence", sequence);
    after.drop("table", name);
  }
}

// Keys of the table to others: kept, they would go on to refuse deletes there, or delete rows here.
std::vector<sql::Step> drop_keys(const Context& ctx, const catalog::Table& table, const TableMove& move) {
  std::vector<sql::Step> steps;
  const auto tree = ctx.before.tree(table.name);
  for (const auto& name : tree)
    for (const auto& key : ctx.before.table(name)->constraints) {
      const bool within = std::find(tree.begin(), tree.end(), key.references) != tree.end();
      if (key.kind != "foreign key" || !key.parent.empty() || within) continue;
      auto step = drop_constraint_step(ctx, *ctx.before.table(name), key);
      step.back = as_way_back(std::move(step.back), no_orphans(name, key, {move.schema, name.name}));
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

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = *find_table(ctx, path(ctx));
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
  finish(made, {catalog::key("table", table.name)});
  return made;
}

}  // namespace

extern const Operation drop_table;  // its line in operations.def finds it
constinit const Operation drop_table = {
    .name = "drop_table",
    .form = "drop table (table path)",
    .summary = "Takes a table away; it is kept aside until purge.",
    .description =
        R"(The table moves by `SET SCHEMA` to a schema `mig_park_…`, in an instant and with all that is part of it: rows, indexes,
constraints, owned sequences, policies, triggers, grants, comments, its place in publications; partitions move along. The
way back moves it home. Its foreign keys to other tables are dropped before, each in a transaction of its own, because
they would go on to guard those tables; the way back adds and validates them again, and the plan holds the query for rows
whose other side is gone.

What PostgreSQL refuses to drop without `CASCADE` is refused, all of it in one list: foreign keys of other tables, views,
functions bound to it, inheritors.

It belongs in `contract`. `purge` drops the table for good.)",
    .example = "drop table orders;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
