// mig doctor: each finding on a database that has what it speaks of, and a removal that leaves no trace.
#include "runtime/doctor.hpp"

#include <algorithm>
#include <fstream>
#include <thread>

#include "runtime/executor.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

using namespace mig;
using runtime::Finding;
using runtime::Grade;

namespace {

runtime::Target world() { return tests::server().database(tests::sample_world()); }

std::vector<Finding> examined(const runtime::Target& target, runtime::Background known = {}) {
  known.throwaway = true;
  return runtime::examine(target, known);
}

const Finding* find(const std::vector<Finding>& findings, const std::string& code) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const auto& one) { return one.code == code; });
  return found == findings.end() ? nullptr : &*found;
}

Finding the(const std::vector<Finding>& findings, const std::string& code) {
  INFO(code);
  const auto* found = find(findings, code);
  REQUIRE(found != nullptr);
  return *found;
}

// What is typed ends the finding: it is said of a database, and no more of the same one afterwards.
void mended(const runtime::Target& target, const std::string& code) {
  for (const auto& statement : the(examined(target), code).type) tests::run(target, statement);
  INFO(code);
  CHECK(find(examined(target), code) == nullptr);
}

// The schema as pg_dump prints it: it shows what introspection passes over. Its head and newer lines \restrict carry
// what differs from call to call.
std::string dumped(const runtime::Target& target) {
  const auto database = tests::run(target, "select current_database()").value();
  const auto path = tests::server().directory() + "/dump.sql";
  const auto command = tests::server().bin() + "/pg_dump --schema-only -h " + tests::server().directory() +
                       " -U postgres " + database + " | grep -v '^--' | grep -v '^.\\(un\\)\\?restrict ' > " + path;
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void remove(const runtime::Target& target) {
  const auto path = tests::server().directory() + "/remove.sql";
  std::ofstream(path) << runtime::removal_script(target);
  const auto ran = tests::psql(target, {"-q", "-f", path});
  INFO(ran.output);
  REQUIRE(ran.exit == 0);
}

}  // namespace

TEST_CASE("a healthy database has no complaint") {
  for (const auto& finding : examined(world())) {
    INFO(finding.topic << " " << finding.text);
    CHECK(finding.grade == Grade::good);
    CHECK(finding.code == "ok");
  }
}

TEST_CASE("an INVALID index, and what is typed clears it") {
  const auto target = world();
  tests::run(target, "CREATE TABLE twice (a int)");
  tests::run(target, "INSERT INTO twice VALUES (1), (1)");
  CHECK_THROWS_AS(tests::run(target, "CREATE UNIQUE INDEX CONCURRENTLY \"Twice\" ON twice (a)"),
                  runtime::DatabaseError);
  CHECK(the(examined(target), "invalid_index").type ==
        std::vector<std::string>{"DROP INDEX CONCURRENTLY public.\"Twice\";"});
  mended(target, "invalid_index");
}

TEST_CASE("an INVALID index of mig's own is built again by mig") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  tests::run(target, "UPDATE orders SET status = 'same'");
  auto broken = plan;
  REQUIRE(tests::apply(target, broken).exit == 0);
  tests::run(target, "UPDATE mig.step SET state = 'started', ended = NULL WHERE step IN (SELECT step FROM mig.step)");
  tests::run(target,
             "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (SELECT indexrelid FROM pg_index i "
             "JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'orders%' AND NOT indisprimary)");
  const auto findings = examined(target);
  const auto found = the(findings, "invalid_index");
  CHECK(found.grade == Grade::bad);
  CHECK(found.type == std::vector<std::string>{"mig apply sample"});
}

TEST_CASE("constraints that are NOT VALID, of tables and domains") {
  const auto target = world();
  tests::run(target, "ALTER TABLE users ADD CONSTRAINT \"Named\" CHECK (id > 0) NOT VALID");
  mended(target, "not_valid");
  tests::run(target, "CREATE DOMAIN small AS int; ALTER DOMAIN small ADD CONSTRAINT less CHECK (VALUE < 9) NOT VALID");
  mended(target, "not_valid");
}

