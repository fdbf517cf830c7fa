// Introspection on a real server: every kind of object, golden text, round trip, what fingerprints see and do not see.
#include "runtime/introspect.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "compiler/catalog/snapshot.hpp"
#include "compiler/plan/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"

using namespace mig;
using runtime::introspect;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string case_file(const std::string& name) {
  return std::string(MIG_SOURCE_DIR) + "/tests/cases/introspect/" + name;
}

// Roles are the cluster's: made once for each server.
tests::Server& with_roles(tests::Server& server) {
  if (server.run("SELECT FROM pg_roles WHERE rolname = 'rich_owner'").rows.empty())
    server.run("CREATE ROLE rich_owner; CREATE ROLE rich_reader; CREATE ROLE \"Rich Writer\"");
  return server;
}

std::string rich(int major) {
  std::string script;
  for (const auto* name : {"rich.sql", "rich_14.sql", "rich_15.sql", "rich_18.sql"}) {
    const auto since = std::atoi(name + 5);
    if (major >= since) script += slurp(case_file(name));
  }
  return script;
}

// A subscription is not copied with its database, so it is made in each.
runtime::Target rich_database(tests::Server& server) {
  const auto target = with_roles(server).database(rich(server.major()));
  tests::run(target, slurp(case_file("rich_subscription.sql")));
  return target;
}

void drop_subscription(const runtime::Target& target) {
  tests::run(target, "ALTER SUBSCRIPTION incoming DISABLE");
  tests::run(target, "DROP SUBSCRIPTION incoming");
}

// Behind the head line, which tells of the machine.
std::string body(const catalog::Catalog& catalog) {
  const auto text = catalog::write_snapshot(catalog).objects;
  return text.substr(text.find('\n') + 1);
}

std::string said(const std::vector<catalog::Difference>& list) {
  std::string text;
  for (const auto& each : list) text += each.key + " | " + each.field + " | " + each.left + " | " + each.right + "\n";
  return text;
}

// One change of the rich schema: `-- key: field` above its statement; an empty field is the whole object.
struct Mutation {
  std::string key, field, statement;
};

std::vector<Mutation> mutations() {
  std::vector<Mutation> list;
  std::istringstream lines(slurp(case_file("mutations.sql")));
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(0, 4) == "--- ") continue;
    if (line.substr(0, 3) != "-- ") {
      if (!line.empty()) list.back().statement += line + "\n";
      continue;
    }
    const auto colon = line.rfind(':');
    list.push_back({line.substr(3, colon - 3), line.substr(std::min(colon + 2, line.size())), {}});
  }
  return list;
}

}  // namespace

TEST_CASE("the rich schema reads as its golden text, and the snapshot reads back, on every version") {
  for (const auto& bin : tests::all_servers()) {
    tests::Server server({bin, "none", {"wal_level=logical"}});
    INFO(server.major());
    const auto target = rich_database(server);
    const auto read = introspect(target, {.system = true, .sizes = true});
    const auto text = body(read);
    const auto golden = case_file("rich." + std::to_string(server.major()) + ".jsonl");
    if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(golden) << text;
    CHECK(text == slurp(golden));

    const auto written = catalog::write_snapshot(read);
    const auto system = catalog::write_system(read);
    diagnostics::Sink sink;
    const auto again = catalog::read_snapshot(std::make_shared<const std::string>(written.objects),
                                              std::make_shared<const std::string>(system), written.sizes, "rich", sink);
    CHECK_FALSE(sink.has_errors());
    CHECK(said(catalog::diff(read, again)).empty());
    CHECK(catalog::write_snapshot(again).objects == written.objects);
    CHECK(catalog::write_snapshot(again).sizes == written.sizes);
    CHECK(catalog::write_system(again) == system);
    CHECK(again.damage().empty());
    CHECK(again.functions({"pg_catalog", "lower"}).size() >= 2);
    drop_subscription(target);
  }
  if (std::getenv("MIG_TEST_SERVERS") == nullptr)
    std::cout << "other versions not run: MIG_TEST_SERVERS names no servers\n";
}

