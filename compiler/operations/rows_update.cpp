// One update of one relation: found, kept, changed, kept again.
#include "compiler/operations/rows_update.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/rows_steps.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

sql::Fragment target(const RowPart& part) {
  if (part.of.alias == part.of.table->name.name) return rows::relation(part.of);
  return sql::sql("{} AS {}", rows::relation(part.of), Ident{part.of.alias});
}

std::vector<sql::Lock> update_locks(const Context& ctx, const RowWork& work, const RowUpdate& update) {
  auto locks = rows::change_locks(ctx, work.parts.front());
  locks.push_back(lock(work.parts.front().before, LockMode::access_share));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  rows::add(locks, update.value_locks);
  return locks;
}

// The names that stand beside the table are mig's own, so that those of the file mean the table's columns.
sql::Statement by_key(const Context& ctx, const RowWork& work, const RowUpdate& update) {
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
      target(part), update.set, sql::join(renamed, ", "), part.before.sql(), rows::number(work),
      sql::join(same, " AND "), rows::within_batch(work, part.of.alias));
  return statement(std::move(text), update_locks(ctx, work, update));
}

sql::Statement by_place(const Context& ctx, const RowWork& work, const RowUpdate& update) {
  const auto& part = work.parts.front();
  auto locks = update_locks(ctx, work, update);
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
      target(part), update.set, part.before.sql(), Ident{part.of.alias}, Ident{part.of.alias},
      rows::list(part.of.columns, part.of.alias), part.after.sql(), rows::number(work));
  return statement(std::move(text), std::move(locks));
}

}  // namespace

std::vector<sql::Step> update_steps(const Context& ctx, RowsOf of, const RowUpdate& update) {
  RowWork work;
  RowPart part;
  part.fate = Fate::changed;
  const auto& table = *of.table;
  work.batches = !of.key.empty();
  work.by_place = !work.batches;
  // Only its own columns come back, so that triggers on others stay quiet; a trigger may have changed any.
  part.set = meddling_triggers(ctx, table, "UPDATE").empty() ? update.columns : of.columns;
  if (work.by_place) of.key = row_key(table, {});
  part.of = std::move(of);
  work.parts.push_back(std::move(part));
  name_kept(ctx, work);
  auto keep = rows::keep_rows(ctx, work, update.condition);
  rows::add(keep.locks, update.condition_locks);
  std::vector<sql::Statement> batch{std::move(keep)};
  batch.push_back(work.batches ? by_key(ctx, work, update) : by_place(ctx, work, update));
  if (work.batches) batch.push_back(rows::keep_changed(ctx, work, work.parts.front()));
  return row_steps(ctx, work, fmt::format("update rows of {}", table.name.text()), std::move(batch));
}

bool require_no_followers(const Context& ctx, const catalog::Table& table, const std::vector<std::string>& columns) {
  const auto follows = [](const std::string& action) { return action == "set null" || action == "set default"; };
  for (const auto& name : ctx.before.referencing(table.name))
    for (const auto& key : ctx.before.table(name)->constraints) {
      const bool hit = key.kind == "foreign key" && key.references == table.name && follows(key.on_update) &&
                       std::any_of(key.reference_columns.begin(), key.reference_columns.end(), [&](const auto& column) {
                         return std::find(columns.begin(), columns.end(), column) != columns.end();
                       });
      if (!hit) continue;
      ctx.sink
          .report(diagnostics::still_needed, ctx.call.get<syntax::Path>("table")->span,
                  fmt::format("foreign key {} of `{}` says on update {}: what it empties there is not kept",
                              sql::quote_ident(key.name), name.text(), key.on_update))
          .note("write: sql $$…$$ back $$…$$, or drop that foreign key before");
      return false;
    }
  return true;
}

}  // namespace mig::operations
