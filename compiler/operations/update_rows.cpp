// update: rows get other values, in batches, and the earlier ones are kept.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_steps.hpp"
#include "compiler/operations/rows_update.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

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

void check(const Context& ctx) {
  const auto* table = require_rows(ctx, "rw");
  if (!table || !ctx.call.get<Assignments>("assignments") || !ctx.call.get<syntax::Expr>("condition")) return;
  std::vector<syntax::Name> columns;
  for (const auto& each : assignments(ctx)) columns.push_back(each.column);
  bool good = require_columns(ctx, *table, columns);
  if (good)
    for (const auto& each : assignments(ctx)) good = check_assignment(ctx, *table, each) && good;
  good = require_statement_expression(ctx, *table, condition(ctx), "the condition of an update") && good;
  if (!good || !require_identity(ctx, *table, "update") || !require_no_followers(ctx, *table, assigned(ctx))) return;
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

RowUpdate update_of(const Context& ctx) {
  RowUpdate update{assigned(ctx), set_clause(ctx), text_of(ctx, condition(ctx).span), {}, {}};
  for (const auto& each : assignments(ctx))
    if (each.value) rows::add(update.value_locks, query_locks(ctx, *each.value));
  update.condition_locks = query_locks(ctx, condition(ctx));
  return update;
}

std::vector<sql::Step> steps(const Context& ctx) {
  std::vector<sql::Step> made;
  const auto update = update_of(ctx);
  for (auto& of : relations_of(ctx, *find_table(ctx, path(ctx)), update.columns))
    for (auto& step : update_steps(ctx, std::move(of), update)) made.push_back(std::move(step));
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
