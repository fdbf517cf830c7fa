// up.sql and down.sql by a real psql: they do what the plan says, leave the journal's rows, survive an end at any
// point, and stop where they must.
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "compiler/plan/journal.hpp"
#include "compiler/plan/print.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/plans.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

using namespace mig;

namespace {

const std::string& world() {
  static const std::string text = [] {
    std::ifstream file(std::string(MIG_SOURCE_DIR) + "/tests/support/world.sql");
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  }();
  return text;
}

plan::Plan sample() { return tests::sample_plan(tests::server().major()); }

// Runs a script from a file, as a person would.
runtime::Ran script(const runtime::Target& target, const std::string& text, std::vector<std::string> arguments = {}) {
  const auto path = tests::server().directory() + "/script.sql";
  std::ofstream(path) << text;
  arguments.insert(arguments.end(), {"-f", path});
  return tests::psql(target, arguments);
}

void ok(const runtime::Ran& ran) {
  INFO(ran.output);
  REQUIRE(ran.exit == 0);
}

void stops(const runtime::Ran& ran, const std::string& message) {
  INFO(ran.output);
  CHECK(ran.exit == 3);
  CHECK(ran.output.find(message) != std::string::npos);
}

std::string ask(const runtime::Target& target, const std::string& query) {
  std::string out;
  for (const auto& row : tests::run(target, query).rows) {
    for (const auto& value : row) out += value.value_or("NULL") + "|";
    out += "\n";
  }
  return out;
}

// The journal without times and run numbers.
std::string journal(const runtime::Target& target) {
  return ask(target,
             "SELECT name, title, state, m.source_hash, fingerprints, hash FROM mig.migration m JOIN mig.plan p ON "
             "p.id "
             "= m.plan") +
         ask(target, "SELECT step, state, sqlstate, tries FROM mig.step ORDER BY step") +
         ask(target,
             "SELECT step, kind, schema, relation, part, kept_schema, kept_relation, kept_part, state, until IS NULL "
             "FROM mig.kept ORDER BY id");
}

// What an application sees.
std::string shape(const runtime::Target& target) {
  return ask(target,
             "SELECT n.nspname, c.relname, c.relkind, a.attname, a.attnotnull FROM pg_class c JOIN pg_namespace n ON "
             "n.oid = c.relnamespace "
             "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
             "WHERE n.nspname = 'public' ORDER BY 1, 2, 4");
}

std::string state(const runtime::Target& target) {
  return tests::run(target, "SELECT state FROM mig.migration").value();
}

// The session of a psql that has ended holds its lock until the server has seen that.
void wait_for_ended_sessions(const runtime::Target& target) {
  const std::string others =
      "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
  for (int i = 0; i < 500 && !tests::run(target, others).truth(); ++i) usleep(10'000);
}

// Hundreds of databases of the tests that cut a script at each statement need not stay until the end.
void drop(const runtime::Target& target) {
  const auto name = tests::run(target, "SELECT current_database()").value();
  tests::server().run("DROP DATABASE " + sql::quote_ident(name));
}

// The script up to the end of its n-th line: what a killed psql has run of it.
std::string prefix(const std::string& text, std::size_t lines) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < lines && at != std::string::npos; ++i) at = text.find('\n', at) + 1;
  return text.substr(0, at);
}

// Line numbers after which a statement has just been sent.
std::vector<std::size_t> ends_of_statements(const std::string& text) {
  std::vector<std::size_t> out;
  std::size_t line = 0;
  bool tables = false;  // one transaction of forty statements: a cut in it is a cut before it
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    ++line;
    if (text.compare(at, 32, "CREATE SCHEMA IF NOT EXISTS mig;") == 0) tables = true;
    if (text.compare(at, 7, "COMMIT;") == 0) tables = false;
    if (!tables && end > at && (text[end - 1] == ';' || text.substr(at, end - at).find("\\gset") != std::string::npos))
      out.push_back(line);
    at = end + 1;
  }
  return out;
}

