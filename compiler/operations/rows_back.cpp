// Back, for rows that were changed and rows that were made: what nobody touched since is undone, the rest is left alone
// and written down with the reason.
#include "compiler/operations/rows_back.hpp"

#include "compiler/operations/steps.hpp"

namespace mig::operations::rows {

using sql::Ident;
using sql::LockMode;

namespace {

sql::Fragment assignments(const RowPart& part) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : part.set) {
    // An UPDATE may not set it (428C9); whether it differs is seen by the comparison afterwards.
    if (part.of.table->column(column)->identity == "always") continue;
    parts.push_back(sql::sql("{} = o.{}", Ident{column}, Ident{column}));
  }
  return sql::join(parts, ", ");
}

sql::Fragment any_null(const std::vector<std::string>& columns, std::string_view alias) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : columns) parts.push_back(sql::sql("{} IS NULL", list({column}, alias)));
  return sql::join(parts, " OR ");
}

// Rows without a key: equal rows are numbered and taken one for one; a row is found by its place in this statement.
sql::Fragment places(const RowWork& work, const RowPart& part) {
  const auto& columns = part.of.columns;
  return sql::sql(
      "places AS (\n"
      "  SELECT n._mig_n, t._mig_at, t._mig_of FROM (\n"
      "    SELECT a.*, {}::text AS _mig_text, row_number() OVER (PARTITION BY {}::text ORDER BY _mig_n) AS _mig_nr\n"
      "    FROM {} a WHERE a._mig_b = {}) n\n"
      "  JOIN (SELECT ctid AS _mig_at, tableoid AS _mig_of, {}, {}::text AS _mig_text,\n"
      "      row_number() OVER (PARTITION BY {}::text) AS _mig_nr FROM {} a\n"
      "      WHERE {}::text IN (SELECT {}::text FROM {} b WHERE b._mig_b = {})) t\n"
      "    ON t._mig_text = n._mig_text AND t._mig_nr = n._mig_nr AND {} *= {}\n"
      "), ",
      image(columns, "a"), image(columns, "a"), part.after.sql(), number(work), list(columns), image(columns, "a"),
      image(columns, "a"), relation(part.of), image(columns, "a"), image(columns, "b"), part.after.sql(), number(work),
      image(columns, "t"), image(columns, "n"));
}

// `t` is the row that mig left as `n`, and nobody changed it since.
struct Match {
  sql::Fragment with, from, condition;
};
Match match(const RowWork& work, const RowPart& part) {
  if (part.of.key.empty())
    return {places(work, part), sql::sql(" JOIN places m ON m._mig_n = n._mig_n"),
            sql::sql("t.ctid = m._mig_at AND t.tableoid = m._mig_of")};
  return {{},
          {},
          sql::sql("{} AND {} *= {}", same(part.of.key, "t", "n"), image(part.of.columns, "t"),
                   image(part.of.columns, "n"))};
}

sql::Fragment exists(const RowPart& part, const sql::Fragment& condition) {
  return sql::sql("EXISTS (SELECT FROM {} t WHERE {})", relation(part.of), condition);
}

sql::Fragment why_not_changed(const RowPart& part) {
  if (part.of.key.empty()) return sql::sql("'changed since'");
  const auto there = same(part.of.key, "t", "n");
  return sql::sql(
      "CASE WHEN EXISTS (SELECT FROM done d WHERE d._mig_n = o._mig_n) THEN 'a trigger gives it other values'\n"
      "  WHEN NOT {} THEN 'deleted since' WHEN NOT {} THEN 'changed since'\n"
      "  ELSE 'what it referred to is gone' END",
      exists(part, there),
      exists(part, sql::sql("{} AND {} *= {}", there, image(part.of.columns, "t"), image(part.of.columns, "n"))));
}

