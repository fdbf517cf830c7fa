// set constraint: when a foreign key is checked, and from PostgreSQL 18 on whether it is at all.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }

const catalog::Constraint& found(const Context& ctx) { return *table_of_call(ctx)->constraint(name(ctx).text); }

const syntax::Timing& timing(const Context& ctx) {
  static const syntax::Timing none;
  const auto* tail = ctx.call.get<syntax::TableConstraint>("timing");
  return tail ? tail->timing : none;
}

// What is not written stays as it is.
catalog::Constraint changed(const Context& ctx, catalog::Constraint constraint) {
  const auto& now = timing(ctx);
  constraint.deferred = now.deferred.value_or(constraint.deferred && now.deferrable.value_or(true));
  constraint.deferrable = now.deferrable.value_or(constraint.deferrable || constraint.deferred);
  if (ctx.call.has_word("enforced")) {
    constraint.enforced = !ctx.call.has_word("not");
    if (constraint.enforced != found(ctx).enforced) constraint.validated = constraint.enforced;
  }
  return constraint;
}

bool same_timing(const catalog::Constraint& a, const catalog::Constraint& b) {
  return a.deferrable == b.deferrable && a.deferred == b.deferred;
}

bool check_tail(const Context& ctx) {
  const auto* tail = ctx.call.get<syntax::TableConstraint>("timing");
  if (!tail || (tail->include.empty() && !tail->no_inherit && !tail->not_valid)) return true;
  ctx.sink.report(diagnostics::contradiction, tail->span, "only its timing can be set, and whether it is enforced")
      .note("write: [not] deferrable, initially deferred, initially immediate, [not] enforced");
  return false;
}

void refuse_kind(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  const bool key = constraint.kind != "check";
  ctx.sink
      .report(diagnostics::wrong_kind, name(ctx).span,
              fmt::format("`{}` is no foreign key, and PostgreSQL changes only those (42809)",
                          sql::quote_ident(constraint.name)))
      .note(key ? fmt::format("write: {}; and add it again with its new timing", drop_of(table, constraint))
                : std::string("a check is always checked at once"));
}

bool check_versions(const Context& ctx) {
  if (!ctx.call.has_word("enforced") || ctx.before.server.major() >= 18) return true;
  ctx.sink
      .report(diagnostics::server_too_old, ctx.call.span,
              fmt::format("`[not] enforced` needs PostgreSQL 18; the server is {}", ctx.before.server.major()))
      .note("write: drop foreign key …");
  return false;
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  const auto* constraint = table ? require_some_constraint(ctx, *table) : nullptr;
  if (!constraint || !check_tail(ctx) || !check_versions(ctx)) return;
  if (constraint->kind != "foreign key") return refuse_kind(ctx, *table, *constraint);
  if (constraint->inherited > 0) {
    ctx.sink
        .report(diagnostics::inherited, name(ctx).span,
                fmt::format("`{}` of `{}` comes from its parent table", sql::quote_ident(constraint->name),
                            table->name.text()))
        .note("set it there: its partitions follow");
    return;
  }
  const auto now = changed(ctx, *constraint);
  if (now.deferred && !now.deferrable)
    ctx.sink.report(diagnostics::contradiction, ctx.call.span,
                    "what is `initially deferred` is deferrable, so it cannot be `not deferrable`");
  else if (same_timing(now, *constraint) && now.enforced == constraint->enforced)
    ctx.sink
        .report(diagnostics::nothing_to_do, ctx.call.span,
                fmt::format("`{}` is so already", sql::quote_ident(constraint->name)))
        .note("take the line out");
  else if (!same_timing(now, *constraint) && now.enforced != constraint->enforced)
    ctx.sink
        .report(diagnostics::contradiction, ctx.call.span,
                "its timing and whether it is enforced are changed by steps of two kinds")
        .note("write: two of `set constraint`");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto& was = found(ctx);
  const auto now = changed(ctx, was);
  if (made_here(ctx, *table_of_call(ctx))) return std::nullopt;
  if (was.deferrable && !now.deferrable)
    return Break{"clients of the old schema may defer it, by `set constraints` or by its timing",
                 "write it in contract { … }"};
  if (was.deferred != now.deferred)
    return Break{"clients of the old schema meet its errors at another time, at the end of the transaction or before",
                 "write it in contract { … }"};
  if (was.enforced != now.enforced)
    return Break{now.enforced ? "clients of the old schema may write rows that it refuses"
                              : "clients of the old schema rely on it, and on what it does on delete and update",
                 "write it in contract { … }"};
  return std::nullopt;
}

