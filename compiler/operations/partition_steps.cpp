// Partitions as steps: ATTACH without a scan, DETACH without a queue.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/partitions.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

using Locks = std::vector<sql::Lock>;

Fragment in_partition_of(const catalog::Name& parent, const catalog::Name& table, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class p ON p.oid = i.inhparent "
      "JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE n.nspname = {} AND c.relname = {} "
      "AND pn.nspname = {} AND p.relname = {}{})",
      Literal{table.schema}, Literal{table.name}, Literal{parent.schema}, Literal{parent.name}, condition);
}
Fragment is_partition(const Partition& partition) {
  return in_partition_of(partition.parent->name, partition.table->name, {});
}

// Of the parent and of those above it: a partition of a partition keeps them all.
std::optional<std::string> condition_of(const Context& ctx, const Partition& partition) {
  auto condition = bound_condition(*partition.parent, partition.bound);
  const auto* above = partition.parent;
  while (condition && !above->partition_of.name.empty()) {
    const auto* next = ctx.before.table(above->partition_of);
    const auto more = next ? bound_condition(*next, above->partition_bound) : std::nullopt;
    if (!more) return std::nullopt;
    condition = fmt::format("{} AND {}", *condition, *more);
    above = next;
  }
  return condition;
}

// A check of mig's that lives until ATTACH has seen it.
struct Proof {
  catalog::Name table;
  catalog::Constraint check;
};

Proof proof(const Context& ctx, const catalog::Name& table, const std::string& condition, const std::string& mark) {
  Proof made;
  made.table = table;
  made.check.name = kept_name(ctx, table.name, mark);
  made.check.kind = "check";
  made.check.expression = condition;
  return made;
}

std::vector<Proof> proofs(const Context& ctx, const Partition& partition) {
  std::vector<Proof> made;
  const auto own = condition_of(ctx, partition);
  if (own && !made_here(ctx, *partition.table))
    made.push_back(proof(ctx, partition.table->name, *own, "bound of " + partition.parent->name.text()));
  const auto* rest = default_partition(ctx.before, *partition.parent);
  const auto others = bound_condition(*partition.parent, partition.bound);
  if (rest && rest != partition.table && others)
    made.push_back(proof(ctx, rest->name, fmt::format("NOT ({})", *others), "without " + partition.table->name.text()));
  return made;
}

sql::Fragment drop_if_there(const catalog::Name& table, const std::string& constraint) {
  return sql::sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", table.sql(), Ident{constraint});
}

// ATTACH takes it away again, so that its way back may find nothing.
void add_proof(const Context& ctx, const Proof& proof, std::vector<sql::Step>& steps) {
  const auto* table = ctx.before.table(proof.table);
  const auto first = steps.size();
  for (auto& step : add_constraint_steps(ctx, *table, proof.check,
                                         "proves to ATTACH what it would read all rows for, under its lock"))
    steps.push_back(std::move(step));
  steps[first].back = {transaction(ctx, fmt::format("take the proof from {}", proof.table.text()),
                                   {statement(drop_if_there(proof.table, proof.check.name),
                                              tree_locks(ctx, proof.table, LockMode::access_exclusive))},
                                   negate(has_constraint(proof.table, proof.check.name)))};
}

// ---- what is missing ----

sql::Step key_step(const Context& ctx, const catalog::Name& table, const catalog::Constraint& key) {
  auto text = sql::sql("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}", table.sql(), Ident{key.name},
                       key.kind == "primary key" ? sql::sql("PRIMARY KEY") : sql::sql("UNIQUE"), Ident{key.name});
  if (key.deferrable)
    text = sql::sql("{} DEFERRABLE{}", text, key.deferred ? sql::sql(" INITIALLY DEFERRED") : Fragment{});
  auto step = transaction(ctx, fmt::format("add {} {} of {}", key.kind, sql::quote_ident(key.name), table.text()),
                          {statement(std::move(text), {lock(table, LockMode::access_exclusive)}, sql::Work::instant,
                                     "takes over the index that was built online")},
                          has_constraint(table, key.name));
  const catalog::Name index{table.schema, key.name};
  step.back = {transaction(ctx, fmt::format("drop {} {} of {}", key.kind, sql::quote_ident(key.name), table.text()),
                           {statement(drop_constraint(table, key.name), {lock(table, LockMode::access_exclusive),
                                                                         lock(index, LockMode::access_exclusive)})},
                           negate(has_constraint(table, key.name)))};
  return step;
}

