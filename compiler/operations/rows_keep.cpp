// Forward: rows are locked and kept as they are, then changed, then kept as they were left.
#include <fmt/format.h>

#include "compiler/operations/rows_sql.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations::rows {

using sql::LockMode;

namespace {

// A row that goes away is locked against new rows that refer to it; one that stays may be referred to meanwhile.
sql::Fragment lock_clause(const RowPart& part) {
  return part.fate == Fate::taken ? sql::sql("FOR UPDATE") : sql::sql("FOR NO KEY UPDATE");
}

// (c.parent_id) IN (SELECT p.id FROM … p WHERE p._mig_b = …): rows that refer to kept ones.
sql::Fragment refers(const RowWork& work, const Along& along) {
  const auto& parent = work.parts[along.parent];
  return sql::sql("({}) IN (SELECT {} FROM {} p WHERE p._mig_b = {})", list(along.key.columns, "c"),
                  list(along.key.reference_columns, "p"), parent.before.sql(), number(work));
}

sql::Fragment not_kept(const RowWork& work, const RowPart& part, const RowPart& other) {
  return sql::sql("NOT EXISTS (SELECT FROM {} k WHERE k._mig_b = {} AND {})", other.before.sql(), number(work),
                  same(part.of.key, "k", "c"));
}

std::vector<sql::Lock> keep_locks(const Context& ctx, const RowWork& work, const RowPart& part) {
  auto locks = read_locks(ctx, part.of, LockMode::row_share);
  locks.push_back(lock(part.before, LockMode::row_exclusive));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  return locks;
}

sql::Statement keep_children(const Context& ctx, const RowWork& work, const RowPart& part) {
  std::vector<sql::Fragment> reasons;
  auto locks = keep_locks(ctx, work, part);
  for (const auto& along : part.from) {
    if (&work.parts[along.parent] == &part) continue;
    reasons.push_back(refers(work, along));
    locks.push_back(lock(work.parts[along.parent].before, LockMode::access_share));
  }
  auto condition = sql::sql("({})", sql::join(reasons, " OR "));
  // A row that is taken is not changed as well.
  if (part.fate == Fate::changed)
    for (const auto& other : work.parts)
      if (other.fate == Fate::taken && other.of.table == part.of.table) {
        condition = sql::sql("{} AND {}", condition, not_kept(work, part, other));
        locks.push_back(lock(other.before, LockMode::access_share));
      }
  auto text = sql::sql(
      "INSERT INTO {}\n"
      "SELECT {}, row_number() OVER (), x.* FROM (\n"
      "  SELECT {} FROM {} c WHERE {} {}\n"
      ") x",
      part.before.sql(), number(work), list(part.of.columns, "c"), relation(part.of), condition, lock_clause(part));
  return statement(std::move(text), std::move(locks), sql::Work::instant,
                   fmt::format("rows of {} that go along", part.of.table->name.text()));
}

// Level by level, until there are no more; each level is locked before the next is looked for.
sql::Statement keep_itself(const Context& ctx, const RowWork& work, const RowPart& part) {
  std::vector<sql::Fragment> reasons;
  for (const auto& along : part.from)
    if (&work.parts[along.parent] == &part) reasons.push_back(refers(work, along));
  const auto body = sql::sql(
      "BEGIN LOOP\n"
      "  INSERT INTO {}\n"
      "  SELECT {}, (SELECT max(_mig_n) FROM {} WHERE _mig_b = {}) + row_number() OVER (), x.* FROM (\n"
      "    SELECT {} FROM {} c WHERE ({}) AND {} FOR UPDATE\n"
      "  ) x;\n"
      "  EXIT WHEN NOT FOUND;\n"
      "END LOOP; END",
      part.before.sql(), number(work), part.before.sql(), number(work), list(part.of.columns, "c"), relation(part.of),
      sql::join(reasons, " OR "), not_kept(work, part, part));
  return statement(sql::sql("DO {}", sql::Literal{body.text()}), keep_locks(ctx, work, part), sql::Work::instant,
                   fmt::format("rows of {} that refer to kept ones go along", part.of.table->name.text()));
}

}  // namespace

sql::Statement keep_rows(const Context& ctx, const RowWork& work, const sql::Fragment& condition) {
  const auto& part = work.parts.front();
  const auto& name = part.of.table->name;
  const auto from = part.of.alias == name.name ? relation(part.of)
                                               : sql::sql("{} AS {}", relation(part.of), sql::Ident{part.of.alias});
  const auto columns = work.by_place ? sql::sql("ctid, tableoid, {}", list(part.of.columns)) : list(part.of.columns);
  const auto within =
      work.batches ? sql::sql("{}\n    AND ({})\n  ORDER BY {}", within_batch(work, {}), condition, list(part.of.key))
                   : sql::sql("{}\n ", condition);
  auto text = sql::sql(
      "INSERT INTO {}\n"
      "SELECT {}, row_number() OVER (), x.* FROM (\n"
      "  SELECT {} FROM {}\n"
      "  WHERE {} {}\n"
      ") x",
      part.before.sql(), number(work), columns, from, within, lock_clause(part));
  return statement(std::move(text), keep_locks(ctx, work, part), sql::Work::instant,
                   "locked, and kept as they are: nobody changes them before this does");
}

std::vector<sql::Statement> keep_along(const Context& ctx, const RowWork& work) {
  std::vector<sql::Statement> out;
  for (const auto& part : work.parts) {
    if (&part != &work.parts.front()) out.push_back(keep_children(ctx, work, part));
    if (part.takes_itself) out.push_back(keep_itself(ctx, work, part));
  }
  return out;
}

sql::Statement keep_changed(const Context& ctx, const RowWork& work, const RowPart& part) {
  const bool first = &part == &work.parts.front();
  // Without the bounds a plan may join the table's whole index to the batch.
  const auto within = work.batches && first ? sql::sql(" AND {}", within_batch(work, "t")) : sql::Fragment();
  auto locks = read_locks(ctx, part.of, LockMode::access_share);
  locks.push_back(lock(part.before, LockMode::access_share));
  locks.push_back(lock(part.after, LockMode::row_exclusive));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  auto text = sql::sql(
      "INSERT INTO {}\n"
      "SELECT o._mig_b, o._mig_n, {}\n"
      "FROM {} o JOIN {} t ON {}\n"
      "WHERE o._mig_b = {}{}",
      part.after.sql(), list(part.of.columns, "t"), part.before.sql(),
      part.of.only ? relation(part.of) : sql::fragment(part.of.table->name.sql()), same(part.of.key, "t", "o"),
      number(work), within);
  return statement(std::move(text), std::move(locks), sql::Work::instant,
                   "as they are left: a way back undoes only what nobody changed since");
}

}  // namespace mig::operations::rows
