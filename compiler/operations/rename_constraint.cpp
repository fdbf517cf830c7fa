// rename constraint: one instant statement; the index of a key is renamed with it.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/key_names.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name& old_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

const catalog::Constraint& found(const Context& ctx) { return *table_of_call(ctx)->constraint(old_name(ctx).text); }

bool is_key(const catalog::Constraint& constraint) {
  return constraint.kind == "primary key" || constraint.kind == "unique" || constraint.kind == "exclude";
}

// A check is renamed in partitions and inheritors as well; keys and foreign keys of partitions keep their own names.
std::vector<const catalog::Table*> renamed_in(const Context& ctx, const catalog::Table& table,
                                              const catalog::Constraint& constraint) {
  if (constraint.kind != "check") return {&table};
  auto all = sharers(ctx, table, constraint);
  std::erase_if(all, [&](const catalog::Table* each) { return each->constraint(constraint.name) == nullptr; });
  return all;
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  const auto* constraint = table ? require_some_constraint(ctx, *table) : nullptr;
  if (!constraint) return;
  if (constraint->kind == "check" && constraint->inherited > 0) {
    ctx.sink
        .report(diagnostics::inherited, old_name(ctx).span,
                fmt::format("check `{}` of `{}` comes from a parent table", sql::quote_ident(constraint->name),
                            table->name.text()))
        .note("rename it there: its partitions and inheritors follow");
    return;
  }
  for (const auto* member : renamed_in(ctx, *table, *constraint))
    if (!require_new_key_name(ctx, *member, constraint->name, new_name(ctx), is_key(*constraint))) return;
  if (is_key(*constraint)) warn_of_conflict_texts(ctx, constraint->name, old_name(ctx).span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (made_here(ctx, *table) || !is_key(found(ctx))) return std::nullopt;
  return renamed_key(*table, old_name(ctx).text);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = table_of_call(ctx);
  const auto& from = old_name(ctx).text;
  const auto& to = new_name(ctx).text;
  for (const auto* member : renamed_in(ctx, *table, found(ctx)))
    rename_key(ctx, after, member->name, Named::constraint, from, to);
}

sql::Step rename(const Context& ctx, const catalog::Name& table, const std::string& from, const std::string& to,
                 std::vector<sql::Lock> locks) {
  return transaction(
      ctx, fmt::format("rename constraint {} of {} to {}", sql::quote_ident(from), table.text(), sql::quote_ident(to)),
      {statement(sql::sql("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", table.sql(), Ident{from}, Ident{to}),
                 std::move(locks))},
      both(has_constraint(table, to), negate(has_constraint(table, from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto& constraint = found(ctx);
  const auto& to = new_name(ctx).text;
  std::vector<sql::Lock> locks;
  for (const auto* member : constraint.kind == "check" ? sharers(ctx, *table, constraint) : std::vector{table})
    locks.push_back(lock(member->name, LockMode::access_exclusive));
  auto step = rename(ctx, table->name, constraint.name, to, locks);
  step.back = {rename(ctx, table->name, to, constraint.name, locks)};
  auto touches = constraint_touches(ctx, *table, constraint);
  touches.push_back(catalog::key("constraint", table->name, to));
  if (is_key(constraint))
    for (const auto& name : {constraint.name, to}) touches.push_back(catalog::key("index", {table->name.schema, name}));
  std::vector<sql::Step> made{std::move(step)};
  finish(made, touches);
  return made;
}

}  // namespace

extern const Operation rename_constraint;  // its line in operations.def finds it
constinit const Operation rename_constraint = {
    .name = "rename_constraint",
    .form = "rename constraint (name name) on (table path) to (new name)",
    .summary = "Renames a constraint, and the index of a key with it.",
    .description =
        R"md(One instant statement under ACCESS EXCLUSIVE. A check is renamed in partitions and inheritors too; partitions keep their
own names of keys and foreign keys. The index of a primary key, unique or exclusion constraint bears the constraint's
name and is renamed with it: [rename index](#rename_index) does the same from the other side, under a weaker lock.

Renaming a key belongs in `contract`: old clients may say `on conflict on constraint`. Bodies in `begin atomic` follow;
bodies that are text do not, and are warned of. Checks and foreign keys are known by their names in error messages alone
and may be renamed in `expand`.

Refused: a check that comes from a parent, and the names that PostgreSQL 18 gives to `NOT NULL`. The way back renames it
back.
)md",
    .example = "rename constraint orders_total_check on orders to orders_total_positive;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