TEST_CASE("definitions are what the server prints") {
  for (const auto& bin : tests::all_servers()) {
    tests::Server server({bin, "none", {"wal_level=logical"}});
    const auto target = rich_database(server);
    const auto catalog = introspect(target);
    std::size_t checked = 0;
    for (const auto& name : catalog.names("table")) {
      const auto* table = catalog.table(name);
      const auto rows =
          tests::run(target,
                     "SET search_path = ''; SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                     " WHERE conrelid = '" +
                         name.text() +
                         "'::regclass AND contype IN ('p', 'u', 'c', 'f', 'x')"
                         " AND conparentid = 0 UNION ALL SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i"
                         " JOIN pg_class c ON c.oid = i.indexrelid WHERE indrelid = '" +
                         name.text() + "'::regclass");
      for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const auto& text = *rows.rows[i][1];
        const bool index = text.find("INDEX") != std::string::npos && text.substr(0, 6) == "CREATE";
        CHECK((index ? table->index(*rows.rows[i][0])->definition : table->constraint(*rows.rows[i][0])->definition) ==
              text);
        ++checked;
      }
    }
    CHECK(checked > 30);
    drop_subscription(target);
  }
}

TEST_CASE("a table renamed in the model is a table renamed by the server") {
  const auto target = rich_database(tests::server());
  for (const auto* table : {"users", "orders", "events", "animal", "Mixed Case", "scratch"}) {
    auto model = introspect(target);
    model.rename_table({"app", table}, {"app", "Re named"});
    tests::run(target, "ALTER TABLE app." + sql::quote_ident(table) + " RENAME TO \"Re named\"");
    const auto server = introspect(target);
    INFO(table);
    auto found = catalog::diff(model, server, catalog::Compare::model);
    // The one function whose signature names the row type: the model does not follow there (rename.cpp says so).
    std::erase_if(found, [](const auto& each) { return each.key == "function app.calls(app.mood)"; });
    CHECK(said(found) == "");
    tests::run(target, "ALTER TABLE app.\"Re named\" RENAME TO " + sql::quote_ident(table));
  }
  drop_subscription(target);
}

TEST_CASE("use, statistics and other oids leave the fingerprint as it is") {
  const auto target = rich_database(tests::server());
  const auto before = introspect(target);
  tests::run(target,
             "INSERT INTO app.users (name, email) SELECT 'n' || i, 'e' || i || '@x' FROM generate_series(1, 100) i;"
             "INSERT INTO app.scratch VALUES (1); SELECT nextval('app.ticket')");
  tests::run(target, "ANALYZE");
  tests::run(target, "VACUUM FULL app.users");
  tests::run(target, "REINDEX TABLE app.users");
  const auto after = introspect(target);
  CHECK(said(catalog::diff(before, after)).empty());
  CHECK(catalog::fingerprint(before) == catalog::fingerprint(after));
  CHECK(after.table({"app", "users"})->rows == 100);
  CHECK(after.table({"app", "users"})->bytes > before.table({"app", "users"})->bytes);
  CHECK(after.sequence({"app", "ticket"})->last_value == "195");
  drop_subscription(target);
}

TEST_CASE("a restored dump has the fingerprint of its original") {
  const auto target = rich_database(tests::server());
  const auto copy = tests::server().database();
  const auto file = tests::server().directory() + "/dump.sql";
  const auto dumped =
      runtime::run_program({tests::server().bin() + "/pg_dump", "-s", "-f", file, "-d", target.conninfo});
  if (!std::filesystem::exists(tests::server().bin() + "/pg_dump")) {
    std::cout << "dump and restore: seed 0, 0 cases run, 1 skipped: this server came without pg_dump\n";
    return;
  }
  INFO(dumped.output);
  REQUIRE(dumped.exit == 0);
  drop_subscription(target);
  const auto restored = tests::psql(copy, {"-q", "-f", file});
  INFO(restored.output);
  REQUIRE(restored.exit == 0);
  const auto left = introspect(target), right = introspect(copy);
  // A dump has subscriptions, switched off.
  CHECK(said(catalog::diff(left, right)).rfind("subscription incoming |  | absent | ", 0) == 0);
  tests::run(copy, "DROP SUBSCRIPTION incoming");
  const auto again = introspect(copy);
  CHECK(said(catalog::diff(left, again)).empty());
  CHECK(catalog::fingerprint(left) == catalog::fingerprint(again));
}

TEST_CASE("any single change is seen at its place") {
  const auto target = rich_database(tests::server());
  auto before = introspect(target);
  const auto list = mutations();
  CHECK(list.size() >= 60);
  for (const auto& mutation : list) {
    INFO(mutation.statement);
    REQUIRE_NOTHROW(tests::run(target, mutation.statement));
    auto after = introspect(target);
    const auto found = catalog::diff(before, after);
    INFO(said(found));
    CHECK(std::any_of(found.begin(), found.end(), [&](const catalog::Difference& each) {
      return each.key == mutation.key && each.field == mutation.field;
    }));
    CHECK(catalog::fingerprint(before) != catalog::fingerprint(after));
    CHECK(catalog::fingerprint(before, mutation.key) != catalog::fingerprint(after, mutation.key));
    before = std::move(after);
  }
  drop_subscription(target);
}