void add_missing(const Context& ctx, const catalog::Table& table, const Missing& lacks, std::vector<sql::Step>& steps) {
  const auto add = [&](std::vector<sql::Step> more) {
    for (auto& step : more) steps.push_back(std::move(step));
  };
  for (const auto& check : lacks.checks)
    add(add_constraint_steps(ctx, table, check, "the parent has it, and a partition must have it too"));
  for (auto index : lacks.indexes) {
    const auto key = std::find_if(lacks.keys.begin(), lacks.keys.end(),
                                  [&](const auto& each) { return each.name == index.constraint; });
    index.constraint.clear();
    steps.push_back(build_index(ctx, table.name, index, "CONCURRENTLY, before ATTACH would build it under its lock"));
    if (key != lacks.keys.end()) steps.push_back(key_step(ctx, table.name, *key));
  }
  for (const auto& key : lacks.foreign_keys)
    add(add_constraint_steps(ctx, table, key, "before ATTACH would check all rows under its lock"));
}

// ---- ATTACH ----

// Those of the parent that refer elsewhere: ATTACH takes the partition's over and drops its triggers there.
Locks referenced(const Context& ctx, const Partition& partition, LockMode mode) {
  Locks locks;
  for (const auto& key : partition.parent->constraints)
    if (key.kind == "foreign key" && key.references != partition.parent->name) {
      const auto* target = ctx.before.table(key.references);
      for (const auto& name :
           target && target->partitioned() ? ctx.before.tree(key.references) : std::vector{key.references})
        locks.push_back(lock(name, mode));
    }
  return locks;
}

// Tables with foreign keys to the parent, or to those above it.
Locks referring(const Context& ctx, const Partition& partition, LockMode mode) {
  Locks locks;
  for (const auto* above = partition.parent; above; above = ctx.before.table(above->partition_of)) {
    for (const auto& name : ctx.before.referencing(above->name))
      if (name != above->name) locks.push_back(lock(name, mode));
    if (above->partition_of.name.empty()) break;
  }
  return locks;
}

Fragment on_off(const std::string& enabled) {
  if (enabled == "disabled") return sql::sql("DISABLE");
  if (enabled == "always") return sql::sql("ENABLE ALWAYS");
  return enabled == "replica" ? sql::sql("ENABLE REPLICA") : sql::sql("ENABLE");
}

// One clone and those below it. A clone that is not in the catalog is switched as the one above it.
void switch_clone(const Context& ctx, const catalog::Name& name, const catalog::Trigger& trigger,
                  const std::string& above, std::vector<sql::Statement>& made) {
  const auto* table = ctx.before.table(name);
  if (!table) return;
  const auto own = std::find_if(table->triggers.begin(), table->triggers.end(),
                                [&](const auto& each) { return each.name == trigger.name; });
  const bool apart = own != table->triggers.end();
  const auto& state = apart ? own->enabled : above;
  if (apart || state != trigger.enabled)
    made.push_back(statement(sql::sql("ALTER TABLE {} {} TRIGGER {}", name.sql(), on_off(state), Ident{trigger.name}),
                             {lock(name, LockMode::share_row_exclusive)}));
  for (const auto& child : table->children) switch_clone(ctx, child, trigger, state, made);
}

// Clones of the parent's triggers that were switched apart from it, on the partition and on its own partitions: ATTACH
// makes them anew. Parents first, since from PostgreSQL 15 on the state goes down to the partitions.
std::vector<sql::Statement> switch_clones(const Context& ctx, const Partition& partition) {
  std::vector<sql::Statement> made;
  for (const auto& trigger : partition.parent->triggers)
    if (trigger.row) switch_clone(ctx, partition.table->name, trigger, trigger.enabled, made);
  return made;
}

// The default partition's rows are read by ATTACH unless a check proves that none belongs to the new one.
bool reads_default(const Context& ctx, const Partition& partition, const std::vector<Proof>& proofs) {
  const auto* rest = default_partition(ctx.before, *partition.parent);
  if (!rest || rest->name == partition.table->name || made_here(ctx, *rest)) return false;
  return std::none_of(proofs.begin(), proofs.end(), [&](const auto& each) { return each.table == rest->name; });
}

