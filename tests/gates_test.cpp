// What must hold, and what a migration waits for, on a real server: assertions, baselines, checkpoints, the gate of
// contract, the window; days pass, cron calls, persons approve.
#include <fmt/format.h>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

using namespace mig;
using sql::Phase;
using tests::compiled;
using tests::go;
using tests::pass_time;

namespace {

runtime::Target world() { return tests::server().database(tests::sample_world()); }

std::string state(const runtime::Target& target, const std::string& name = "m") {
  return tests::run(target, "SELECT state FROM mig.migration WHERE name = '" + name + "'").value();
}

std::string count(const runtime::Target& target, const std::string& what) {
  return tests::run(target, "SELECT count(*) FROM " + what).value();
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// One expectation behind an empty expand.
runtime::Outcome verified(const runtime::Target& target, const std::string& expectation,
                          const std::string& before = {}) {
  return go(target, compiled(target, "migration m { " + before + " verify { " + expectation + " } }"));
}

void holds(const std::string& expectation, const std::string& before = {}) {
  const auto target = world();
  const auto outcome = verified(target, expectation, before);
  INFO(expectation << ": " << outcome.what);
  CHECK(outcome.exit == 0);
}

// What it says where it does not hold.
std::string fails(const std::string& expectation, const std::string& before = {}) {
  const auto target = world();
  const auto outcome = verified(target, expectation, before);
  INFO(expectation << ": " << outcome.what);
  CHECK(outcome.exit == 1);
  CHECK(outcome.code == "R0101");
  CHECK(outcome.state == "verifying");
  return outcome.what;
}

// A window of two hours that begins so many hours from now.
std::string window(int from) {
  return tests::server()
      .run(fmt::format("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '{} hours', 'HH24:00') || "
                       "'-' || to_char(now() AT TIME ZONE 'UTC' + interval '{} hours', 'HH24:00')",
                       from, from + 2))
      .value();
}

}  // namespace

TEST_CASE("a requirement that does not hold keeps everything from running, and shows rows, keys first") {
  const auto target = world();
  tests::run(target, "UPDATE orders SET note = NULL WHERE id > 180");
  const auto plan = compiled(target,
                             "migration m { require { expect none in orders where note is null as 'every order has a "
                             "note'; } expand { add column orders.paid boolean; } }");
  tests::Story story;
  auto outcome = go(target, plan, {}, {}, &story);
  CHECK(outcome.exit == 1);
  CHECK(outcome.code == "R0101");
  CHECK(outcome.state == "pending");
  CHECK(contains(outcome.what, "this does not hold: every order has a note\n  id   user_id"));
  CHECK(contains(outcome.what, "\n  190  190"));
  CHECK_FALSE(contains(outcome.what, "\n  191"));
  CHECK(contains(outcome.what, "and more"));
  CHECK(contains(outcome.where, "require/1"));
  CHECK(contains(outcome.now, "no step is in"));
  CHECK(story.first("not_held")->fields.at("rows") == "11");
  CHECK(state(target) == "pending");
  CHECK(count(target, "pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'paid'") == "0");
  CHECK(tests::run(target, "SELECT facts ->> 'known' FROM mig.event WHERE name = 'not_held'").value() == "true");
  tests::run(target, "UPDATE orders SET note = '-' WHERE note IS NULL");
  outcome = go(target, plan);
  CHECK(outcome.exit == 0);
  CHECK(state(target) == "done");
}

TEST_CASE("what is required is asked anew until something has run, and not after") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { require { expect none in orders where total < 0; } expand { add column "
                             "orders.paid boolean; } contract { drop column orders.note; } }");
  CHECK(go(target, plan, Phase::require).exit == 0);
  CHECK(state(target) == "pending");
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 5");
  CHECK(go(target, plan).exit == 1);
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 5");
  CHECK(go(target, plan).exit == 0);
  CHECK(state(target) == "expanded");
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 5");
  CHECK(go(target, plan, Phase::contract).exit == 0);
}

TEST_CASE("expectations of each kind, true and false") {
  holds("expect (select count(*) from orders) = 200;");
  CHECK(contains(fails("expect (select count(*) from orders) = 201 and 1 < 2;"), "(select count(*) from orders)"));
  CHECK(contains(fails("expect (select count(*) from orders) = 201;"), "\n  200"));
  fails("expect null::boolean;");
  holds("expect none in orders where total < 0;");
  holds("expect none in public.orders where id in (select id from users);");
  holds("expect none in (select user_id from orders group by user_id having count(*) > 1);");
  CHECK(contains(fails("expect none in $$select id, 'it''s: ' || status as s from orders where id < 3 -- few$$;"),
                 "it's: new"));
  holds("expect plan uses index for $$select * from orders where id = 5$$;");
  holds("expect plan uses index orders_pkey for $$select * from orders where id = 5$$;");
  CHECK(contains(fails("expect plan uses index orders_status_idx for $$select * from orders where id = 5$$;"),
                 "orders_pkey"));
  CHECK(contains(fails("expect plan uses index for $$update orders set note = 'x'$$;"), "Seq Scan"));
  holds("expect p95 < 10s over 3 runs of $$select count(*) from orders$$;");
  CHECK(contains(fails("expect p50 <= 1ms over 3 runs of $$select pg_sleep(0.01)$$;"), "p50_ms"));
  const std::string measure = "measure list = p95 of $$select pg_sleep(0.005)$$ over 3 runs;";
  holds("expect list < 100x baseline;", measure);
  CHECK(contains(fails("expect list > 100x baseline as 'slower';", measure), "baseline_ms"));
}

TEST_CASE("an index of a partitioned table is used where its partitions' are") {
  const auto target = tests::server().database(
      "CREATE TABLE events (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);"
      "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
      "CREATE INDEX events_at ON events (at);"
      "INSERT INTO events SELECT i, '2026-01-01'::date + i % 31 FROM generate_series(1, 5000) i; ANALYZE events;");
  const auto outcome =
      verified(target, "expect plan uses index events_at for $$select id from events where at = '2026-01-07'$$;");
  INFO(outcome.what);
  CHECK(outcome.exit == 0);
}

TEST_CASE("an expectation that is not answered in time is not known, and not held") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { policy { expect_timeout 200ms; } verify { expect (select count(*) from "
                             "pg_sleep(5)) = 1 as 'slow'; } }");
  tests::Story story;
  const auto outcome = go(target, plan, {}, {}, &story);
  CHECK(outcome.exit == 1);
  CHECK(outcome.code == "R0102");
  CHECK(contains(outcome.what, "not known, and so not held: slow (no answer in 200 ms)"));
  CHECK(story.first("not_held")->fields.at("known") == "false");
  CHECK(tests::run(target, "SELECT sqlstate FROM mig.step WHERE step = 'verify/1'").value() == "57014");
}

TEST_CASE("assertions change nothing, whatever they call") {
  const auto target = world();
  tests::run(target, "CREATE FUNCTION sly() RETURNS boolean LANGUAGE sql AS 'DELETE FROM orders; SELECT true'");
  const auto outcome = verified(target, "expect (select sly());");
  CHECK(outcome.exit == 5);
  CHECK(contains(outcome.what, "25006"));
  CHECK(count(target, "orders") == "200");
}

TEST_CASE("expect match compares two tables row by row by the key of the second") {
  const auto target = tests::server().database(
      "CREATE TABLE old_users (id bigint, name text, born json, extra int);"
      "CREATE TABLE users (id int PRIMARY KEY, name varchar(20), born json, made date DEFAULT '2024-01-01');"
      "INSERT INTO old_users SELECT i, 'user ' || i, '{\"y\": 1990}', i FROM generate_series(1, 200) i;"
      "INSERT INTO users (id, name, born) SELECT id, name, born FROM old_users;");
  const auto asked = [&](const std::string& expectation) {
    static int number = 0;
    return go(target,
              compiled(target, "migration m" + std::to_string(++number) + " { require { " + expectation + " } }"));
  };
  CHECK(asked("expect match old_users with users;").exit == 0);
  tests::run(target, "DELETE FROM users WHERE id IN (7, 8)");
  tests::run(target, "UPDATE users SET name = NULL WHERE id = 9");
  tests::run(target, "UPDATE users SET born = '{\"y\": 1991}' WHERE id = 10");
  tests::run(target, "INSERT INTO users VALUES (999, 'nobody')");
  const auto outcome = asked("expect match old_users with users as 'all users are there';");
  CHECK(outcome.exit == 1);
  CHECK(outcome.code == "R0101");
  CHECK(contains(outcome.what, "all users are there"));
  INFO(outcome.what);
  CHECK(contains(outcome.what,
                 "\n  196 match (97.512 %)  null  2 missing, 1 extra, 2 differ\n"
                 "  different             9     name: user 9 <> null\n"
                 "  different             10    born: {\"y\": 1990} <> {\"y\": 1991}\n"
                 "  extra                 999   null\n"
                 "  missing               7     null\n"
                 "  missing               8     null"));
  SECTION("some may be missing: five of 201 are 2.49 %") {
    CHECK(asked("expect match old_users with users tolerate 2.4%;").exit == 1);
    CHECK(asked("expect match old_users with users tolerate 2.5%;").exit == 0);
  }
  SECTION("a sample looks at rows of the first only, the same ones each time") {
    CHECK(asked("expect match old_users with users sample 200;").exit == 1);
    tests::run(target, "DELETE FROM old_users WHERE id IN (7, 8, 9, 10)");
    CHECK(asked("expect match old_users with users;").exit == 1);
    CHECK(asked("expect match old_users with users sample 50;").exit == 0);
  }
}

TEST_CASE("what expect match cannot compare is said before anything runs") {
  const auto target = tests::server().database(
      "CREATE TABLE a (id int, n int); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE c (code text PRIMARY KEY)");
  const auto said = [&](const std::string& expectation) {
    Input input;
    input.files.emplace_back("m.mig", "migration m { require { " + expectation + " } }");
    input.catalog = runtime::introspect(target);
    const auto out = compile(std::move(input));
    return diagnostics::render(out.diagnostics.list(), out.files, {});
  };
  CHECK(said("expect match a with b sample 10 tolerate 0.1%;").empty());
  CHECK(contains(said("expect match b with a;"), "rows of public.a are told apart by no key"));
  CHECK(contains(said("expect match a with c;"), "public.a has no column `code`, which is in the key of public.c"));
  CHECK(contains(said("expect match a with d;"), "no table `d`"));
  CHECK(contains(said("expect match a with b sample 0;"), "`0` is no number of rows"));
  CHECK(contains(said("expect match a with b tolerate 5s;"), "`5s` is no part of the rows"));
}

TEST_CASE("parameters stand in questions: by name in a condition, as :name in a query") {
  const auto target = world();
  const std::string declared =
      "parameter least integer = '200';\nparameter name text = 'user''s';\nparameter key text = 'x' secret;\n";
  const auto plan = compiled(
      target,
      declared +
          "migration m { measure list = p50 of $$select id from orders where id < :least$$ over 2 runs;\n"
          "require { expect (select count(*) from orders where id <= :least) = least;\n"
          "expect none in orders where id > least;\n"
          "expect none in (select ':least', id::text from orders where id::int > :least /* :least */);\n"
          "expect plan uses index for $$select * from orders where id = :least$$; }\n"
          "expand { add column orders.paid boolean; }\n"
          "contract when (select count(*) from users where name = :name) < least { drop column orders.note; } }");
  CHECK(go(target, plan, Phase::contract).exit == 0);
  CHECK(state(target) == "contracted");
  const auto refused = [&](const std::string& expectation) {
    Input input;
    input.files.emplace_back("m.mig",
                             declared + "parameter total int = '1';\nmigration n { require { " + expectation + " } }");
    input.catalog = runtime::introspect(target);
    const auto out = compile(std::move(input));
    return diagnostics::render(out.diagnostics.list(), out.files, {});
  };
  CHECK(contains(refused("expect none in orders where note = key;"), "`key` is secret"));
  CHECK(contains(refused("expect (select count(*) from orders where note = :key) = 0;"), "`key` is secret"));
  CHECK(contains(refused("expect none in orders where total > 5;"), "`total` is a parameter and a column"));
  CHECK(contains(refused("expect none in (select :nothing);"), "syntax error at or near \":\""));
  CHECK(refused("expect (select max(total) from orders where id > :total) >= 0;").empty());
}

TEST_CASE("a baseline is taken before anything runs and stays, one for each plan") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { measure list = p95 of $$select count(*) from orders$$ over 5 runs; "
                             "expand { add column orders.paid boolean; } verify { expect list < 1000x baseline; } }");
  tests::Story story;
  CHECK(go(target, plan, {}, {}, &story).exit == 0);
  CHECK(story.count("measured") == 1);
  CHECK(tests::run(target, "SELECT name || ' ' || (value >= 0)::text || ' ' || (facts ->> 'unit') FROM mig.metric")
            .value() == "list true ms");
  CHECK(go(target, plan).exit == 0);
  CHECK(count(target, "mig.metric") == "1");
}

TEST_CASE("contract opens when its time is over, a person approved, and the condition holds") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { expand { add column orders.paid boolean; } verify { expect none in orders "
                             "where total < 0; } contract after 24h when approved when (select count(*) from users) = "
                             "0 retain 7d { drop column orders.note; } }");
  const auto cron = [&] { return go(target, plan); };
  CHECK(cron().exit == 0);
  CHECK(state(target) == "verified");
  for (int hour = 0; hour < 3; ++hour) CHECK(cron().exit == 0);  // nobody approved: nothing is due
  auto outcome = go(target, plan, Phase::contract);
  CHECK(outcome.exit == 8);
  CHECK(outcome.code == "R0808");
  CHECK(contains(outcome.what, "opens at"));
  CHECK(contains(outcome.what, "a person's approval"));
  CHECK(contains(outcome.now, "Old clients work"));
  CHECK(contains(outcome.next, "mig apply m --through contract --approve"));
  outcome = go(target, plan, {}, {"contract"});
  CHECK(outcome.exit == 3);
  CHECK(outcome.code == "R0303");
  CHECK(count(target, "mig.approval WHERE name = 'contract' AND who LIKE '%@%'") == "1");
  CHECK(cron().exit == 3);
  pass_time(target, "23 hours");
  CHECK(cron().exit == 3);
  pass_time(target, "2 hours");
  tests::run(target, "INSERT INTO users VALUES (1, 'still here')");
  outcome = cron();
  CHECK(outcome.exit == 3);
  CHECK(contains(outcome.what, "waits until (select count(*) from users) = 0"));
  CHECK(state(target) == "verified");
  tests::run(target, "DELETE FROM users");
  CHECK(cron().exit == 0);
  CHECK(state(target) == "contracted");
  for (int day = 0; day < 9; ++day) {  // cron never purges
    pass_time(target, "1 day");
    CHECK(cron().exit == 0);
  }
  CHECK(state(target) == "contracted");
  CHECK(go(target, plan, Phase::purge).exit == 0);
  CHECK(state(target) == "done");
}

TEST_CASE("purge waits for the end of retain") {
  const auto target = world();
  const auto plan = compiled(target, "migration m { contract retain 7d { drop column orders.note; } }");
  CHECK(go(target, plan, Phase::contract).exit == 0);
  pass_time(target, "6 days");
  CHECK(go(target, plan, Phase::purge).code == "R0302");
  pass_time(target, "25 hours");
  CHECK(go(target, plan, Phase::purge).exit == 0);
}

TEST_CASE("contract asks verify again; what no longer holds is verifying, and its time begins anew") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { verify { expect none in orders where total < 0; } contract after 1h { drop "
                             "column orders.note; } }");
  CHECK(go(target, plan).exit == 0);
  pass_time(target, "2 hours");
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  auto outcome = go(target, plan, Phase::contract);
  CHECK(outcome.exit == 1);
  CHECK(contains(outcome.what, "\n  7 "));
  CHECK(state(target) == "verifying");
  CHECK(count(target, "mig.step WHERE step LIKE 'contract/%' AND state = 'done'") == "0");
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 7");
  CHECK(go(target, plan, Phase::contract).exit == 3);
  CHECK(state(target) == "verified");
  pass_time(target, "2 hours");
  CHECK(go(target, plan, Phase::contract).exit == 0);
}

TEST_CASE("a gate that is shut asks nothing of the tables") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { verify { expect (select count(*) from orders) > 0; } contract after 1h { "
                             "drop column orders.note; } }");
  CHECK(go(target, plan).exit == 0);
  tests::Story story;
  CHECK(go(target, plan, Phase::contract, {}, &story).exit == 3);
  CHECK(story.first("step_started")->fields.at("step") == "contract/1");
  CHECK(story.first("waits")->fields.at("for") == "time");
}

TEST_CASE("a checkpoint waits for its person, by its name, and nothing is held meanwhile") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { expand { add column orders.paid boolean; } checkpoint deployed 'every app "
                             "writes paid'; checkpoint looked; verify { expect none in orders where paid is not null; "
                             "} contract { drop column orders.note; } }");
  auto outcome = go(target, plan);
  CHECK(outcome.exit == 8);
  CHECK(outcome.state == "expanded");
  CHECK(contains(outcome.what, "checkpoint deployed waits for a person's approval: every app writes paid"));
  CHECK(contains(outcome.next, "mig apply m --approve=deployed"));
  CHECK(count(target, "pg_locks WHERE locktype = 'advisory'") == "0");
  CHECK(go(target, plan, {}, {"nowhere"}).code == "R0809");
  CHECK(go(target, plan, {}, {"contract"}).exit == 64);
  outcome = go(target, plan, {}, {"deployed"});
  CHECK(outcome.exit == 8);
  CHECK(contains(outcome.what, "checkpoint looked"));
  CHECK(go(target, plan, {}, {"looked"}).exit == 0);
  CHECK(state(target) == "verified");
  CHECK(count(target, "mig.approval") == "2");
  CHECK(count(target, "mig.event WHERE name = 'approved'") == "2");
}

