// update: rows get other values, in batches, and the earlier ones are kept.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_steps.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

using Assignments = std::vector<syntax::Assignment>;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const syntax::Expr& condition(const Context& ctx) { return *ctx.call.get<syntax::Expr>("condition"); }
const Assignments& assignments(const Context& ctx) { return *ctx.call.get<Assignments>("assignments"); }

std::vector<std::string> assigned(const Context& ctx) {
  std::vector<std::string> columns;
  for (const auto& each : assignments(ctx)) columns.push_back(each.column.text);
  return columns;
}

bool check_assignment(const Context& ctx, const catalog::Table& table, const syntax::Assignment& assignment) {
  if (!assignment.value) return true;
  if (table.column(assignment.column.text)->identity == "always") {
    ctx.sink
        .report(diagnostics::wrong_value, assignment.span,
                fmt::format("`{}` is generated always as identity: it takes no value",
                            sql::quote_ident(assignment.column.text)))
        .note("PostgreSQL refuses it (428C9); write: it without this column");
    return false;
  }
  return require_statement_expression(ctx, table, *assignment.value, "a value of an update");
}

// A key that others follow to null or a default cannot be followed back.
bool check_followers(const Context& ctx, const catalog::Table& table) {
  const auto columns = assigned(ctx);
  const auto follows = [](const std::string& action) { return action == "set null" || action == "set default"; };
  for (const auto& name : ctx.before.referencing(table.name))
    for (const auto& key : ctx.before.table(name)->constraints) {
      const bool hit = key.kind == "foreign key" && key.references == table.name && follows(key.on_update) &&
                       std::any_of(key.reference_columns.begin(), key.reference_columns.end(), [&](const auto& column) {
                         return std::find(columns.begin(), columns.end(), column) != columns.end();
                       });
      if (!hit) continue;
      ctx.sink
          .report(diagnostics::still_needed, path(ctx).span,
                  fmt::format("foreign key {} of `{}` says on update {}: what it empties there is not kept",
                              sql::quote_ident(key.name), name.text(), key.on_update))
          .note("write: sql $$…$$ back $$…$$, or drop that foreign key before");
      return false;
    }
  return true;
}

void check(const Context& ctx) {
  const auto* table = require_rows(ctx, "rw");
  if (!table || !ctx.call.get<Assignments>("assignments") || !ctx.call.get<syntax::Expr>("condition")) return;
  std::vector<syntax::Name> columns;
  for (const auto& each : assignments(ctx)) columns.push_back(each.column);
  bool good = require_columns(ctx, *table, columns);
  if (good)
    for (const auto& each : assignments(ctx)) good = check_assignment(ctx, *table, each) && good;
  good = require_statement_expression(ctx, *table, condition(ctx), "the condition of an update") && good;
  if (!good || !require_identity(ctx, *table, "update") || !check_followers(ctx, *table)) return;
  (void)require_batches_or_few(ctx, relations_of(ctx, *table, assigned(ctx)), "update");
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context&, catalog::Catalog&) {}

sql::Fragment set_clause(const Context& ctx) {
  std::vector<sql::Fragment> parts;
  for (const auto& each : assignments(ctx)) {
    const Ident column{each.column.text};
    parts.push_back(each.value ? sql::sql("{} = {}", column, text_of(ctx, each.value->span))
                               : sql::sql("{} = DEFAULT", column));
  }
  return sql::join(parts, ", ");
}

sql::Fragment target(const RowPart& part) {
  if (part.of.alias == part.of.table->name.name) return rows::relation(part.of);
  return sql::sql("{} AS {}", rows::relation(part.of), Ident{part.of.alias});
}

std::vector<sql::Lock> update_locks(const Context& ctx, const RowWork& work) {
  auto locks = rows::change_locks(ctx, work.parts.front());
  locks.push_back(lock(work.parts.front().before, LockMode::access_share));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  for (const auto& each : assignments(ctx))
    if (each.value) rows::add(locks, query_locks(ctx, *each.value));
  return locks;
}

// The names that stand beside the table are mig's own, so that those of the file mean the table's columns.
sql::Statement by_key(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  std::vector<sql::Fragment> renamed, same;
  for (std::size_t i = 0; i < part.of.key.size(); ++i) {
    const Ident mine{fmt::format("_mig_{}", i + 1)};
    renamed.push_back(sql::sql("{} AS {}", Ident{part.of.key[i]}, mine));
    same.push_back(sql::sql("{}.{} = _mig_k.{}", Ident{part.of.alias}, Ident{part.of.key[i]}, mine));
  }
  auto text = sql::sql(
      "UPDATE {} SET {}\n"
      "FROM (SELECT {} FROM {} WHERE _mig_b = {}) _mig_k\n"
      "WHERE {}\n"
      "  AND {}",
      target(part), set_clause(ctx), sql::join(renamed, ", "), part.before.sql(), rows::number(work),
      sql::join(same, " AND "), rows::within_batch(work, part.of.alias));
  return statement(std::move(text), update_locks(ctx, work));
}

