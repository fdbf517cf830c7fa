// Constraints as steps: NOT VALID and VALIDATE, partition by partition where PostgreSQL wants it so.
#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/partitions.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using sql::LockMode;
using Locks = std::vector<sql::Lock>;

bool is_foreign(const catalog::Constraint& constraint) { return constraint.kind == "foreign key"; }

std::string title_of(const char* verb, const catalog::Table& table, const catalog::Constraint& constraint) {
  return fmt::format("{} {} {} of {}", verb, constraint.kind, sql::quote_ident(constraint.name), table.name.text());
}

Locks on_sharers(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                 LockMode mode) {
  Locks locks;
  for (const auto* member : sharers(ctx, table, constraint)) locks.push_back(lock(member->name, mode));
  return locks;
}

// The referenced table (unless it is the table itself) and, where it is partitioned, its partitions.
void on_referenced(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                   LockMode mode, LockMode on_partitions, Locks& locks) {
  if (!is_foreign(constraint) || constraint.references == table.name) return;
  locks.push_back(lock(constraint.references, mode));
  const auto* target = ctx.before.table(constraint.references);
  if (!target || !target->partitioned()) return;
  for (const auto& name : ctx.before.tree(target->name))
    if (name != target->name) locks.push_back(lock(name, on_partitions));
}

Locks adding(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  const auto mode = is_foreign(constraint) ? LockMode::share_row_exclusive : LockMode::access_exclusive;
  auto locks =
      ctx.before.server.major() < 18 ? on_sharers(ctx, table, constraint, mode) : adding_locks(ctx, table, mode);
  on_referenced(ctx, table, constraint, mode, mode, locks);
  return locks;
}

Locks validating(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  auto locks = on_sharers(ctx, table, constraint, LockMode::share_update_exclusive);
  on_referenced(ctx, table, constraint, LockMode::row_share, LockMode::access_share, locks);
  return locks;
}

Locks dropping(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  auto locks = on_sharers(ctx, table, constraint, LockMode::access_exclusive);
  on_referenced(ctx, table, constraint, LockMode::access_exclusive, LockMode::access_exclusive, locks);
  return locks;
}

// `if_there`: on the way back of partitions, where the parent's may have taken it along.
sql::Step drop_only(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                    bool if_there = false) {
  const auto text =
      if_there ? sql::sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", table.name.sql(), sql::Ident{constraint.name})
               : drop_constraint(table.name, constraint.name);
  return transaction(ctx, title_of("drop", table, constraint), {statement(text, dropping(ctx, table, constraint))},
                     negate(has_constraint(table.name, constraint.name)));
}

// Its own comment and those of its copies; the tables are locked by what stands before.
std::vector<sql::Statement> comments(const Context& ctx, const catalog::Table& table,
                                     const catalog::Constraint& constraint) {
  std::vector<sql::Statement> made;
  const auto add = [&](const catalog::Name& name, const catalog::Constraint& commented) {
    if (!commented.comment.empty())
      made.push_back(statement(comment_on_constraint(name, commented.name, commented.comment),
                               {lock(name, LockMode::access_share)}));
  };
  add(table.name, constraint);
  for (const auto* member : sharers(ctx, table, constraint)) {
    const auto* copy = member == &table ? nullptr : member->constraint(constraint.name);
    if (copy && copy->inherited > 0) add(member->name, *copy);
  }
  return made;
}

sql::Step add_step(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                   bool not_valid, Locks locks, std::string reason) {
  std::vector<sql::Statement> statements{statement(add_constraint(table.name, constraint, not_valid), std::move(locks),
                                                   sql::Work::instant, std::move(reason))};
  for (auto& comment : comments(ctx, table, constraint)) statements.push_back(std::move(comment));
  auto made = transaction(ctx, title_of("add", table, constraint), std::move(statements),
                          has_constraint(table.name, constraint.name));
  made.back = {drop_only(ctx, table, constraint)};
  return made;
}

// PostgreSQL 18.
sql::Fragment is_enforced(const catalog::Name& table, const catalog::Constraint& constraint) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} "
      "AND o.conname = {} AND o.conenforced = {})",
      sql::Literal{table.schema}, sql::Literal{table.name}, sql::Literal{constraint.name},
      constraint.enforced ? sql::sql("true") : sql::sql("false"));
}

sql::Step validate_step(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  return transaction(
      ctx, title_of("validate", table, constraint),
      {statement(validate_constraint(table.name, constraint.name), validating(ctx, table, constraint), sql::Work::scan,
                 "in a transaction of its own: the scan then holds no lock that stops writers")},
      is_validated(table.name, constraint.name));
}

