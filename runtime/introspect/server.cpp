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

namespace {

// What the server has beside the schema, for questions that are asked before anything runs: may the role create in the
// database, which extensions are there to be created. In no snapshot and no comparison.
void read_database(Build& build) {
  auto rows = build.link.ask(
      "SELECT d.datname, pg_get_userbyid(d.datdba), has_database_privilege(d.oid, 'CREATE')::text FROM pg_database d"
      " WHERE d.datname = current_database()");
  while (rows.next()) {
    catalog::Object database;
    database.kind = "database";
    database.name.name = rows.text();
    database.owner = rows.text();
    database.facts.emplace("create", rows.text());
    build.memory->add(std::move(database));
  }
}

void read_available_extensions(Build& build) {
  auto rows = build.link.ask(
      "SELECT e.name, e.default_version, string_agg(v.version, ' ' ORDER BY v.version COLLATE \"C\"),"
      " max(v.schema) FILTER (WHERE v.version = e.default_version),"
      " (bool_or(v.superuser AND NOT v.trusted) FILTER (WHERE v.version = e.default_version))::text,"
      " max(array_to_string(v.requires, ' ')) FILTER (WHERE v.version = e.default_version), e.comment"
      " FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name = e.name"
      " GROUP BY e.name, e.default_version, e.comment");
  while (rows.next()) {
    catalog::Object extension;
    extension.kind = "available extension";
    extension.name.name = rows.text();
    for (const char* fact : {"version", "versions", "schema", "superuser", "requires"})
      if (const auto value = rows.maybe(); value && !value->empty()) extension.facts.emplace(fact, *value);
    extension.comment = rows.text();
    build.memory->add(std::move(extension));
  }
}

}  // namespace

// Roles belong to the whole cluster: only those count that this database's objects name. Of the others it is known that
// they are there, for whom something is granted to; they are in no snapshot and no comparison.
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
    if (build.roles.count(role.name.name) == 0) {
      role.kind = "other role";
      build.memory->add(std::move(role));
      continue;
    }
    for (const char* fact : {"superuser", "inherit", "createrole", "createdb", "login", "replication", "bypassrls"})
      if (rows.truth()) role.facts.emplace(fact, "true");
    if (const auto limit = rows.number(); limit >= 0) role.facts.emplace("connection_limit", std::to_string(limit));
    if (const auto groups = rows.maybe()) role.facts.emplace("member_of", *groups);
    role.comment = build.comment("pg_authid", oid);
    build.memory->add(std::move(role));
  }
  read_database(build);
  if (build.scope.available) read_available_extensions(build);
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
