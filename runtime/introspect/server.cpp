// The server, the session's role, the roles in use, and what was set for them.
#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// What plans and hazards ask of a server; those that a server does not know are left out.
constexpr std::string_view settings_query = R"(
SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('autovacuum', 'check_function_bodies',
  'deadlock_timeout', 'default_tablespace', 'default_table_access_method', 'default_toast_compression',
  'idle_in_transaction_session_timeout', 'idle_session_timeout', 'lock_timeout', 'maintenance_work_mem',
  'max_connections', 'max_locks_per_transaction', 'max_prepared_transactions', 'max_replication_slots',
  'max_worker_processes', 'password_encryption', 'search_path', 'server_version', 'session_replication_role',
  'statement_timeout', 'synchronous_commit', 'synchronous_standby_names', 'TimeZone', 'transaction_timeout',
  'wal_level'))";

void read_settings_of(Link& link, catalog::Server& server) {
  auto rows = link.ask(settings_query);
  while (rows.next()) {
    auto name = rows.text();
    server.settings.emplace(std::move(name), rows.text());
  }
}

void read_search_path(Link& link, catalog::Server& server) {
  for (auto rows = link.ask("SELECT unnest(current_schemas(false))"); rows.next();)
    // Temporary schemas belong to one session, pg_catalog is always searched.
    if (auto schema = rows.text(); !system_schema(schema) || schema == "information_schema")
      server.search_path.push_back(std::move(schema));
}

}  // namespace

void read_server(Build& build, catalog::Server& server) {
  auto rows = build.link.ask(
      "SELECT current_setting('server_version_num'), d.datname, current_user, pg_encoding_to_char(d.encoding),"
      " CASE {database_provider} WHEN 'c' THEN d.datcollate ELSE {database_provider}::text || ':' ||"
      " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', d.datcollate) END,"
      " r.rolsuper FROM pg_database d, pg_roles r"
      " WHERE d.datname = current_database() AND r.rolname = current_user");
  if (!rows.next()) throw DatabaseError("the session's role is not in pg_roles: it was dropped meanwhile");
  server.version = static_cast<int>(rows.number());
  server.database = rows.text();
  server.role = rows.text();
  server.encoding = rows.text();
  server.collation = rows.text();
  server.superuser = rows.truth();
  read_settings_of(build.link, server);
  read_search_path(build.link, server);
  for (auto members = build.link.ask("SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'USAGE')"
                                     " ORDER BY rolname COLLATE \"C\"");
       members.next();)
    server.member_of.push_back(members.text());
}

// Roles belong to the whole cluster: only those count that this database's objects name.
void read_roles(Build& build) {
  auto rows = build.link.ask(
      "SELECT r.oid, r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,"
      " r.rolreplication, r.rolbypassrls, r.rolconnlimit,"
      " (SELECT string_agg(quote_ident(g.rolname), ', ' ORDER BY g.rolname COLLATE \"C\")"
      "  FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) FROM pg_roles r");
  while (rows.next()) {
    catalog::Object role;
    const auto oid = rows.id();
    role.kind = "role";
    role.name.name = rows.text();
    if (build.roles.count(role.name.name) == 0) continue;
    for (const char* fact : {"superuser", "inherit", "createrole", "createdb", "login", "replication", "bypassrls"})
      if (rows.truth()) role.facts.emplace(fact, "true");
    if (const auto limit = rows.number(); limit >= 0) role.facts.emplace("connection_limit", std::to_string(limit));
    if (const auto groups = rows.maybe()) role.facts.emplace("member_of", *groups);
    role.comment = build.comment("pg_authid", oid);
    build.memory->add(std::move(role));
  }
}

// Settings with a dot are the application's own and may hold its secrets: that they are set is said, not to what.
void read_settings(Build& build) {
  auto rows = build.link.ask(
      "SELECT coalesce('role ' || quote_ident(r.rolname) || CASE WHEN s.setdatabase <> 0 THEN ' in database' ELSE ''"
      " END, 'database'), s.setconfig FROM pg_db_role_setting s"
      " LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase"
      " WHERE s.setdatabase = 0 OR d.datname = current_database()");
  while (rows.next()) {
    catalog::Object setting;
    setting.kind = "setting";
    setting.name.name = rows.text();
    for (const auto& entry : rows.list()) {
      const auto name = entry.substr(0, entry.find('='));
      const bool own = name.find('.') != std::string::npos;
      setting.facts.emplace(name, own ? "(set)" : entry.substr(std::min(name.size() + 1, entry.size())));
    }
    build.memory->add(std::move(setting));
  }
}

}  // namespace mig::runtime::introspection