// Dropped and added again NOT VALID, in one transaction.
sql::Step replace_step(const Context& ctx, const catalog::Table& table, const catalog::Constraint& was,
                       const catalog::Constraint& now, const std::string& reason) {
  auto step = add_step(ctx, table, now, true, adding(ctx, table, now), reason);
  auto& list = std::get<sql::Transaction>(step.action).statements;
  list.insert(list.begin(), statement(drop_constraint(table.name, was.name), dropping(ctx, table, was)));
  step.title = title_of("replace", table, now);
  step.back.clear();
  step.probe = now.enforced == was.enforced ? std::nullopt : std::optional(probe(is_enforced(table.name, now)));
  return step;
}

// Of a constraint that is made again NOT VALID: the copies on members that were validated apart from it.
void validate_members(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                      std::vector<sql::Step>& steps) {
  if (constraint.validated) return;
  for (const auto* member : sharers(ctx, table, constraint))
    for (const auto& copy : member->constraints) {
      const bool same = copy.parent.empty() ? copy.name == constraint.name : copy.parent == constraint.name;
      if (member != &table && same && copy.inherited > 0 && copy.validated && copy.enforced)
        steps.push_back(validate_step(ctx, *member, copy));
    }
}

void add_not_valid(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                   const std::string& reason, std::vector<sql::Step>& steps) {
  steps.push_back(add_step(ctx, table, constraint, true, adding(ctx, table, constraint), reason));
  if (constraint.validated) steps.push_back(validate_step(ctx, table, constraint));
}

// Before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID (42809): each partition gets it online,
// and the parent then adopts them all without a scan.
void add_by_partitions(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint,
                       std::vector<sql::Step>& steps) {
  for (const auto* member : sharers(ctx, table, constraint)) {
    if (member->partitioned()) continue;
    auto copy = constraint;
    copy.comment.clear();
    if (member->constraint(copy.name)) copy.name = foreign_key_name(ctx.before, member->name, copy.columns);
    const auto first = steps.size();
    add_not_valid(ctx, *member, copy, "partition by partition: before PostgreSQL 18 the parent cannot be NOT VALID",
                  steps);
    steps[first].back = {drop_only(ctx, *member, copy, true)};
  }
  auto locks = on_sharers(ctx, table, constraint, LockMode::share_row_exclusive);
  // Adopting drops the partitions' own triggers on the referenced table.
  on_referenced(ctx, table, constraint, LockMode::access_exclusive, LockMode::access_exclusive, locks);
  steps.push_back(add_step(ctx, table, constraint, false, locks, "adopts the partitions' keys: no scan"));
}

}  // namespace

std::vector<sql::Lock> adding_locks(const Context& ctx, const catalog::Table& table, LockMode mode) {
  if (ctx.before.server.major() < 18 && !table.partitioned()) return {lock(table.name, mode)};
  return tree_locks(ctx, table.name, mode);
}

std::vector<sql::Step> add_constraint_steps(const Context& ctx, const catalog::Table& table,
                                            const catalog::Constraint& constraint, const std::string& reason) {
  std::vector<sql::Step> steps;
  const bool by_partitions = is_foreign(constraint) && table.partitioned() && ctx.before.server.major() < 18;
  if (made_here(ctx, table))
    steps.push_back(add_step(ctx, table, constraint, !constraint.validated, adding(ctx, table, constraint),
                             "in one statement: this migration made the table, there are no rows to read"));
  else if (by_partitions)
    add_by_partitions(ctx, table, constraint, steps);
  else
    add_not_valid(ctx, table, constraint, reason, steps);
  return steps;
}

std::vector<sql::Step> add_and_validate(const Context& ctx, const catalog::Name& table,
                                        const catalog::Constraint& constraint, std::string reason) {
  const auto* existing = ctx.before.table(table);
  assert(existing && "the table exists before");
  return add_constraint_steps(ctx, *existing, constraint, reason);
}

sql::Step validate_constraint_step(const Context& ctx, const catalog::Table& table,
                                   const catalog::Constraint& constraint) {
  auto step = validate_step(ctx, table, constraint);
  auto again = replace_step(ctx, table, constraint, constraint, "PostgreSQL cannot take a validation back");
  again.probe =
      probe(both(has_constraint(table.name, constraint.name), negate(is_validated(table.name, constraint.name))));
  step.back = {std::move(again)};
  validate_members(ctx, table, constraint, step.back);
  return step;
}

