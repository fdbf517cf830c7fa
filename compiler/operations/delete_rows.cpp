// delete: rows go, in batches, with what foreign keys take along, and all of it is kept.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_steps.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const syntax::Expr& condition(const Context& ctx) { return *ctx.call.get<syntax::Expr>("condition"); }

RowWork work_of(RowsOf of) {
  RowWork work;
  work.batches = !of.key.empty();
  work.by_place = !work.batches;
  RowPart part;
  part.fate = Fate::taken;
  part.of = std::move(of);
  work.parts.push_back(std::move(part));
  return work;
}

bool check_along(const Context& ctx, const std::vector<RowsOf>& relations) {
  for (const auto& of : relations) {
    auto work = work_of(of);
    std::string why;
    if (follow(ctx, work, &why)) continue;
    ctx.sink.report(diagnostics::still_needed, path(ctx).span, "what this delete takes along cannot be kept: " + why)
        .note("write: delete from the tables that refer to it first, then from this one");
    return false;
  }
  return true;
}

void check(const Context& ctx) {
  const auto* table = require_rows(ctx, "rawd");
  if (!table || !ctx.call.get<syntax::Expr>("condition")) return;
  if (!require_statement_expression(ctx, *table, condition(ctx), "the condition of a delete")) return;
  if (!require_identity(ctx, *table, "delete")) return;
  const auto relations = relations_of(ctx, *table, {});
  if (require_batches_or_few(ctx, relations, "delete")) (void)check_along(ctx, relations);
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context&, catalog::Catalog&) {}

sql::Statement delete_kept(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  std::vector<sql::Lock> locks;
  for (const auto& each : work.parts) rows::add(locks, rows::change_locks(ctx, each));
  locks.push_back(lock(part.before, LockMode::access_share));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  const auto found = work.by_place ? sql::sql("t.ctid = k._mig_at AND t.tableoid = k._mig_of")
                                   : sql::sql("{}", rows::same(part.of.key, "t", "k"));
  return statement(sql::sql("DELETE FROM {} t USING {} k\nWHERE k._mig_b = {} AND {}", rows::relation(part.of),
                            part.before.sql(), rows::number(work), found),
                   std::move(locks));
}

std::vector<sql::Step> steps_of(const Context& ctx, RowsOf of) {
  const auto table = of.table->name.text();
  auto work = work_of(std::move(of));
  (void)follow(ctx, work, nullptr);  // check has reported what cannot be
  name_kept(ctx, work);
  auto keep = rows::keep_rows(ctx, work, text_of(ctx, condition(ctx).span));
  rows::add(keep.locks, query_locks(ctx, condition(ctx)));
  std::vector<sql::Statement> batch{std::move(keep)};
  for (auto& each : rows::keep_along(ctx, work)) batch.push_back(std::move(each));
  batch.push_back(delete_kept(ctx, work));
  for (const auto& part : work.parts)
    if (part.has_after()) batch.push_back(rows::keep_changed(ctx, work, part));
  return row_steps(ctx, work, fmt::format("delete rows of {}", table), std::move(batch));
}

std::vector<sql::Step> steps(const Context& ctx) {
  std::vector<sql::Step> made;
  for (auto& of : relations_of(ctx, *find_table(ctx, path(ctx)), {}))
    for (auto& step : steps_of(ctx, std::move(of))) made.push_back(std::move(step));
  return made;
}

}  // namespace

extern const Operation delete_rows;  // its line in operations.def finds it
constinit const Operation delete_rows = {
    .name = "delete_rows",
    .form = "delete from (table path) where (condition value)",
    .summary = "Deletes rows in batches, with what foreign keys take along, and keeps all of it until purge.",
    .description =
        R"md(As [update](#update_rows): along a key, in batches of the policy, each locked, kept and deleted in one transaction;
resumed where it was; `where true` for all rows; one statement where no key tells the rows of a small table apart.

Foreign keys with `on delete cascade`, `set null` and `set default` are followed, however deep and back to the table
itself: the rows that they take along or change are locked and kept in the same transaction, and come back, parents first.
A circle of cascades over several tables is refused. `no action` and `restrict` are PostgreSQL's to enforce (23503).

The way back inserts the rows again with all their values (identity columns by `overriding system value`; generated ones
are computed), batch by batch from the last. A row whose key or unique value somebody has taken since, or that refers to
what is gone, is left out, counted and written down in a table that stays. A row trigger that runs before inserts (or
updates, for `set null`) may change what comes back: that is `lossy` and wants `accept loss '…'`.)md",
    .example = "delete from users where id % 2 = 0 and not exists (select from products where name = users.name);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