sql::Statement undo_changed(const Context& ctx, const RowWork& work, const RowPart& part) {
  const auto& columns = part.of.columns;
  const auto found = match(work, part);
  const auto pair = sql::sql("n._mig_b = o._mig_b AND n._mig_n = o._mig_n");
  // Of merged rows those without an earlier self were made: undo_made takes them away.
  const auto differs = sql::sql("{} *<> {}", image(columns, "o"), image(columns, "n"));
  auto text = sql::sql(
      "WITH {}done AS (\n"
      "  UPDATE {} t SET {}\n"
      "  FROM {} o JOIN {} n ON {}{}\n"
      "  WHERE o._mig_b = {} AND {}\n"
      "    AND {}{}\n"
      "  RETURNING o._mig_n, {} *= {} AS exact\n"
      ")\n"
      "INSERT INTO {}\n"
      "SELECT o._mig_b, {}, {}\n"
      "FROM {} o LEFT JOIN {} n ON {}\n"
      "WHERE o._mig_b = {} AND (n._mig_n IS NULL OR {})\n"
      "  AND NOT EXISTS (SELECT FROM done d WHERE d._mig_n = o._mig_n AND d.exact)",
      found.with, relation(part.of), assignments(part), part.before.sql(), part.after.sql(), pair, found.from,
      number(work), differs, found.condition, refers_to_what_is_there(part, true), image(columns, "t"),
      image(columns, "o"), part.left.sql(), why_not_changed(part), list(columns, "o"), part.before.sql(),
      part.after.sql(), pair, number(work), differs);
  return statement(std::move(text), back_locks(ctx, work, part), sql::Work::instant,
                   "rows that nobody changed since are as they were; the others are left alone and written down");
}

// Somebody's row refers to it: deleting it would fail, or take that row along.
sql::Fragment nobody_refers(const Context& ctx, const RowPart& part) {
  sql::Fragment out;
  for (const auto& [child, key] : keys_to(ctx, *part.of.table)) {
    auto mine = sql::Fragment();
    const bool own = child == part.of.table && !part.of.key.empty();
    const bool asks = key.on_delete == "no action" || key.on_delete == "restrict";
    if (own) mine = sql::sql(" AND ({}) <> ({})", list(part.of.key, "c"), list(part.of.key, "n"));
    // Rows that refer to each other and were made together go together.
    if (own && asks)
      mine = sql::sql("{} AND NOT EXISTS (SELECT FROM {} m WHERE m._mig_b = n._mig_b AND {} AND {} *= {})", mine,
                      part.after.sql(), same(part.of.key, "m", "c"), image(part.of.columns, "m"),
                      image(part.of.columns, "c"));
    std::vector<sql::Fragment> equal;
    for (std::size_t i = 0; i < key.columns.size(); ++i)
      equal.push_back(sql::sql("c.{} = n.{}", Ident{key.columns[i]}, Ident{key.reference_columns[i]}));
    out = sql::sql("{}\n    AND NOT EXISTS (SELECT FROM {} c WHERE {}{})", out, child->name.sql(),
                   sql::join(equal, " AND "), mine);
  }
  return out;
}

// Locked before it is asked who refers to them: a new row that refers to one waits.
sql::Statement lock_made(const Context& ctx, const RowWork& work, const RowPart& part) {
  return statement(sql::sql("SELECT count(*) FROM (\n"
                            "  SELECT FROM {} t JOIN {} n ON {} AND n._mig_b = {} FOR UPDATE OF t\n"
                            ") locked",
                            relation(part.of), part.after.sql(), same(part.of.key, "t", "n"), number(work)),
                   back_locks(ctx, work, part));
}

sql::Statement undo_made(const Context& ctx, const RowWork& work, const RowPart& part) {
  const auto found = match(work, part);
  const auto made =
      part.has_before()
          ? sql::sql(" AND NOT EXISTS (SELECT FROM {} o WHERE o._mig_b = n._mig_b AND o._mig_n = n._mig_n)",
                     part.before.sql())
          : sql::Fragment();
  const auto still = part.of.key.empty() ? sql::sql("true") : exists(part, same(part.of.key, "t", "n"));
  const auto unchanged = part.of.key.empty() ? sql::sql("EXISTS (SELECT FROM places m WHERE m._mig_n = n._mig_n)")
                                             : exists(part, found.condition);
  auto text = sql::sql(
      "WITH {}done AS (\n"
      "  DELETE FROM {} t USING {} n{}\n"
      "  WHERE n._mig_b = {}{}\n"
      "    AND {}{}\n"
      "  RETURNING n._mig_n\n"
      ")\n"
      "INSERT INTO {}\n"
      "SELECT n._mig_b, CASE WHEN {} THEN 'other rows refer to it' ELSE 'changed since' END, {}\n"
      "FROM {} n WHERE n._mig_b = {}{} AND {}\n"
      "  AND NOT EXISTS (SELECT FROM done d WHERE d._mig_n = n._mig_n)",
      found.with, relation(part.of), part.after.sql(), found.from, number(work), made, found.condition,
      nobody_refers(ctx, part), part.left.sql(), unchanged, list(part.of.columns, "n"), part.after.sql(), number(work),
      made, still);
  return statement(std::move(text), back_locks(ctx, work, part), sql::Work::instant,
                   "rows that nobody changed or referred to since go; the others are left alone and written down");
}

}  // namespace

