// Which tables, how large, and a moment that all readers share.
#include "runtime/backup/tables.hpp"

namespace mig::runtime::backup {

using sql::Literal;
using sql::sql;

namespace {

sql::Fragment named(const std::vector<::mig::sql::Qualified>& tables) {
  std::vector<::mig::sql::Fragment> rows;
  for (const auto& table : tables) rows.push_back(sql("({}, {})", Literal{table.schema}, Literal{table.name}));
  return sql(
      "WITH RECURSIVE tree AS (\n"
      "  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
      "  WHERE (n.nspname, c.relname) IN ({})\n"
      "  UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid\n"
      ")",
      ::mig::sql::join(rows, ", "));
}

sql::Fragment all() {
  return sql(
      "WITH tree AS (\n"
      "  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
      "  WHERE n.nspname <> 'information_schema' AND NOT starts_with(n.nspname, 'pg_') AND c.relpersistence <> 't'\n"
      "    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid\n"
      "      AND d.deptype = 'e')\n"
      ")");
}

}  // namespace

std::vector<Table> tables_of(const Work& work, const ::mig::sql::Backup& action) {
  if (!action.database && action.tables.empty()) return {};
  const auto rows =
      work.ask(sql("{}\nSELECT n.nspname, c.relname, c.relkind, pg_total_relation_size(c.oid),\n"
                   "  has_table_privilege(c.oid, 'SELECT')\n"
                   "FROM tree JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                   "WHERE c.relkind IN ('r', 'p') ORDER BY 1, 2",
                   action.database ? all() : named(action.tables)));
  std::vector<Table> tables;
  for (const auto& row : rows.rows)
    tables.push_back({{*row[0], *row[1]}, *row[2] == "r", std::atoll(row[3]->c_str()), *row[4] == "t"});
  return tables;
}

std::string open_snapshot(Work& work, const Migration& m, const std::vector<Table>& tables) {
  work.ask(sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  work.ask(sql("SET LOCAL lock_timeout = {}", Literal{std::to_string(m.plan.policy.lock_timeout_ms) + "ms"}));
  // Programs work while this session waits, for as long as it takes.
  for (const auto* timeout : {"statement_timeout", "idle_in_transaction_session_timeout"})
    work.ask(sql("SET LOCAL {} = 0", ::mig::sql::Ident{timeout}));
  // Rows that a policy hides would be missing: an error is better.
  work.ask(sql("SET LOCAL row_security = off"));
  for (const auto& table : tables)
    if (table.rows) work.ask(sql("LOCK TABLE {} IN ACCESS SHARE MODE", table.name));
  return work.ask(sql("SELECT pg_export_snapshot()")).value();
}

void close_snapshot(Work& work) {
  if (work.session && work.session->alive() && work.session->in_transaction()) work.ask(sql("ROLLBACK"));
}

std::map<std::string, long long> count_rows(const Work& work, const std::vector<Table>& tables) {
  std::map<std::string, long long> rows;
  for (const auto& table : tables)
    if (table.rows)
      rows[display(table.name)] = std::stoll(work.ask(sql("SELECT count(*) FROM ONLY {}", table.name)).value());
  return rows;
}

std::optional<std::map<std::string, long long>> count_rows(Session& session, const std::vector<Table>& tables) {
  std::map<std::string, long long> rows;
  try {
    for (const auto& table : tables)
      if (table.rows)
        rows[display(table.name)] = std::stoll(session.run(sql("SELECT count(*) FROM ONLY {}", table.name)).value());
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    return std::nullopt;
  }
  return rows;
}

}  // namespace mig::runtime::backup