sql::Step attach_step(const Context& ctx, const Partition& partition, const std::vector<Proof>& proofs) {
  const auto& parent = partition.parent->name;
  const auto& name = partition.table->name;
  Locks locks{lock(parent, LockMode::share_update_exclusive)};
  for (const auto& each : tree_locks(ctx, name, LockMode::access_exclusive)) locks.push_back(each);
  if (const auto* rest = default_partition(ctx.before, *partition.parent); rest && rest->name != name)
    for (const auto& each : tree_locks(ctx, rest->name, LockMode::access_exclusive)) locks.push_back(each);
  for (const auto& each : referenced(ctx, partition, LockMode::access_exclusive)) locks.push_back(each);
  // It gets the triggers that guard their rows; before 15 without a lock that counts.
  for (const auto& each : referring(
           ctx, partition, ctx.before.server.major() >= 15 ? LockMode::share_row_exclusive : LockMode::access_share))
    locks.push_back(each);
  for (auto above = partition.parent->partition_of; !above.name.empty(); above = ctx.before.table(above)->partition_of)
    locks.push_back(lock(above, LockMode::access_share));  // to read their bounds
  const bool fresh = made_here(ctx, *partition.table);
  const bool proven = std::any_of(proofs.begin(), proofs.end(), [&](const auto& each) { return each.table == name; });
  const bool default_read = reads_default(ctx, partition, proofs);
  std::vector<sql::Statement> statements{statement(
      sql::sql("ALTER TABLE {} ATTACH PARTITION {} {}", parent.sql(), name.sql(), expression(partition.bound)),
      std::move(locks), !default_read && (fresh || proven) ? sql::Work::instant : sql::Work::scan,
      default_read ? "reads the rows of the default partition: no check proves such a bound"
      : fresh      ? "this migration made the table: nobody waits for it"
      : proven     ? "nothing is read: what it would look for is proven or built already"
                   : "reads the rows of the partition: no check proves such a bound")};
  for (const auto& each : proofs) statements.push_back(statement(drop_constraint(each.table, each.check.name)));
  auto step = transaction(ctx, fmt::format("attach {} to {}", name.text(), parent.text()), std::move(statements),
                          is_partition(partition));
  if (default_read)
    step.hazards.push_back(fmt::format("all rows of {} are read under ACCESS EXCLUSIVE: nobody reads or writes it",
                                       default_partition(ctx.before, *partition.parent)->name.text()));
  return step;
}

// ---- DETACH ----

// The check that DETACH CONCURRENTLY leaves: named as a new one of its columns would be.
std::string left_check(const Context& ctx, const Partition& partition) {
  std::vector<std::string> columns;
  for (const auto* above = partition.parent; above; above = ctx.before.table(above->partition_of)) {
    for (const auto& column : above->partition_columns)
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
    if (above->partition_of.name.empty()) break;
  }
  return check_name(ctx.before, partition.table->name, columns);
}

bool can_concurrently(const Context& ctx, const Partition& partition) {
  return ctx.before.server.major() >= 14 && !default_partition(ctx.before, *partition.parent);
}

sql::Step detach_online(const Context& ctx, const Partition& partition) {
  const auto& parent = partition.parent->name;
  const auto& name = partition.table->name;
  const Locks locks{lock(parent, LockMode::share_update_exclusive), lock(name, LockMode::share_update_exclusive)};
  auto step = concurrent(
      ctx, fmt::format("detach {} from {}", name.text(), parent.text()),
      statement(
          sql::sql("ALTER TABLE {} DETACH PARTITION {} CONCURRENTLY", parent.sql(), name.sql()), locks,
          sql::Work::instant,
          "CONCURRENTLY: it waits for whoever uses the parent; then the partition alone is locked for an instant"),
      negate(is_partition(partition)));
  auto& action = std::get<sql::Concurrent>(step.action);
  action.remnant = probe(in_partition_of(parent, name, sql::sql(" AND i.inhdetachpending")));
  action.cleanup = statement(sql::sql("ALTER TABLE {} DETACH PARTITION {} FINALIZE", parent.sql(), name.sql()), locks);
  return step;
}