TEST_CASE("a way back withdraws what was approved: cron does not contract again by itself") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { expand { add column orders.paid boolean; } contract when approved { drop "
                             "column orders.note; } }");
  CHECK(go(target, plan, {}, {"contract"}).exit == 0);
  CHECK(state(target) == "contracted");
  CHECK(tests::rollback(target, "m", plan::journal::State::expanded).exit == 0);
  CHECK(count(target, "mig.approval") == "0");
  CHECK(go(target, plan).exit == 0);
  CHECK(state(target) == "expanded");
  CHECK(go(target, plan, Phase::contract).exit == 8);
  SECTION("also one that was given and not used") {
    const auto later = world();
    const auto waits = compiled(later,
                                "migration m { expand { add column orders.paid boolean; } contract after 1h "
                                "when approved { drop column orders.note; } }");
    CHECK(go(later, waits, {}, {"contract"}).exit == 3);
    CHECK(tests::rollback(later, "m").exit == 0);
    CHECK(state(later) == "pending");
    CHECK(count(later, "mig.approval") == "0");
    CHECK(count(later, "mig.step WHERE state = 'done'") == "0");
  }
}

TEST_CASE("rollback from verified, and forward again asks everything again") {
  const auto target = world();
  const auto plan = compiled(target,
                             "migration m { measure list = p50 of $$select 1$$ over 2 runs; require { expect none in "
                             "orders where total < 0; } expand { add column orders.paid boolean; } checkpoint looked; "
                             "verify { expect list < 10000x baseline; } contract { drop column orders.note; } }");
  const auto before = tests::picture(target);
  CHECK(go(target, plan, Phase::contract, {"looked"}).exit == 0);
  CHECK(tests::rollback(target, "m", plan::journal::State::verified).exit == 0);
  CHECK(state(target) == "verified");
  CHECK(tests::rollback(target, "m", plan::journal::State::expanded).exit == 0);
  CHECK(state(target) == "expanded");
  CHECK(go(target, plan).exit == 8);
  CHECK(tests::rollback(target, "m").exit == 0);
  CHECK(tests::picture(target) == before);
  CHECK(count(target, "mig.step WHERE state = 'done'") == "0");
  CHECK(go(target, plan, {}, {"looked"}).exit == 0);
  CHECK(count(target, "mig.metric") == "2");
}