std::vector<ReferringKey> keys_to(const Context& ctx, const catalog::Table& table) {
  auto names = table.partitioned() ? ctx.before.tree(table.name) : std::vector{table.name};
  for (const auto* each = &table; each && !each->partition_of.name.empty(); each = ctx.before.table(each->partition_of))
    names.push_back(each->partition_of);
  std::vector<ReferringKey> found;
  for (const auto& referenced : names)
    for (const auto& name : ctx.before.referencing(referenced))
      if (const auto* child = ctx.before.table(name))
        for (const auto& key : child->constraints)
          if (key.kind == "foreign key" && key.references == referenced && key.parent.empty() && key.enforced &&
              !key.period)
            found.push_back({child, key});
  return found;
}

std::vector<sql::Lock> back_locks(const Context& ctx, const RowWork& work, const RowPart& part) {
  auto locks = change_locks(ctx, part);
  if (part.has_before()) locks.push_back(lock(part.before, LockMode::access_share));
  if (part.has_after()) locks.push_back(lock(part.after, LockMode::access_share));
  locks.push_back(lock(part.left, LockMode::row_exclusive));
  if (work.batches) locks.push_back(lock(work.state, LockMode::access_share));
  return locks;
}

sql::Fragment refers_to_what_is_there(const RowPart& part, bool if_changed) {
  sql::Fragment out;
  for (const auto& key : part.of.table->constraints) {
    if (key.kind != "foreign key" || !key.enforced || key.period) continue;
    std::vector<sql::Fragment> equal;
    for (std::size_t i = 0; i < key.columns.size(); ++i)
      equal.push_back(sql::sql("p.{} = o.{}", Ident{key.reference_columns[i]}, Ident{key.columns[i]}));
    const auto there = sql::join(equal, " AND ");
    auto fine =
        sql::sql("{} OR EXISTS (SELECT FROM {} p WHERE {})", any_null(key.columns, "o"), key.references.sql(), there);
    if (if_changed) fine = sql::sql("{} OR {} *= {}", fine, image(key.columns, "o"), image(key.columns, "n"));
    // Rows that refer to each other come back together.
    if (!if_changed && key.references == part.of.table->name)
      fine =
          sql::sql("{} OR EXISTS (SELECT FROM {} p WHERE p._mig_b = o._mig_b AND {})", fine, part.before.sql(), there);
    out = sql::sql("{}\n    AND ({})", out, fine);
  }
  return out;
}

std::vector<sql::Statement> undo(const Context& ctx, const RowWork& work) {
  std::vector<sql::Statement> out{statement(sql::sql("SET LOCAL row_security = off"))};
  for (const auto& part : work.parts) {
    if (part.fate == Fate::made || part.fate == Fate::merged) {
      // A row without a key has nothing to be referred to by, unless a unique column of it may be null.
      if (!part.of.key.empty()) out.push_back(lock_made(ctx, work, part));
      out.push_back(undo_made(ctx, work, part));
    }
    if (part.fate == Fate::taken) out.push_back(undo_taken(ctx, work, part));
    if (part.fate == Fate::changed || (part.fate == Fate::merged && !part.set.empty()))
      out.push_back(undo_changed(ctx, work, part));
  }
  if (work.batches)
    for (auto& each : forget_batch(work)) out.push_back(std::move(each));
  return out;
}

sql::Fragment left(const RowWork& work) {
  std::vector<sql::Fragment> parts;
  for (const auto& part : work.parts) {
    const auto& shown = part.of.key.empty() ? part.of.columns : part.of.key;
    parts.push_back(sql::sql(
        "SELECT {} AS relation, count(*) AS rows,\n"
        "  (SELECT string_agg(k, '; ') FROM (SELECT concat_ws(', ', {}) AS k FROM {} ORDER BY {}::text LIMIT 5) f) AS "
        "keys,\n"
        "  {} AS kept\n"
        "FROM {} HAVING count(*) > 0",
        sql::Literal{part.of.table->name.text()}, list(shown), part.left.sql(), sql::sql("ROW({})", list(shown)),
        sql::Literal{part.left.text()}, part.left.sql()));
  }
  return sql::join(parts, "\nUNION ALL\n");
}

}  // namespace mig::operations::rows