// The copies on partitions follow, under whatever names they have.
void put_change(const Context& ctx, catalog::Catalog& after, const catalog::Table& table, const std::string& name,
                const catalog::Constraint& now) {
  for (auto& each : after.edit_table(table.name).constraints)
    if (each.name == name) {
      each.deferrable = now.deferrable;
      each.deferred = now.deferred;
      each.enforced = now.enforced;
      each.validated = now.validated;
    }
  for (const auto& child : table.children)
    if (const auto* part = ctx.before.table(child))
      for (const auto& copy : part->constraints)
        if (copy.parent == name) put_change(ctx, after, *part, copy.name, now);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto& was = found(ctx);
  put_change(ctx, after, *table_of_call(ctx), was.name, changed(ctx, was));
}

// On its row of pg_constraint, named o.
sql::Fragment constraint_is(const catalog::Name& table, const catalog::Constraint& constraint) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} "
      "AND o.conname = {} AND o.condeferrable = {} AND o.condeferred = {})",
      sql::Literal{table.schema}, sql::Literal{table.name}, sql::Literal{constraint.name},
      constraint.deferrable ? sql::sql("true") : sql::sql("false"),
      constraint.deferred ? sql::sql("true") : sql::sql("false"));
}

sql::Step set_timing(const Context& ctx, const catalog::Table& table, const catalog::Constraint& to) {
  std::vector<sql::Lock> locks;
  for (const auto* member : sharers(ctx, table, to)) locks.push_back(lock(member->name, LockMode::access_exclusive));
  const auto deferrable = to.deferrable ? sql::sql("DEFERRABLE") : sql::sql("NOT DEFERRABLE");
  const auto initially = to.deferred ? sql::sql("INITIALLY DEFERRED") : sql::sql("INITIALLY IMMEDIATE");
  return transaction(ctx, fmt::format("timing of foreign key {} of {}", sql::quote_ident(to.name), table.name.text()),
                     {statement(sql::sql("ALTER TABLE {} ALTER CONSTRAINT {} {} {}", table.name.sql(), Ident{to.name},
                                         deferrable, initially),
                                std::move(locks))},
                     constraint_is(table.name, to));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto& was = found(ctx);
  const auto now = changed(ctx, was);
  std::vector<sql::Step> made;
  if (now.enforced != was.enforced) {
    made = replace_constraint_steps(ctx, *table, was, now);
  } else {
    made.push_back(set_timing(ctx, *table, now));
    made.front().back = {set_timing(ctx, *table, was)};
  }
  finish(made, constraint_touches(ctx, *table, was));
  return made;
}

}  // namespace

extern const Operation set_constraint;  // its line in operations.def finds it
constinit const Operation set_constraint = {
    .name = "set_constraint",
    .form = "set constraint (name name) on (table path) [(timing constraint_tail)] [<enforced / not enforced>]",
    .summary = "Sets when a foreign key is checked, and whether it is enforced.",
    .description =
        R"md(`[not] deferrable`, `initially deferred`, `initially immediate`: `ALTER CONSTRAINT` under ACCESS EXCLUSIVE for an instant,
on the partitions too. No row is read. What is not written stays as it is. The way back sets what was set before.

`[not] enforced` needs PostgreSQL 18. `ALTER CONSTRAINT … ENFORCED` would read all rows under ACCESS EXCLUSIVE; so the
key is dropped and added `NOT VALID` in one transaction, and validated in the next one, while reads and writes go on.

PostgreSQL changes foreign keys alone: a deferrable primary key or unique constraint is dropped and added again, a check
is always checked at once. Less that can be deferred, errors at another time and other enforcement belong in `contract`.
)md",
    .example =
        "add foreign key orders_user_fk on orders (user_id) references users (id) on delete cascade;\n"
        "set constraint orders_user_fk on orders deferrable initially deferred;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