std::vector<sql::Step> replace_constraint_steps(const Context& ctx, const catalog::Table& table,
                                                const catalog::Constraint& was, const catalog::Constraint& now) {
  const auto make = [&](const catalog::Constraint& from, const catalog::Constraint& to) {
    std::vector<sql::Step> steps{replace_step(ctx, table, from, to, "ALTER CONSTRAINT would read all rows")};
    if (to.validated) steps.push_back(validate_step(ctx, table, to));
    if (to.enforced) validate_members(ctx, table, to, steps);
    return steps;
  };
  auto steps = make(was, now);
  steps.front().back = make(now, was);
  return steps;
}

namespace {

// The copy of a foreign key on a partition, of whatever name it is there; null: it has none.
const catalog::Constraint* foreign_copy(const catalog::Catalog& catalog, const catalog::Table& table,
                                        const catalog::Constraint& constraint, const catalog::Table& member) {
  const auto* above = catalog.table(member.partition_of);
  if (!above) return nullptr;
  const auto* parent = above->name == table.name ? &constraint : foreign_copy(catalog, table, constraint, *above);
  if (!parent) return nullptr;
  const auto found = std::find_if(member.constraints.begin(), member.constraints.end(), [&](const auto& each) {
    return each.kind == constraint.kind && each.parent == parent->name;
  });
  return found == member.constraints.end() ? nullptr : &*found;
}

// Partitions call the copies of a key that comes back as PostgreSQL calls those of a new one: what they were called,
// and what was said about them, comes back with it. `again` is the schema with the key added again.
std::vector<sql::Statement> dress_copies(const Context& ctx, const catalog::Table& table,
                                         const catalog::Constraint& constraint, const catalog::Catalog& again) {
  std::vector<sql::Statement> made;
  for (const auto* member : sharers(ctx, table, constraint)) {
    const auto* was = member == &table ? nullptr : foreign_copy(ctx.before, table, constraint, *member);
    const auto* anew = was ? foreign_copy(again, table, constraint, *again.table(member->name)) : nullptr;
    if (!anew) continue;
    if (was->name != anew->name)
      made.push_back(statement(sql::sql("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", member->name.sql(),
                                        sql::Ident{anew->name}, sql::Ident{was->name}),
                               {lock(member->name, LockMode::access_exclusive)}));
    if (!was->comment.empty())
      made.push_back(statement(comment_on_constraint(member->name, was->name, was->comment),
                               {lock(member->name, LockMode::access_share)}));
  }
  return made;
}

// The way back of a foreign key on a partitioned table, asked for where the key is gone: else its own copies would
// stand in the way of their names.
std::vector<sql::Step> add_foreign_key_again(const Context& ctx, const catalog::Table& table,
                                             const catalog::Constraint& constraint, const std::string& reason) {
  auto without = ctx.before;
  remove_constraint(ctx, without, table, constraint);
  const auto later = with(ctx, without);
  auto steps = add_constraint_steps(later, *without.table(table.name), constraint, reason);
  auto again = without;
  put_constraint(later, again, *without.table(table.name), constraint);
  // Where the parent itself gets it: its copies are there from then on.
  const auto parents = std::find_if(steps.begin(), steps.end(),
                                    [&](const auto& step) { return step.title == title_of("add", table, constraint); });
  assert(parents != steps.end() && "one step adds it to the table itself");
  auto& list = std::get<sql::Transaction>(parents->action).statements;
  for (auto& each : dress_copies(ctx, table, constraint, again)) list.push_back(std::move(each));
  return steps;
}

}  // namespace

sql::Step drop_constraint_step(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  const std::string reason = "NOT VALID: the rows are read in the next transaction";
  auto drop = drop_only(ctx, table, constraint);
  drop.back = constraint_back(ctx, table, constraint, reason);
  return drop;
}

std::vector<sql::Step> constraint_back(const Context& ctx, const catalog::Table& table,
                                       const catalog::Constraint& constraint, const std::string& reason) {
  auto steps = is_foreign(constraint) && table.partitioned() ? add_foreign_key_again(ctx, table, constraint, reason)
                                                             : add_constraint_steps(ctx, table, constraint, reason);
  validate_members(ctx, table, constraint, steps);
  for (auto& step : steps) step.back.clear();
  return steps;
}

std::vector<sql::Step> rule_way_back(std::vector<sql::Step> steps, const catalog::Constraint& rule,
                                     const sql::Condition& condition) {
  if (rule.validated && rule.enforced) return as_way_back(std::move(steps), condition);
  for (auto& step : steps) step.back.clear();
  return steps;
}

}  // namespace mig::operations