TEST_CASE("what mig keeps in a database is not seen") {
  const auto target = tests::server().database("CREATE TABLE t (id bigint PRIMARY KEY, a text, b text)");
  const auto before = introspect(target);
  tests::run(target, slurp(case_file("of_mig.sql")));
  const auto after = introspect(target);
  const auto text = catalog::write_snapshot(after).objects;
  CHECK(text.find("_mig_") == std::string::npos);
  CHECK(text.find("mig_park") == std::string::npos);
  CHECK(text.find("\"mig\"") == std::string::npos);
  const auto found = catalog::diff(before, after);
  INFO(said(found));
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "column public.t.b");
  CHECK(found[0].right == "absent");
}

TEST_CASE("settings of the role and database change no text") {
  const auto target = rich_database(tests::server());
  const auto before = introspect(target);
  const auto name = before.server.database;
  for (const auto* setting : {"DateStyle = 'German, DMY'", "IntervalStyle = 'sql_standard'", "TimeZone = 'Asia/Tokyo'",
                              "bytea_output = 'escape'", "extra_float_digits = -15", "quote_all_identifiers = on",
                              "search_path = app, pg_temp, nowhere, public"})
    tests::run(target, "ALTER DATABASE \"" + name + "\" SET " + setting);
  const auto after = introspect(target);
  const auto found = catalog::diff(before, after);
  INFO(said(found));
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "setting database");
  CHECK(after.server.search_path == std::vector<std::string>{"app", "public"});
  CHECK(after.server.settings.at("TimeZone") == "Asia/Tokyo");
  drop_subscription(target);
}

TEST_CASE("secrets are not read") {
  const auto target = rich_database(tests::server());
  tests::run(target, "ALTER DATABASE \"" + introspect(target).server.database + "\" SET app.jwt_key = 'hidden'");
  const auto text = catalog::write_snapshot(introspect(target)).objects;
  CHECK(text.find("hidden") == std::string::npos);
  CHECK(text.find("app.jwt_key") != std::string::npos);
  drop_subscription(target);
}

TEST_CASE("the journal's rows are read, and a role that may not is told the GRANT") {
  const auto target = tests::server().database();
  CHECK_FALSE(introspect(target).journal_present);
  for (const auto& statement : plan::journal::create()) tests::run(target, statement.text());
  tests::run(
      target,
      "INSERT INTO mig.plan (hash, format, migration, source_hash, size, bytes) VALUES ('hh', 1, 'm', 'ss', 0, '');"
      "INSERT INTO mig.migration (name, state, source_hash, plan) VALUES ('m', 'expanded', 'ss', 1);"
      "INSERT INTO mig.run (migration, plan, command, who, host, version) VALUES ('m', 1, 'apply', 'a', 'b', 'c');"
      "INSERT INTO mig.step (plan, step, state, run) VALUES (1, 'expand/2', 'done', 1), (1, 'expand/1', 'done', 1),"
      " (1, 'expand/3', 'started', 1)");
  const auto catalog = introspect(target);
  CHECK(catalog.journal_present);
  REQUIRE(catalog.migrations.size() == 1);
  CHECK(catalog.migrations[0].state == "expanded");
  CHECK(catalog.migrations[0].plan_hash == "hh");
  CHECK(catalog.migrations[0].steps_done == std::vector<std::string>{"expand/1", "expand/2"});
  if (tests::run(target, "SELECT FROM pg_roles WHERE rolname = 'mig_stranger'").rows.empty())
    tests::run(target, "CREATE ROLE mig_stranger LOGIN");
  const auto stranger = tests::server().target(catalog.server.database, "mig_stranger");
  try {
    static_cast<void>(introspect(stranger));
    FAIL("the journal is not for everybody");
  } catch (const runtime::DatabaseError& error) {
    CHECK(error.sqlstate == "42501");
    CHECK(error.hint == "GRANT SELECT ON ALL TABLES IN SCHEMA mig TO mig_stranger;");
  }
}

TEST_CASE("a server that is not there is an error of the connection") {
  runtime::Target nowhere;
  nowhere.conninfo = "host=/nowhere/at/all dbname=x";
  try {
    static_cast<void>(introspect(nowhere));
    FAIL("there is no server");
  } catch (const runtime::DatabaseError& error) {
    CHECK(error.connection_lost());
  }
}