sql::Step detach_at_once(const Context& ctx, const Partition& partition) {
  const auto& parent = partition.parent->name;
  const auto& table = *partition.table;
  auto locks = tree_locks(ctx, table.name, LockMode::access_exclusive);
  // Before 14 the partition itself is locked less, but for the default one and where clones of triggers go.
  const auto referrers = referring(ctx, partition, LockMode::access_exclusive);
  const auto& triggers = partition.parent->triggers;
  const bool clones = std::any_of(triggers.begin(), triggers.end(), [](const auto& each) { return each.row; });
  if (ctx.before.server.major() < 14 && partition.bound != "DEFAULT" && referrers.empty() && !clones)
    locks.front().mode = LockMode::share_update_exclusive;
  locks.push_back(lock(parent, LockMode::access_exclusive));
  for (const auto& index : table.indexes)
    if (!index.parent.empty()) locks.push_back(lock({table.name.schema, index.name}, LockMode::access_exclusive));
  if (const auto* rest = default_partition(ctx.before, *partition.parent); rest && rest != &table)
    locks.push_back(lock(rest->name, LockMode::access_exclusive));
  for (const auto& each : referenced(ctx, partition, LockMode::share_row_exclusive)) locks.push_back(each);
  for (const auto& each : referrers) locks.push_back(each);
  return transaction(ctx, fmt::format("detach {} from {}", table.name.text(), parent.text()),
                     {statement(sql::sql("ALTER TABLE {} DETACH PARTITION {}", parent.sql(), table.name.sql()),
                                std::move(locks), referrers.empty() ? sql::Work::instant : sql::Work::scan,
                                ctx.before.server.major() < 14 ? "CONCURRENTLY came with PostgreSQL 14"
                                                               : "with a default partition there is no CONCURRENTLY")},
                     negate(is_partition(partition)));
}

}  // namespace

std::vector<sql::Step> attach_steps(const Context& ctx, const Partition& partition) {
  std::vector<sql::Step> steps;
  const auto lacks = missing(ctx.before, partition);
  add_missing(ctx, *partition.table, lacks, steps);
  auto ready = ctx.before;
  put_missing(ready, partition.table->name, lacks);
  const auto later = with(ctx, ready);
  const auto all = proofs(later, partition);
  for (const auto& each : all) add_proof(later, each, steps);
  auto attach = attach_step(later, partition, all);
  put_attached(ready, {ready.table(partition.parent->name), ready.table(partition.table->name), partition.bound});
  const auto attached = with(ctx, ready);
  attach.back = detach_steps(
      attached, {ready.table(partition.parent->name), ready.table(partition.table->name), partition.bound});
  // The proofs went with ATTACH; their own ways back find them gone.
  steps.push_back(std::move(attach));
  return steps;
}

std::vector<sql::Step> detach_steps(const Context& ctx, const Partition& partition) {
  const bool online = can_concurrently(ctx, partition);
  std::vector<sql::Step> steps{online ? detach_online(ctx, partition) : detach_at_once(ctx, partition)};
  for (const auto& each : referring(ctx, partition, LockMode::access_share))
    steps.front().hazards.push_back(fmt::format("rows of {} that refer to rows of {} make PostgreSQL refuse it (23503)",
                                                sql::display(each.relation), partition.table->name.text()));
  if (!online) return steps;
  if (partition_key(*partition.parent).strategy == "HASH") return steps;
  const auto& name = partition.table->name;
  auto drop = transaction(
      ctx, fmt::format("drop the check that DETACH leaves on {}", name.text()),
      {statement(drop_if_there(name, left_check(ctx, partition)), tree_locks(ctx, name, LockMode::access_exclusive))},
      {});
  drop.probe.reset();  // PostgreSQL leaves none where another check says the same
  steps.push_back(std::move(drop));
  return steps;
}

std::vector<sql::Step> detach_and_back(const Context& ctx, const Partition& partition) {
  auto steps = detach_steps(ctx, partition);
  auto detached = ctx.before;
  put_detached(detached, partition);
  const auto later = with(ctx, detached);
  const Partition again{detached.table(partition.parent->name), detached.table(partition.table->name), partition.bound};
  auto back = attach_steps(later, again);
  auto& attach = std::get<sql::Transaction>(back.back().action).statements;
  for (auto& each : switch_clones(ctx, partition)) attach.push_back(std::move(each));
  // Left where the way back begins between the two steps.
  if (steps.size() > 1) attach.push_back(statement(drop_if_there(partition.table->name, left_check(ctx, partition))));
  for (auto& step : back) step.back.clear();
  if (const auto condition = condition_of(ctx, partition))
    back.front().condition = sql::Condition{
        fmt::format("each row of {} fits its bound", partition.table->name.text()),
        sql::sql("SELECT * FROM {} WHERE ({}) IS NOT TRUE", partition.table->name.sql(), expression(*condition))};
  steps.front().back = std::move(back);
  return steps;
}

std::vector<std::string> partition_touches(const Partition& partition) {
  return {catalog::key("table", partition.parent->name), catalog::key("table", partition.table->name)};
}

}  // namespace mig::operations