// Expand, contract, back, back, up again with what was kept, purge.
void whole_way(const runtime::Target& target, const plan::Plan& plan) {
  const auto before = shape(target);
  const auto up = plan::up_sql(plan), down = plan::down_sql(plan);
  const auto first = script(target, up);
  ok(first);
  CHECK(first.output.find("-v through=contract") != std::string::npos);
  CHECK(state(target) == "expanded");
  const auto expanded = shape(target);
  ok(script(target, up, {"-v", "through=contract"}));
  CHECK(state(target) == "contracted");
  CHECK(tests::run(target, "SELECT count(*) FROM mig.kept WHERE state = 'kept' AND until > now() + interval '6 days'")
            .value() == "2");
  ok(script(target, down, {"-v", "to=expanded"}));
  CHECK(state(target) == "expanded");
  CHECK(shape(target) == expanded);
  tests::run(target, "INSERT INTO tickets VALUES (1, 'kept')");
  ok(script(target, down));
  CHECK(state(target) == "pending");
  CHECK(shape(target) == before);
  ok(script(target, up));
  CHECK(shape(target) == expanded);
  CHECK(tests::run(target, "SELECT count(*) FROM tickets").value() == "1");
  stops(script(target, up, {"-v", "through=purge"}), "purge is not open yet");
  CHECK(state(target) == "contracted");
  tests::run(target, "UPDATE mig.kept SET until = now()");
  ok(script(target, up, {"-v", "through=purge"}));
  CHECK(state(target) == "done");
  CHECK(tests::run(target, "SELECT count(*) FROM mig.kept WHERE state = 'kept'").value() == "0");
  CHECK(tests::run(target, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'mig_park%'").value() == "0");
  stops(script(target, down), "destroyed");
}

}  // namespace

TEST_CASE("up.sql runs, and again does nothing") {
  const auto target = tests::server().database(world());
  const auto plan = tests::sample_expand(tests::server().major());
  const auto up = plan::up_sql(plan);
  ok(script(target, up));
  CHECK(state(target) == "done");
  CHECK(tests::run(target, "SELECT obj_description('tickets'::regclass)").value() == "a:b :c \\d");
  const auto rows = journal(target);
  ok(script(target, up));
  CHECK(journal(target) == rows);
  CHECK(tests::run(target, "SELECT count(*) FROM mig.run WHERE exit = 0 AND ended IS NOT NULL").value() == "2");
}

TEST_CASE("the rows are those that the journal's statements make") {
  const auto by_psql = tests::server().database(world());
  const auto by_hand = tests::server().database(world());
  const auto plan = sample();
  ok(script(by_psql, plan::up_sql(plan), {"-v", "through=contract"}));
  using plan::journal::State;
  const auto send = [&](const sql::Fragment& fragment) { return tests::run(by_hand, fragment.text()); };
  for (const auto& statement : plan::journal::create()) send(statement);
  send(plan::journal::insert_plan(plan));
  send(plan::journal::start_migration(plan));
  const auto run =
      sql::sql("{}", std::stoll(send(plan::journal::start_run("sample", "apply", "me", "here", "0.1", "")).value()));
  for (const auto& step : plan.steps) {
    if (step.phase == sql::Phase::purge) continue;
    if (!sql::transactional(step.action)) send(plan::journal::step_started(plan, step.id, run));
    if (const auto* park = std::get_if<sql::Park>(&step.action))
      for (const auto& kept : park->kept) send(plan::journal::keep(plan, step.id, kept, plan.retain_seconds));
    send(plan::journal::step_done(plan, step.id, run));
  }
  send(plan::journal::set_state(plan, State::contracted));
  CHECK(journal(by_psql) == journal(by_hand));
}

TEST_CASE("phases: expand alone, contract and purge when asked for, and the way back until then, on each version") {
  for (const auto& bin : tests::all_servers()) {
    tests::Server server({bin, "none", {}});
    INFO("PostgreSQL " << server.major());
    whole_way(server.database(world()), tests::sample_plan(server.major()));
  }
}

TEST_CASE("up.sql that ended anywhere is gone on with by the same command") {
  const auto plan = sample();
  const auto up = plan::up_sql(plan);
  const auto whole = tests::server().database(world());
  ok(script(whole, up, {"-v", "through=contract"}));
  const auto shape_then = shape(whole), rows_then = journal(whole);
  for (const auto line : ends_of_statements(up)) {
    const auto target = tests::server().database(world());
    // A cut inside \if leaves psql with a warning and status 0 or 3: both are an end in the middle.
    script(target, prefix(up, line), {"-v", "through=contract"});
    wait_for_ended_sessions(target);
    const auto again = script(target, up, {"-v", "through=contract"});
    INFO("cut after line " << line << ": " << again.output);
    if (again.exit == 3 && again.output.find("its end is not known") != std::string::npos) {
      CHECK(again.output.find("mig apply sample") != std::string::npos);
    } else {
      REQUIRE(again.exit == 0);
      CHECK(shape(target) == shape_then);
      CHECK(journal(target) == rows_then);
    }
    drop(target);
  }
}

TEST_CASE("down.sql that ended anywhere is gone on with by the same command") {
  const auto plan = sample();
  const auto up = plan::up_sql(plan), down = plan::down_sql(plan);
  const auto before = shape(tests::server().database(world()));
  for (const auto line : ends_of_statements(down)) {
    const auto target = tests::server().database(world());
    ok(script(target, up, {"-v", "through=contract"}));
    script(target, prefix(down, line));
    wait_for_ended_sessions(target);
    const auto again = script(target, down);
    INFO("cut after line " << line << ": " << again.output);
    if (again.exit == 3 && again.output.find("its end is not known") != std::string::npos) {
      CHECK(again.output.find("mig rollback sample") != std::string::npos);
      drop(target);
      continue;
    }
    if (again.exit == 3)
      CHECK(again.output.find("is pending") != std::string::npos);  // the cut was after the last step
    else
      REQUIRE(again.exit == 0);
    CHECK(state(target) == "pending");
    CHECK(shape(target) == before);
    drop(target);
  }
}

TEST_CASE("what must stop it, stops it with status 3 and a way out") {
  const auto plan = sample();
  const auto up = plan::up_sql(plan), down = plan::down_sql(plan);
  const auto target = tests::server().database(world());
  SECTION("another plan of the same migration") {
    ok(script(target, up));
    auto other = plan;
    other.title = "other";
    stops(script(target, plan::up_sql(other)), "by another plan");
    stops(script(target, plan::down_sql(other)), "by another plan");
  }
  SECTION("another session that holds the lock") {
    runtime::Session session(target);
    REQUIRE(session.run(plan::journal::try_lock()).truth());
    stops(script(target, up), "another mig works");
    stops(script(target, down), "another mig works");
  }
  SECTION("a transaction around it") { stops(script(target, up, {"-1"}), "a transaction is open"); }
  SECTION("nothing ran here") { stops(script(target, down), "no journal"); }
  SECTION("it is pending") {
    ok(script(target, up));
    ok(script(target, down));
    stops(script(target, down), "is pending");
  }
  SECTION("no such phase, no such state") {
    stops(script(target, up, {"-v", "through=everything"}), "through names no phase");
    stops(script(target, down, {"-v", "to=yesterday"}), "to names no state");
  }
  SECTION("a journal of a newer mig") {
    ok(script(target, up));
    tests::run(target, "UPDATE mig.journal SET format = 2");
    stops(script(target, up), "newer mig");
    stops(script(target, down), "newer mig");
  }
  SECTION("a migration before it") {
    auto later = plan;
    later.migration = "later";
    later.after = {"sample"};
    stops(script(target, plan::up_sql(later)), "later comes after sample");
  }
  SECTION("rows in the way of the way back") {
    ok(script(target, up));
    tests::run(target, "INSERT INTO orders (id, used) VALUES (1, true)");
    stops(script(target, down), "it needs that no order is used");
    CHECK(state(target) == "expanded");
    tests::run(target, "UPDATE orders SET used = false");
    ok(script(target, down));
  }
  SECTION("a step without a way back") {
    auto final = plan;
    final.steps[2].back.clear();
    final.steps[2].reversibility = sql::Reversibility::irreversible;
    ok(script(target, plan::up_sql(final)));
    stops(script(target, plan::down_sql(final)), "there is no way back behind expand/3");
    CHECK(state(target) == "expanded");
  }
  SECTION("a way back that is half gone") {
    ok(script(target, up));
    const auto half = down.find("\n-- expand/2/back/2");
    script(target, down.substr(0, half));
    stops(script(target, up), "a way back of sample was begun");
    ok(script(target, down));
    ok(script(target, up));
  }
  SECTION("a step for the runtime") {
    auto special = plan;
    special.steps[1].needs_runtime = "run: mig apply sample";
    stops(script(target, plan::up_sql(special)), "mig apply sample");
    CHECK(state(target) == "expanding");
  }
  SECTION("a server that is too old") {
    auto newer = plan;
    newer.server_major = 99;
    stops(script(target, plan::up_sql(newer)), "the server is older");
  }
}

TEST_CASE("PUBLIC may look into the schema and at no table of it") {
  const auto target = tests::server().database(world());
  ok(script(target, plan::up_sql(tests::sample_expand(tests::server().major()))));
  CHECK(ask(target,
            "SELECT relname, has_table_privilege('pg_monitor', oid, 'SELECT') FROM pg_class WHERE relnamespace = "
            "'mig'::regnamespace "
            "AND relkind = 'r' AND has_table_privilege('pg_monitor', oid, 'SELECT')") == "");
  CHECK(tests::run(target, "SELECT has_schema_privilege('pg_monitor', 'mig', 'USAGE')").truth());
  CHECK(tests::run(target,
                   "SELECT count(*) FROM pg_class WHERE relnamespace = 'mig'::regnamespace AND relkind = 'r' "
                   "AND obj_description(oid) IS NULL")
            .value() == "0");
}

TEST_CASE("the server hears what the plan prints") {
  const auto target = tests::server().database(world());
  const auto plan = sample();
  const auto name = tests::run(target, "SELECT current_database()").value();
  const auto mark = tests::server().log().size();
  ok(script(target, plan::up_sql(plan), {"-v", "through=contract"}));
  tests::run(target, "UPDATE mig.kept SET until = now()");
  ok(script(target, plan::up_sql(plan), {"-v", "through=purge"}));
  std::vector<std::string> expected;
  for (const auto& step : plan.steps)
    for (const auto& message : plan::step_messages(plan, step)) expected.push_back(message);
  // The journal's own statements name its schema; what else is between is the script's questions.
  std::vector<std::string> heard;
  std::size_t next = 0;
  for (auto statement : tests::server().logged_statements(mark, name)) {
    while (!statement.empty() && (statement.back() == ';' || statement.back() == '\n')) statement.pop_back();
    const auto first = statement.rfind("--", 0) == 0 ? statement.find('\n') + 1 : 0;
    if (next < expected.size() && statement.substr(first) == expected[next]) heard.push_back(expected[next++]);
  }
  CHECK(heard == expected);
}

TEST_CASE("psql asks, waits and takes approvals as mig does, and mig goes on where it stopped") {
  const auto target = tests::server().database(world());
  const auto plan = tests::compiled(
      target,
      "migration m { measure list = p50 of $$select count(*) from orders$$ over 2 runs; require { expect none in "
      "orders "
      "where note = 'bad' as 'nothing is bad'; } expand { add column orders.paid boolean; } checkpoint deployed 'apps "
      "write paid'; verify { expect list < 100000x baseline; expect none in (select 'a:b' as what from orders where "
      "paid) as 'unpaid'; } contract after 1h when approved when (select count(*) from orders where paid) = 0 retain "
      "1d { drop column orders.note; } }");
  const auto up = plan::up_sql(plan), down = plan::down_sql(plan);
  const auto columns = [&] {
    return tests::run(target,
                      "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
                      "'orders'::regclass AND attname IN ('paid', 'note') AND NOT attisdropped")
        .value();
  };
  tests::run(target,
             "INSERT INTO users (id, name) VALUES (900, 'x'); INSERT INTO orders (id, user_id, note) VALUES (900, 900, "
             "'bad')");
  const auto refused = script(target, up);
  stops(refused, "this does not hold: nothing is bad");
  CHECK(refused.output.find("900") != std::string::npos);
  CHECK(state(target) == "pending");
  CHECK(columns() == "note");
  wait_for_ended_sessions(target);
  tests::run(target, "UPDATE orders SET note = '-' WHERE id = 900");
  stops(script(target, up), "nobody has approved it");
  CHECK(state(target) == "expanded");
  wait_for_ended_sessions(target);
  ok(script(target, up, {"-v", "approve=deployed"}));
  CHECK(state(target) == "verified");
  stops(script(target, up, {"-v", "through=contract"}), "nobody has approved it");
  wait_for_ended_sessions(target);
  stops(script(target, up, {"-v", "through=contract", "-v", "approve=contract"}), "its time is not over");
  wait_for_ended_sessions(target);
  tests::pass_time(target, "2 hours");
  tests::run(target, "UPDATE orders SET paid = true WHERE id = 900");
  const auto again = script(target, up, {"-v", "through=contract"});
  stops(again, "this does not hold: unpaid");
  CHECK(again.output.find("a:b") != std::string::npos);
  CHECK(state(target) == "verified");
  wait_for_ended_sessions(target);
  tests::run(target, "UPDATE orders SET paid = NULL");
  // mig goes on by the same rows, and back by psql
  CHECK(tests::go(target, plan).exit == 0);
  CHECK(state(target) == "contracted");
  ok(script(target, down, {"-v", "to=verified"}));
  CHECK(state(target) == "verified");
  CHECK(tests::run(target, "SELECT string_agg(name, ',') FROM mig.approval").value() == "deployed");
  tests::pass_time(target, "2 hours");
  ok(script(target, up, {"-v", "through=contract", "-v", "approve=contract"}));
  CHECK(state(target) == "contracted");
  ok(script(target, down));
  CHECK(state(target) == "pending");
  CHECK(columns() == "note");
  CHECK(tests::run(target, "SELECT count(*) FROM mig.approval").value() == "0");
  CHECK(tests::run(target, "SELECT count(*) FROM mig.step WHERE state = 'done'").value() == "0");
}

TEST_CASE("psql keeps to the window") {
  const auto target = tests::server().database(world());
  const auto hour = [&](const std::string& shift) {
    return tests::run(target, "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '" + shift + "', 'HH24:00')").value();
  };
  const auto plan = [&](const std::string& from, const std::string& to) {
    return tests::compiled(target, "migration m { policy { window " + from + "-" + to +
                                       " 'UTC'; } expand { add column orders.paid boolean; } }");
  };
  stops(script(target, plan::up_sql(plan(hour("3 hours"), hour("5 hours")))), "begin only in its window");
  wait_for_ended_sessions(target);
  CHECK(state(target) == "pending");
  ok(script(target, plan::up_sql(plan(hour("-1 hour"), hour("2 hours")))));
  CHECK(state(target) == "done");
}