sql::Statement by_place(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  auto locks = update_locks(ctx, work);
  locks.push_back(lock(part.after, LockMode::row_exclusive));
  auto text = sql::sql(
      "WITH changed AS (\n"
      "  UPDATE {} SET {}\n"
      "  FROM (SELECT _mig_n, _mig_at, _mig_of FROM {}) _mig_k\n"
      "  WHERE {}.ctid = _mig_k._mig_at AND {}.tableoid = _mig_k._mig_of\n"
      "  RETURNING _mig_k._mig_n, {}\n"
      ")\n"
      "INSERT INTO {}\n"
      "SELECT {}, * FROM changed",
      target(part), set_clause(ctx), part.before.sql(), Ident{part.of.alias}, Ident{part.of.alias},
      rows::list(part.of.columns, part.of.alias), part.after.sql(), rows::number(work));
  return statement(std::move(text), std::move(locks));
}

std::vector<sql::Step> steps_of(const Context& ctx, RowsOf of) {
  RowWork work;
  RowPart part;
  part.fate = Fate::changed;
  const auto& table = *of.table;
  work.batches = !of.key.empty();
  work.by_place = !work.batches;
  // Only its own columns come back, so that triggers on others stay quiet; a trigger may have changed any.
  part.set = meddling_triggers(ctx, table, "UPDATE").empty() ? assigned(ctx) : of.columns;
  if (work.by_place) of.key = row_key(table, {});
  part.of = std::move(of);
  work.parts.push_back(std::move(part));
  name_kept(ctx, work);
  auto keep = rows::keep_rows(ctx, work, text_of(ctx, condition(ctx).span));
  rows::add(keep.locks, query_locks(ctx, condition(ctx)));
  std::vector<sql::Statement> batch{std::move(keep)};
  batch.push_back(work.batches ? by_key(ctx, work) : by_place(ctx, work));
  if (work.batches) batch.push_back(rows::keep_changed(ctx, work, work.parts.front()));
  return row_steps(ctx, work, fmt::format("update rows of {}", table.name.text()), std::move(batch));
}

std::vector<sql::Step> steps(const Context& ctx) {
  std::vector<sql::Step> made;
  for (auto& of : relations_of(ctx, *find_table(ctx, path(ctx)), assigned(ctx)))
    for (auto& step : steps_of(ctx, std::move(of))) made.push_back(std::move(step));
  return made;
}

}  // namespace

extern const Operation update_rows;  // its line in operations.def finds it
constinit const Operation update_rows = {
    .name = "update_rows",
    .form = "update (table path) set (assignments assignments) where (condition value)",
    .summary = "Gives rows other values, in batches, and keeps the earlier ones until purge.",
    .description =
        R"md(The table is passed through along its primary key, else a unique index that no row can escape, so many rows at a time as
the policy says (`batch 5000`, `pause 100ms`), each batch in a transaction of its own: it locks its rows, keeps them as
they are, changes them, and keeps them as it left them, in tables of schema `mig_park_…`. How far it is commits with the
rows, so that a run that was killed goes on at the next batch and does none twice. `where` must be there; `where true`
means all rows. Rows that others insert, or whose key they change, while it runs may be passed over.

The way back goes batch by batch from the last one. It restores exactly those rows that nobody changed since: a row is
compared with what mig left, byte by byte. The others are left alone, counted, and written down with their earlier values
in a table that stays. `purge` drops all that is kept; until then the way back is exact.

A row trigger that runs before each update may change what the way back restores. PostgreSQL lets nobody but a superuser
write past triggers, so that this is `lossy` and wants `accept loss '…'`; rows that come out different are written down.

A table that no key tells the rows of apart, and a change of the key itself, goes in one statement where the table is
small (about 10,000 rows), and is refused with the way out where it is not. With inheritors each table goes for itself.
Row security is switched off: where a policy would hide rows from the role, the server refuses. Rules are refused.
psql stops at batches; `mig apply` runs them.)md",
    .example =
        "update users set phone = null, name = trim(name) where phone = '' or name <> trim(name);\n"
        "update users set email = lower(email) where email is not null;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
