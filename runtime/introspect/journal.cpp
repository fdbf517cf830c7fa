// The journal's state rows: what is applied, in flight, pending.
#include <algorithm>

#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

void read_migrations(Build& build, catalog::Catalog& catalog) {
  auto rows = build.link.ask(
      "SELECT m.name, m.state, m.source_hash, p.hash,"
      " to_char(m.since AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
      " FROM mig.migration m LEFT JOIN mig.plan p ON p.id = m.plan ORDER BY m.name COLLATE \"C\"");
  while (rows.next()) {
    auto& migration = catalog.migrations.emplace_back();
    migration.name = rows.text();
    migration.state = rows.text();
    migration.source_hash = rows.text();
    migration.plan_hash = rows.text();
    migration.since = rows.text();
  }
}

void read_steps(Build& build, catalog::Catalog& catalog) {
  auto rows = build.link.ask(
      "SELECT m.name, s.step FROM mig.migration m JOIN mig.step s ON s.plan = m.plan"
      " WHERE s.state = 'done' ORDER BY m.name COLLATE \"C\", s.step COLLATE \"C\"");
  auto migration = catalog.migrations.begin();
  while (rows.next()) {
    const auto name = rows.view();
    while (migration != catalog.migrations.end() && migration->name != name) ++migration;
    if (migration == catalog.migrations.end()) return;
    migration->steps_done.push_back(rows.text());
  }
}

}  // namespace

// The role may have no right to read the journal: whoever plans with it has to.
void read_journal(Build& build, catalog::Catalog& catalog) {
  auto rows = build.link.ask(
      "SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(m.oid, 'SELECT')"
      " AND has_table_privilege(s.oid, 'SELECT') AND has_table_privilege(p.oid, 'SELECT'), current_user::text"
      " FROM pg_namespace n JOIN pg_class m ON m.relnamespace = n.oid AND m.relname = 'migration'"
      " JOIN pg_class s ON s.relnamespace = n.oid AND s.relname = 'step'"
      " JOIN pg_class p ON p.relnamespace = n.oid AND p.relname = 'plan' WHERE n.nspname = 'mig'");
  if (!rows.next()) return;
  if (!rows.truth()) {
    const auto role = rows.text();
    DatabaseError error("permission denied for the journal of mig");
    error.message = error.what();
    error.sqlstate = "42501";
    error.schema = "mig";
    error.hint = "GRANT SELECT ON ALL TABLES IN SCHEMA mig TO " + sql::quote_ident(role) + ";";
    throw error;
  }
  catalog.journal_present = true;
  read_migrations(build, catalog);
  read_steps(build, catalog);
}

}  // namespace mig::runtime::introspection