TEST_CASE("who blocks whom, and what ends it") {
  const auto target = world();
  runtime::Session holder(target), waiter(target);
  holder.run(sql::sql("BEGIN"));
  holder.run(sql::sql("LOCK TABLE users"));
  std::thread waits([&] {
    try {
      waiter.run(sql::sql("SELECT count(*) FROM users"));
    } catch (const runtime::DatabaseError&) {
    }
  });
  const auto blocked = [&] { return find(examined(target), "blocker") != nullptr; };
  for (int i = 0; i < 100 && !blocked(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto found = the(examined(target), "blocker");
  CHECK(found.grade == Grade::bad);
  CHECK(found.type ==
        std::vector<std::string>{"select pg_terminate_backend(" + std::to_string(holder.backend_pid()) + ");"});
  holder.run(sql::sql("ROLLBACK"));
  waits.join();
  CHECK(find(examined(target), "blocker") == nullptr);
}

TEST_CASE("a run that ended without a word names the command that takes it up") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  CHECK(find(examined(target), "crashed_run") == nullptr);
  tests::run(target, "UPDATE mig.run SET ended = NULL, exit = NULL");
  tests::run(target, "UPDATE mig.migration SET state = 'expanding'");
  CHECK(the(examined(target), "crashed_run").type == std::vector<std::string>{"mig apply sample"});
}

TEST_CASE("a remnant of mig's own build is dropped under mig's lock, one of somebody else's is not") {
  const auto target = world();
  tests::run(target, "CREATE TABLE twice (a int)");
  tests::run(target, "INSERT INTO twice VALUES (1), (1)");
  CHECK_THROWS_AS(tests::run(target, "CREATE UNIQUE INDEX CONCURRENTLY theirs ON twice (a)"), runtime::DatabaseError);
  // mig builds a unique index over rows that are not unique: refused, and its remnant is there.
  const auto plan = tests::compiled(target, "migration ours { contract { add unique index mine on twice (a); } }");
  runtime::ApplyOptions whole;
  whole.through = sql::Phase::contract;
  CHECK(tests::apply(target, plan, whole).exit == 5);
  if (tests::run(target, "SELECT to_regclass('mine') IS NULL").truth())  // as after a kill
    CHECK_THROWS_AS(tests::run(target, "CREATE UNIQUE INDEX CONCURRENTLY mine ON twice (a)"), runtime::DatabaseError);
  const auto before = examined(target);
  std::vector<std::string> ran;
  {
    runtime::Session holder(target);
    REQUIRE(holder.run(plan::journal::try_lock()).truth());
    CHECK(runtime::mend(target, before, {}).exit == 6);
    CHECK(tests::run(target, "SELECT count(*) FROM pg_index WHERE NOT indisvalid").value() == "2");
  }
  const auto outcome = runtime::mend(target, before, [&](const runtime::Event& event) {
    CHECK(event.name == "mended");
    ran.push_back(event.fields.at("statement"));
  });
  CHECK(outcome.exit == 0);
  CHECK(ran == std::vector<std::string>{"DROP INDEX CONCURRENTLY public.mine;"});
  CHECK(tests::run(target, "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid").value() == "theirs");
  tests::run(target, "DELETE FROM twice WHERE ctid = (SELECT ctid FROM twice LIMIT 1)");
  CHECK(tests::apply(target, plan, whole).exit == 0);
  CHECK(tests::run(target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'mine'::regclass").truth());
}

TEST_CASE("a run that only lacks its end gets one, a run in the middle does not") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  tests::run(target, "UPDATE mig.run SET ended = NULL, exit = NULL, command = 'up.sql'");
  const auto found = the(examined(target), "crashed_run");
  CHECK(found.type == std::vector<std::string>{"mig apply sample"});
  CHECK(runtime::mend(target, {found}, {}).exit == 0);
  CHECK(find(examined(target), "crashed_run") == nullptr);
  tests::run(target, "UPDATE mig.run SET ended = NULL, exit = NULL");
  tests::run(target, "UPDATE mig.migration SET state = 'expanding'");
  CHECK(the(examined(target), "crashed_run").mend.empty());
}

TEST_CASE("triggers and functions without a journal are removed, what may hold rows is not") {
  const auto target = world();
  tests::run(
      target,
      "ALTER TABLE users ADD COLUMN _mig_p_old text; CREATE SCHEMA mig_park_gone; CREATE TABLE _mig_rows (a int);"
      "CREATE FUNCTION _mig_f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER _mig_t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION _mig_f();"
      "CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER theirs BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION theirs()");
  std::vector<std::string> ran;
  CHECK(runtime::mend(target, examined(target), [&](const runtime::Event& event) {
          ran.push_back(event.fields.at("statement"));
        }).exit == 0);
  CHECK(ran == std::vector<std::string>{"DROP TRIGGER _mig_t ON public.users;", "DROP FUNCTION public._mig_f();"});
  CHECK(tests::run(target, "SELECT string_agg(tgname, ' ') FROM pg_trigger WHERE NOT tgisinternal").value() ==
        "theirs");
  const auto left = examined(target);
  the(left, "orphan_column");
  the(left, "orphan_schema");
  for (const auto& finding : left) CHECK(finding.mend.empty());
}

TEST_CASE("a wait for a lock that outlasts deadlock_timeout") {
  const auto target = world();
  runtime::Background known;
  known.policy.lock_timeout_ms = 1000;
  CHECK(the(examined(target, known), "lock_timeout").type ==
        std::vector<std::string>{"in mig.toml:  [policy]  lock_timeout = \"500ms\""});
  known.policy.lock_timeout_ms = 999;
  CHECK(find(examined(target, known), "lock_timeout") == nullptr);
}

TEST_CASE("more partitions than locks fit") {
  const auto target = world();
  tests::run(target, "CREATE TABLE parts (id int) PARTITION BY RANGE (id)");
  CHECK(find(examined(target), "max_locks_per_transaction") == nullptr);
  const auto fit = std::stoll(
      tests::run(target,
                 "SELECT current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int"
                 " + current_setting('max_prepared_transactions')::int)")
          .value());
  const auto half = fit / 2;
  for (long long done = 0; done < half; done += 400)
    tests::run(target, "DO $$ BEGIN FOR i IN " + std::to_string(done) + ".." +
                           std::to_string(std::min(done + 400, half + 1) - 1) +
                           " LOOP EXECUTE format('CREATE TABLE parts_%s PARTITION OF parts FOR VALUES FROM (%s) TO "
                           "(%s)', i, i, i + 1); END LOOP; END $$");
  CHECK_THAT(the(examined(target), "max_locks_per_transaction").type.at(0),
             Catch::Contains("ALTER SYSTEM SET max_locks_per_transaction = "));
}

TEST_CASE("an event trigger is named: each step runs it") {
  const auto target = world();
  tests::run(target,
             "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; "
             "CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watch()");
  CHECK_THAT(the(examined(target), "event_trigger").text, Catch::Contains("watching"));
}

TEST_CASE("statistics that are not there, and what is typed makes them") {
  const auto target = world();
  tests::run(target, "CREATE TABLE \"Big\" AS SELECT i, repeat('x', 200) AS t FROM generate_series(1, 20000) i");
  for (int i = 0; i < 100 && find(examined(target), "stale_statistics") == nullptr; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(the(examined(target), "stale_statistics").type == std::vector<std::string>{"ANALYZE public.\"Big\";"});
}

TEST_CASE("what is left without a journal is found, and removed") {
  const auto target = world();
  const auto before = dumped(target);
  tests::run(target,
             "ALTER TABLE users ADD COLUMN _mig_p_old text; CREATE SCHEMA mig_park_gone; "
             "CREATE TABLE mig_park_gone.t (a int); "
             "CREATE FUNCTION _mig_f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
             "CREATE TRIGGER _mig_t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION _mig_f()");
  const auto findings = examined(target);
  the(findings, "orphan_column");
  the(findings, "orphan_schema");
  the(findings, "orphan_object");
  remove(target);
  CHECK(dumped(target) == before);
  CHECK(runtime::removal_script(target).empty());
}

TEST_CASE("after the removal the database is as one that never saw mig") {
  for (const auto through : {sql::Phase::expand, sql::Phase::contract}) {
    const auto target = world();
    const auto never = dumped(target);
    runtime::ApplyOptions options;
    options.through = through;
    REQUIRE(tests::apply(target, tests::sample_plan(), options).exit == 0);
    REQUIRE(tests::rollback(target, "sample").exit == 0);
    CHECK(dumped(target) != never);
    remove(target);
    CHECK(dumped(target) == never);
    for (const auto& finding : examined(target)) CHECK(finding.grade == Grade::good);
  }
}

TEST_CASE("the removal is refused while a mig runs, and says what it destroys") {
  const auto target = world();
  runtime::ApplyOptions options;
  options.through = sql::Phase::contract;
  REQUIRE(tests::apply(target, tests::sample_plan(), options).exit == 0);
  const auto script = runtime::removal_script(target);
  CHECK_THAT(script, Catch::Contains("sample is contracted"));
  CHECK_THAT(script, Catch::Contains("Destroyed for good"));
  runtime::Session holder(target);
  REQUIRE(holder.run(plan::journal::try_lock()).truth());
  const auto path = tests::server().directory() + "/refused.sql";
  std::ofstream(path) << script;
  const auto ran = tests::psql(target, {"-q", "-f", path});
  CHECK(ran.exit != 0);
  CHECK_THAT(ran.output, Catch::Contains("mig runs here now"));
  CHECK(tests::run(target, "SELECT state FROM mig.migration").value() == "contracted");
}

TEST_CASE("a role that lacks rights is told the GRANTs, and they suffice") {
  const auto target = world();
  const auto database = tests::run(target, "select current_database()").value();
  tests::run(target, "CREATE ROLE examined LOGIN");
  const auto as_role = tests::server().target(database, "examined");
  runtime::Background known;
  known.pending = {tests::sample_plan()};
  the(examined(as_role, known), "missing_right");
  the(examined(as_role, known), "no_journal_rights");
  for (const auto& finding : examined(as_role, known))
    if (finding.topic == "privileges")
      for (const auto& grant : finding.type) tests::run(target, grant);
  for (const auto& finding : examined(as_role, known)) {
    INFO(finding.text);
    CHECK(finding.grade == Grade::good);
  }
  tests::run(target, "DROP OWNED BY examined; DROP ROLE examined");
}
