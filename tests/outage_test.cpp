// The executor when the world fails: interrupts, settings, servers that fall, sessions that are ended, wrong servers.
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/proxy.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/sample_plan.hpp"

using namespace mig;
using sql::Phase;
using tests::Holder;
using tests::sample_database;
using tests::state_of;
using tests::through;

TEST_CASE("the first interrupt ends after the current step, and apply goes on") {
  const auto target = sample_database();
  const auto plan = tests::sample_plan();
  tests::Story story;
  const auto stop = [&] { return story.count("step_started") >= 2 ? 1 : 0; };
  const auto outcome = tests::apply(target, plan, {}, &story, stop);
  CHECK(outcome.exit == 130);
  CHECK(story.count("step_done") == 2);
  CHECK(state_of(target) == "expanding");
  CHECK(tests::apply(target, plan).state == "expanded");
}

TEST_CASE("the second interrupt cancels the statement, and apply goes on") {
  const auto target = sample_database();
  const auto plan = tests::first_steps(tests::sample_plan(), 2);
  auto holder = std::make_unique<Holder>(target, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  holder->session.run(sql::verbatim("SELECT count(*) FROM users"));
  tests::Story story;
  const auto stop = [&] { return story.count("step_started") >= 2 ? 2 : 0; };
  const auto begin = std::chrono::steady_clock::now();
  // Asked before the step as well: the interrupt comes while the index waits for the holder's snapshot.
  const auto outcome = tests::apply(target, plan, {}, &story, stop);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
  CHECK(outcome.exit == 130);
  holder.reset();
  CHECK(tests::apply(target, plan).exit == 0);
  CHECK(tests::run(target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_placed_idx'::regclass").truth());
}

TEST_CASE("settings of the role do not end a step") {
  const auto target = sample_database();
  const auto database = tests::run(target, "SELECT current_database()").value();
  // The statement's own limit last: each call is a new session, which it would hold as well.
  tests::run(target, "ALTER DATABASE " + database + " SET lock_timeout = '1ms'");
  tests::run(target, "ALTER DATABASE " + database + " SET statement_timeout = '1ms'");
  CHECK(tests::apply(target, tests::sample_plan(), through(Phase::contract)).exit == 0);
}

TEST_CASE("a session that may only read is refused") {
  const auto target = sample_database();
  const auto database = tests::run(target, "SELECT current_database()").value();
  tests::run(target, "ALTER DATABASE " + database + " SET default_transaction_read_only = on");
  const auto outcome = tests::apply(target, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0702");
}

TEST_CASE("no server: exit 7") {
  runtime::Target nowhere;
  nowhere.conninfo = "host=/nonexistent user=nobody dbname=nothing";
  const auto outcome = tests::apply(nowhere, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0701");
}

TEST_CASE("a server that falls in the middle of a step and comes back: the run goes on") {
  tests::Server server;
  const auto target = server.database(tests::sample_world());
  std::thread restart;
  const auto fall = [&](const runtime::Event& event) {
    if (event.name != "step_started" || event.fields.at("step") != "expand/3") return;
    server.stop("immediate");
    restart = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      server.start();
    });
  };
  tests::Story story;
  runtime::Executor executor(target,
                             [&](const runtime::Event& event) {
                               story.events.push_back(event);
                               fall(event);
                             },
                             {});
  const auto outcome = executor.apply(tests::sample_plan());
  restart.join();
  CHECK(outcome.exit == 0);
  CHECK(outcome.state == "expanded");
  CHECK(story.count("connection_lost") >= 1);
  CHECK(story.count("reconnected") >= 1);
}

TEST_CASE("a server that falls and stays away: exit 7, and later apply goes on") {
  tests::Server server;
  const auto target = server.database(tests::sample_world());
  runtime::Executor executor(target,
                             [&](const runtime::Event& event) {
                               if (event.name == "step_started" && event.fields.at("step") == "expand/3")
                                 server.stop("immediate");
                             },
                             {});
  runtime::ApplyOptions options;
  options.reconnect_ms = 300;
  const auto outcome = executor.apply(tests::sample_plan(), options);
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0701");
  CHECK_THAT(outcome.now, Catch::Contains("expand 1, 2 are in"));
  CHECK_THAT(outcome.next, Catch::Contains("mig apply sample"));
  server.start();
  tests::Story story;
  CHECK(tests::apply(target, tests::sample_plan(), {}, &story).state == "expanded");
  REQUIRE(story.first("crashed_run") != nullptr);
  CHECK(story.first("crashed_run")->fields.at("run") == "1");
}

TEST_CASE("an ended session stops the run: somebody meant it") {
  const auto target = sample_database();
  const auto end = [&](const runtime::Event& event) {
    if (event.name == "step_started" && event.fields.at("step") == "expand/3")
      tests::run(target,
                 "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                 "(SELECT oid FROM pg_database WHERE datname = current_database())");
  };
  auto executor = std::make_unique<runtime::Executor>(target, end, runtime::Interrupt());
  const auto outcome = executor->apply(tests::sample_plan());
  CHECK(outcome.exit == 5);
  CHECK(outcome.code == "R0504");
  CHECK_THAT(outcome.now, Catch::Contains("expand 1, 2 are in"));
  executor.reset();  // it has the lock again, to see what is in
  CHECK(tests::apply(target, tests::sample_plan()).state == "expanded");
}

TEST_CASE("a standby is refused") {
  tests::Server server;
  const auto target = server.database(tests::sample_world());
  server.stop("fast");
  std::ofstream(server.directory() + "/data/standby.signal") << "";
  server.start();
  const auto outcome = tests::apply(target, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0702");
  CHECK_THAT(outcome.what, Catch::Contains("standby"));
}

TEST_CASE("a transaction pooler is refused") {
  const auto target = sample_database();
  const tests::Pooler pooler(target);
  const auto outcome = tests::apply(pooler.target(), tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0703");
  CHECK(state_of(target) == "none");
}

TEST_CASE("no message is read: a server that speaks another language is handled alike") {
  const auto target = sample_database();
  const auto database = tests::run(target, "SELECT current_database()").value();
  std::string spoken;
  for (const char* locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8", "de_DE.utf8", "fr_FR.utf8"}) {
    try {
      tests::run(target, std::string("ALTER DATABASE ") + database + " SET lc_messages = '" + locale + "'");
      spoken = locale;
      break;
    } catch (const runtime::DatabaseError&) {
      continue;  // not installed on this machine
    }
  }
  if (spoken.empty()) WARN("no other locale on this machine: run with the server's own messages");
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  CHECK(tests::apply(target, tests::sample_plan()).code == "R0501");
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 7");
  Holder holder(target, "SELECT count(*) FROM orders");
  auto plan = tests::first_steps(tests::sample_plan(), 1);
  plan.migration = "other";
  plan.policy.lock_timeout_ms = 100;
  plan.policy.lock_tries = 1;
  CHECK(tests::apply(target, plan).code == "R0601");
}
