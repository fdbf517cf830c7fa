// SQL that takes mig out of a database: whatever it made, found by name, in one transaction that nobody's data joins:
// nothing is dropped with CASCADE, so what others hung on it stops the script.
#include "runtime/doctor/looks.hpp"

namespace mig::runtime {

namespace {

using doctor::text;
using sql::Fragment;
using sql::Ident;
using sql::Qualified;
using sql::sql;

// Statements in order, and lines of the head for what they destroy.
struct Removal {
  std::vector<Fragment> statements;
  std::vector<std::string> destroyed;
};

Fragment join(const std::vector<Fragment>& parts) { return ::mig::sql::join(parts, ", "); }

// Triggers, constraints and columns of the user's own tables. Of a tree only the top: the rest follows.
void add_parts(Session& session, Removal& removal) {
  const auto triggers =
      session.run(sql("SELECT n.nspname, c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid\n"
                      "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                      "WHERE t.tgname LIKE '\\_mig\\_%' AND NOT t.tgisinternal AND t.tgparentid = 0\n"
                      "  AND n.nspname !~ '^(mig$|mig_park_)' ORDER BY 1, 2, 3"));
  for (const auto& row : triggers.rows)
    removal.statements.push_back(
        sql("DROP TRIGGER {} ON {}", Ident{text(row[2])}, Qualified{text(row[0]), text(row[1])}));
  const auto constraints = session.run(
      sql("SELECT n.nspname, c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid\n"
          "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
          "WHERE k.conname LIKE '\\_mig\\_%' AND k.coninhcount = 0 AND n.nspname !~ '^(mig$|mig_park_)'\n"
          "ORDER BY 1, 2, 3"));
  for (const auto& row : constraints.rows)
    removal.statements.push_back(
        sql("ALTER TABLE {} DROP CONSTRAINT {}", Qualified{text(row[0]), text(row[1])}, Ident{text(row[2])}));
  const auto columns = session.run(
      sql("SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid\n"
          "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
          "WHERE a.attname LIKE '\\_mig\\_%' AND NOT a.attisdropped AND a.attinhcount = 0\n"
          "  AND c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^(mig$|mig_park_|pg_)' ORDER BY 1, 2, 3"));
  for (const auto& row : columns.rows) {
    const Qualified table{text(row[0]), text(row[1])};
    removal.statements.push_back(sql("ALTER TABLE {} DROP COLUMN {}", table, Ident{text(row[2])}));
    removal.destroyed.push_back("column " + text(row[2]) + " of " + ::mig::sql::display(table));
  }
}

Fragment kept_words(Session& session) {
  return session.run(sql("SELECT to_regclass('mig.kept') IS NOT NULL")).truth()
             ? sql("(SELECT k.relation || CASE WHEN k.part = '' THEN '' ELSE '.' || k.part END FROM mig.kept k\n"
                   "  WHERE k.state = 'kept' AND k.kept_schema = n.nspname AND k.kept_relation = c.relname LIMIT 1)")
             : sql("NULL");
}

// All that stands in a schema of mig's, and the schema.
void add_schema(Session& session, const std::string& schema, Removal& removal) {
  const auto relations = session.run(sql(
      "SELECT c.relname, c.relkind, c.reltuples::bigint, {} FROM pg_class c\n"
      "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
      "WHERE n.nspname = {} AND (c.relkind IN ('v', 'm') OR (c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition)\n"
      "  OR (c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid\n"
      "    AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))) ORDER BY c.relkind = 'v' DESC, 1",
      kept_words(session), ::mig::sql::Literal{schema}));
  std::vector<Fragment> tables;
  for (const auto& row : relations.rows) {
    const Qualified name{schema, text(row[0])};
    if (row[1] == "v")
      removal.statements.push_back(sql("DROP VIEW {}", name));
    else if (row[1] == "m")
      removal.statements.push_back(sql("DROP MATERIALIZED VIEW {}", name));
    else if (row[1] == "S")
      removal.statements.push_back(sql("DROP SEQUENCE {}", name));
    else
      tables.push_back(::mig::sql::fragment(name));
    if (schema != "mig" && (row[1] == "r" || row[1] == "p"))
      removal.destroyed.push_back("table " + ::mig::sql::display(name) +
                                  (row[3] ? ", which was " + text(row[3]) : std::string()) +
                                  (text(row[2])[0] == '-' ? "" : ", about " + text(row[2]) + " rows"));
  }
  if (!tables.empty()) removal.statements.push_back(sql("DROP TABLE {}", join(tables)));
  const auto functions =
      session.run(sql("SELECT p.proname, CASE p.prokind WHEN 'p' THEN 'p' ELSE 'f' END FROM pg_proc p\n"
                      "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = {} ORDER BY 1",
                      ::mig::sql::Literal{schema}));
  for (const auto& row : functions.rows) {
    const Qualified name{schema, text(row[0])};
    removal.statements.push_back(row[1] == "p" ? sql("DROP PROCEDURE {}", name) : sql("DROP FUNCTION {}", name));
  }
  removal.statements.push_back(sql("DROP SCHEMA {}", Ident{schema}));
}

// Functions and relations beside the user's own.
void add_own_objects(Session& session, Removal& removal) {
  const auto rows = session.run(
      sql("SELECT n.nspname, x.name, x.kind FROM (\n"
          "  SELECT relnamespace, relname, CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' WHEN 'i' THEN "
          "'index'\n"
          "    WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence' ELSE 'table' END FROM pg_class c\n"
          "  WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I') AND NOT relispartition\n"
          "    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)\n"
          "    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid\n"
          "      AND relkind = 'S' AND d.deptype IN ('a', 'i'))\n"
          "  UNION ALL SELECT pronamespace, proname, 'function' FROM pg_proc WHERE prokind = 'f'\n"
          ") x(namespace, name, kind) JOIN pg_namespace n ON n.oid = x.namespace\n"
          "WHERE x.name LIKE '\\_mig\\_%' AND n.nspname !~ '^(mig$|mig_park_|pg_)'\n"
          "ORDER BY array_position(ARRAY['view', 'matview', 'function', 'index', 'table', 'sequence'], x.kind), 1, 2"));
  for (const auto& row : rows.rows) {
    const Qualified name{text(row[0]), text(row[1])};
    const auto& kind = text(row[2]);
    removal.statements.push_back(kind == "view"       ? sql("DROP VIEW {}", name)
                                 : kind == "matview"  ? sql("DROP MATERIALIZED VIEW {}", name)
                                 : kind == "function" ? sql("DROP FUNCTION {}", name)
                                 : kind == "index"    ? sql("DROP INDEX {}", name)
                                 : kind == "sequence" ? sql("DROP SEQUENCE {}", name)
                                                      : sql("DROP TABLE {}", name));
  }
}

std::string in_flight(Session& session) {
  if (!session.run(sql("SELECT to_regclass('mig.migration') IS NOT NULL")).truth()) return "";
  std::string words;
  const auto rows = session.run(
      sql("SELECT name, state FROM mig.migration WHERE state NOT IN ('pending', 'done') ORDER BY name COLLATE \"C\""));
  for (const auto& row : rows.rows)
    words += "--   " + text(row[0]) + " is " + text(row[1]) + ": it can neither go on nor back afterwards\n";
  return words;
}

std::string head(Session& session, const Removal& removal) {
  std::string words = "-- Removes mig from database " +
                      session.run(sql("SELECT quote_ident(current_database())")).value() +
                      ": its journal, and all that it made beside your schema, which stays as it is.\n"
                      "-- By psql -v ON_ERROR_STOP=1 -f FILE: one transaction, all or nothing.\n";
  words += in_flight(session);
  if (!removal.destroyed.empty()) words += "-- Destroyed for good, with what is in it:\n";
  for (const auto& line : removal.destroyed) words += "--   " + line + "\n";
  return words + "\n";
}

}  // namespace

std::string removal_script(const Target& target) {
  Session session(target);
  session.run(sql("SET default_transaction_read_only = on"));
  Removal removal;
  add_parts(session, removal);
  add_own_objects(session, removal);
  const auto schemas =
      session.run(sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mig\\_park\\_%' OR nspname = 'mig'\n"
                      "ORDER BY nspname = 'mig', nspname"));
  for (const auto& row : schemas.rows) add_schema(session, text(row[0]), removal);
  if (removal.statements.empty()) return "";
  std::vector<Fragment> script{
      sql("BEGIN"), sql("SET LOCAL lock_timeout = '2s'"),
      // Asked, not waited for: a session that waits holds a snapshot, and a concurrent build would wait for it.
      sql("DO $$ BEGIN\n"
          "  IF NOT pg_try_advisory_xact_lock({}) THEN RAISE EXCEPTION 'mig runs here now: wait for it'; END IF;\n"
          "END $$",
          plan::journal::lock_key)};
  script.insert(script.end(), removal.statements.begin(), removal.statements.end());
  script.push_back(sql("COMMIT"));
  auto words = head(session, removal);
  for (const auto& statement : script) words += statement.text() + ";\n";
  return words;
}

}  // namespace mig::runtime