TEST_CASE("steps begin only in the window, approvals are taken at any time") {
  const auto target = world();
  const auto text = [](const std::string& when) {
    return "migration m { policy { window " + when +
           " 'UTC'; } expand { add column orders.paid boolean; } contract when approved { drop column orders.note; } }";
  };
  const auto shut = compiled(target, text(window(3)));
  tests::Story story;
  auto outcome = go(target, shut, {}, {}, &story);
  CHECK(outcome.exit == 3);
  CHECK(outcome.code == "R0304");
  CHECK(outcome.state == "pending");
  CHECK(contains(outcome.what, "opens at 20"));
  CHECK(story.first("waits")->fields.at("for") == "window");
  CHECK(count(target, "mig.run") == "0");
  const auto open = compiled(target, text(window(-1)));
  CHECK(go(target, open).exit == 0);
  CHECK(state(target) == "expanded");
  const auto other = world();
  const auto night = compiled(other, text("23:00-22:59"));  // past midnight, and nearly always open
  CHECK(night.policy.window->from > night.policy.window->to);
}

TEST_CASE("two migrations overlap for days, each with gates, and cron runs both as far as they go") {
  const auto target = world();
  const auto plans = tests::compiled_all(
      target, {"migration a { expand { add column orders.paid boolean; } checkpoint deployed; verify { expect none in "
               "orders where total < 0; } contract after 24h when approved retain 2d { drop column orders.note; } }",
               "migration b after a { expand { add column users.age int; } contract after 48h { drop column users.age; "
               "} }"});
  const auto &a = plans[0], &b = plans[1];
  const auto cron = [&](const plan::Plan& plan) { return go(target, plan).exit; };
  CHECK(cron(a) == 8);
  CHECK(cron(b) == 3);  // a is expanded, not verified: `after a` waits
  pass_time(target, "1 day");
  CHECK(go(target, a, {}, {"deployed"}).exit == 0);
  CHECK(cron(b) == 0);
  CHECK(state(target, "b") == "expanded");
  CHECK(go(target, a, {}, {"contract"}).exit == 3);
  for (int hours = 6; hours <= 24; hours += 6) {
    CHECK(cron(a) == 3);
    CHECK(cron(b) == 0);
    pass_time(target, "6 hours 1 second");
  }
  CHECK(cron(a) == 0);
  CHECK(state(target, "a") == "contracted");
  CHECK(go(target, b, Phase::contract).exit == 3);
  pass_time(target, "1 day");
  CHECK(go(target, b, Phase::contract).exit == 0);
  CHECK(state(target, "b") == "contracted");
  CHECK(go(target, a, Phase::purge).exit == 3);
  pass_time(target, "1 day");
  CHECK(go(target, a, Phase::purge).exit == 0);
  CHECK(state(target, "a") == "done");
}
