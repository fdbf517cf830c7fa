// The executor on a real server: forward, back, resume, locks, drift, rights, interrupts.
#include "runtime/executor.hpp"

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "runtime/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/proxy.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"

using namespace mig;
using plan::journal::State;
using sql::Phase;

namespace {

runtime::Target world() { return tests::server().database(tests::sample_world()); }

runtime::ApplyOptions through(Phase phase) {
  runtime::ApplyOptions options;
  options.through = phase;
  return options;
}

std::string state_of(const runtime::Target& target) {
  const runtime::JournalReader journal(target);
  if (journal.format() == 0) return "none";
  const auto row = journal.migration("sample");
  return row ? row->state : "none";
}

// A session that holds a lock until it is destroyed.
struct Holder {
  Holder(const runtime::Target& target, const std::string& statement) : session(target) {
    session.run(sql::verbatim("BEGIN"));
    session.run(sql::verbatim(statement));
  }
  runtime::Session session;
};

}  // namespace

TEST_CASE("expand, contract and purge run in order, and the journal says so") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  tests::Story story;
  auto outcome = tests::apply(target, plan, {}, &story);
  CHECK(outcome.exit == 0);
  CHECK(outcome.state == "expanded");
  CHECK(story.count("step_done") == 5);
  CHECK(tests::apply(target, plan, through(Phase::contract)).state == "contracted");
  CHECK(tests::apply(target, plan, through(Phase::purge)).state == "done");
  CHECK(runtime::JournalReader(target).kept().empty());
  CHECK(tests::run(target, "SELECT to_regnamespace('mig_park_sample') IS NULL").truth());
}

TEST_CASE("nothing left to do is a success without a run") {
  const auto target = world();
  CHECK(tests::apply(target, tests::sample_plan()).exit == 0);
  tests::Story story;
  CHECK(tests::apply(target, tests::sample_plan(), {}, &story).exit == 0);
  CHECK(story.count("run_started") == 0);
  CHECK(runtime::JournalReader(target).runs("sample").size() == 1);
}

TEST_CASE("a plan without contract ends in done") {
  const auto target = world();
  CHECK(tests::apply(target, tests::first_steps(tests::sample_plan(), 2)).state == "done");
  CHECK(tests::rollback(target, "sample").state == "pending");
}

TEST_CASE("rollback brings schema and rows back from every state") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  const auto start = tests::picture(target);
  for (const auto phase : {Phase::expand, Phase::contract}) {
    REQUIRE(tests::apply(target, plan, through(phase)).exit == 0);
    const auto outcome = tests::rollback(target, "sample");
    INFO(outcome.what << "\n" << outcome.now);
    CHECK(outcome.exit == 0);
    CHECK(outcome.state == "pending");
    CHECK(tests::picture(target) == start);
  }
}

TEST_CASE("rollback goes to a state in between, and apply forward again") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  REQUIRE(tests::apply(target, plan).exit == 0);
  const auto expanded = tests::picture(target);
  REQUIRE(tests::apply(target, plan, through(Phase::contract)).exit == 0);
  const auto contracted = tests::picture(target);
  CHECK(tests::rollback(target, "sample", State::expanded).state == "expanded");
  CHECK(tests::picture(target) == expanded);
  CHECK(tests::apply(target, plan, through(Phase::contract)).state == "contracted");
  CHECK(tests::picture(target) == contracted);
}

TEST_CASE("what was written to a new column comes back when its migration does") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  REQUIRE(tests::apply(target, plan).exit == 0);
  tests::run(target, "UPDATE orders SET paid = true WHERE id <= 10");
  REQUIRE(tests::rollback(target, "sample").exit == 0);
  CHECK(runtime::JournalReader(target).kept().size() == 1);
  tests::Story story;
  REQUIRE(tests::apply(target, plan, {}, &story).exit == 0);
  CHECK(story.first("step_done")->fields.at("how") == "revived");
  CHECK(tests::run(target, "SELECT count(*) FROM orders WHERE paid").value() == "10");
  CHECK(runtime::JournalReader(target).kept().empty());
}

TEST_CASE("there is no way back behind a purge, and nothing is begun") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::sample_plan(), through(Phase::purge)).state == "done");
  const auto before = tests::picture(target);
  const auto outcome = tests::rollback(target, "sample");
  CHECK(outcome.exit == 8);
  CHECK(outcome.code == "R0805");
  CHECK(tests::picture(target) == before);
  CHECK(state_of(target) == "done");
}

TEST_CASE("purge waits until the time of what is kept is over") {
  const auto target = world();
  auto plan = tests::sample_plan();
  plan.retain_seconds = 3600;
  const auto outcome = tests::apply(target, plan, through(Phase::purge));
  CHECK(outcome.exit == 3);
  CHECK(outcome.code == "R0302");
  CHECK(state_of(target) == "contracted");
  tests::run(target, "UPDATE mig.kept SET until = now() - interval '1 second'");
  CHECK(tests::apply(target, plan, through(Phase::purge)).state == "done");
}

TEST_CASE("a migration in flight goes by its stored plan; another one is refused") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  REQUIRE(tests::apply(target, plan).exit == 0);
  auto other = plan;
  other.steps[0].title = "something else";
  const auto outcome = tests::apply(target, other, through(Phase::contract));
  CHECK(outcome.exit == 8);
  CHECK(outcome.code == "R0802");
  CHECK(state_of(target) == "expanded");
  REQUIRE(tests::rollback(target, "sample").exit == 0);
  CHECK(tests::apply(target, other).exit == 0);
}

TEST_CASE("resume needs no plan: the journal has it") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  runtime::Executor executor(target, {}, {});
  CHECK(executor.resume("sample", through(Phase::contract)).state == "contracted");
  CHECK(executor.resume("nobody").code == "R0803");
}

TEST_CASE("a migration waits for the ones that it comes after") {
  const auto target = world();
  auto second = tests::first_steps(tests::sample_plan(), 1);
  second.migration = "second";
  second.after = {"sample"};
  second.steps = {tests::simple_step("expand/1", "ALTER TABLE orders ADD COLUMN more int",
                                     "ALTER TABLE orders DROP COLUMN more", "true")};
  const auto outcome = tests::apply(target, second);
  CHECK(outcome.exit == 3);
  CHECK(outcome.code == "R0301");
  REQUIRE(tests::apply(target, tests::first_steps(tests::sample_plan(), 1)).exit == 0);
  CHECK(tests::apply(target, second).exit == 0);
}

TEST_CASE("of two runners exactly one acts") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  runtime::Executor first(target, {}, {});
  REQUIRE_FALSE(first.lock(0));
  tests::Story story;
  runtime::Executor second(target, story.observer(), {});
  const auto busy = second.apply(plan);
  CHECK(busy.exit == 6);
  CHECK(busy.code == "R0602");
  REQUIRE(story.first("lock_busy") != nullptr);
  CHECK(story.first("lock_busy")->fields.at("user") == "postgres");
  CHECK(state_of(target) == "none");
}

TEST_CASE("runners at the same moment: every step runs once") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  std::vector<std::thread> runners;
  std::atomic<int> done = 0, steps = 0;
  for (int i = 0; i < 4; ++i)
    runners.emplace_back([&] {
      tests::Story story;
      if (tests::apply(target, plan, through(Phase::contract), &story).exit == 0) ++done;
      steps += static_cast<int>(story.count("step_done"));
    });
  for (auto& runner : runners) runner.join();
  CHECK(done == 4);
  CHECK(steps == 8);
}

TEST_CASE("a step that does not get its lock lets go, names the blocker, and leaves everything whole") {
  const auto target = world();
  auto plan = tests::first_steps(tests::sample_plan(), 1);
  plan.policy.lock_timeout_ms = 250;
  plan.policy.lock_tries = 2;
  const auto before = tests::picture(target);
  tests::Story story;
  {
    Holder holder(target, "SELECT count(*) FROM orders /* report */");
    const auto outcome = tests::apply(target, plan, {}, &story);
    CHECK(outcome.exit == 6);
    CHECK(outcome.code == "R0601");
    const auto pid = std::to_string(holder.session.backend_pid());
    CHECK_THAT(outcome.where, Catch::Contains("pid " + pid) && Catch::Contains("/* report */") &&
                                  Catch::Contains("idle in transaction"));
    CHECK_THAT(outcome.next, Catch::Contains("pg_terminate_backend(" + pid + ")"));
  }
  CHECK(story.count("lock_wait") >= 2);
  CHECK(story.first("blocker") != nullptr);
  CHECK(tests::picture(target) == before);
  CHECK(tests::apply(target, plan).exit == 0);
}

TEST_CASE("a lock that comes free between two tries is taken") {
  const auto target = world();
  auto plan = tests::first_steps(tests::sample_plan(), 1);
  plan.policy.lock_timeout_ms = 100;
  auto holder = std::make_unique<Holder>(target, "SELECT count(*) FROM orders");
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    holder.reset();
  });
  tests::Story story;
  const auto outcome = tests::apply(target, plan, {}, &story);
  release.join();
  CHECK(outcome.exit == 0);
  CHECK(std::stoi(story.first("step_done")->fields.at("tries")) > 1);
  CHECK(tests::run(target, "SELECT tries > 1 FROM mig.step WHERE step = 'expand/1'").truth());
}

TEST_CASE("an index build waits for old snapshots as long as it takes: no lock_timeout ends it") {
  const auto target = world();
  auto plan = tests::first_steps(tests::sample_plan(), 2);
  plan.policy.lock_timeout_ms = 50;
  plan.policy.lock_tries = 1;
  auto holder = std::make_unique<Holder>(target, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  holder->session.run(sql::verbatim("SELECT count(*) FROM users"));
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    holder.reset();
  });
  CHECK(tests::apply(target, plan).exit == 0);
  release.join();
  CHECK(tests::run(target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_placed_idx'::regclass").truth());
}

TEST_CASE("an INVALID index of an earlier try is dropped and built again") {
  const auto target = world();
  const auto plan = tests::first_steps(tests::sample_plan(), 2);
  tests::run(target, "CREATE INDEX orders_placed_idx ON orders (placed_at)");
  tests::run(target, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_placed_idx'::regclass");
  tests::Story story;
  CHECK(tests::apply(target, plan, {}, &story).exit == 0);
  CHECK(story.count("cleanup") == 1);
  CHECK(tests::run(target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_placed_idx'::regclass").truth());
}

TEST_CASE("a refused index build leaves no remnant, and says why") {
  const auto target = world();
  auto plan = tests::first_steps(tests::sample_plan(), 2);
  auto& build = std::get<sql::Concurrent>(plan.steps[1].action).statement;
  build.text = sql::verbatim("CREATE UNIQUE INDEX CONCURRENTLY orders_placed_idx ON public.orders (status)");
  const auto outcome = tests::apply(target, plan);
  CHECK(outcome.exit == 5);
  CHECK(outcome.code == "R0501");
  CHECK_THAT(outcome.what, Catch::Contains("23505"));
  CHECK_THAT(outcome.now, Catch::Contains("expand 1 is in"));
  CHECK(tests::run(target, "SELECT to_regclass('orders_placed_idx') IS NULL").truth());
  tests::run(target, "UPDATE orders SET status = id::text");
  CHECK(tests::apply(target, plan).exit == 0);
}

TEST_CASE("a refused step is rolled back whole; after mending, apply goes on from there") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  const auto outcome = tests::apply(target, plan);
  CHECK(outcome.exit == 5);
  CHECK_THAT(outcome.what, Catch::Contains("23514"));
  CHECK_THAT(outcome.where, Catch::Contains("expand/5"));
  CHECK(state_of(target) == "expanding");
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 7");
  tests::Story story;
  CHECK(tests::apply(target, plan, {}, &story).state == "expanded");
  CHECK(story.count("step_done") == 1);
}

TEST_CASE("a migration that stopped half-way goes back to the start") {
  const auto target = world();
  const auto plan = tests::sample_plan();
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  const auto start = tests::picture(target);
  REQUIRE(tests::apply(target, plan).exit == 5);
  CHECK(tests::rollback(target, "sample").state == "pending");
  CHECK(tests::picture(target) == start);
}

TEST_CASE("a dry run writes nothing, not even a journal") {
  const auto target = world();
  const auto before = tests::picture(target);
  auto options = through(Phase::contract);
  options.dry_run = true;
  tests::Story story;
  CHECK(tests::apply(target, tests::sample_plan(), options, &story).exit == 0);
  CHECK(story.count("would_run") == 8);
  CHECK(tests::run(target, "SELECT to_regnamespace('mig') IS NULL").truth());
  CHECK(tests::picture(target) == before);
}

TEST_CASE("a journal of a newer mig is refused before anything is done") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::first_steps(tests::sample_plan(), 1)).exit == 0);
  tests::run(target, "UPDATE mig.journal SET format = 99");
  const auto outcome = tests::apply(target, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0705");
  CHECK(tests::rollback(target, "sample").code == "R0705");
  CHECK(runtime::JournalReader(target).format() == 99);
}

TEST_CASE("a damaged stored plan is not run") {
  const auto target = world();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  tests::run(target, "UPDATE mig.plan SET bytes = substr(bytes, 1, 100)");
  CHECK(tests::rollback(target, "sample").code == "R0706");
}

TEST_CASE("a role without rights is told the GRANT, and nothing is half done") {
  const auto target = world();
  const auto database = tests::run(target, "SELECT current_database()").value();
  tests::run(target, "DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN; CREATE ROLE " + database + "_owner");
  const auto weak = tests::server().target(database, "weak");
  auto outcome = tests::apply(weak, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0704");
  CHECK_THAT(outcome.next, Catch::Contains("GRANT CREATE ON DATABASE " + database + " TO weak;"));
  tests::run(target, "GRANT CREATE ON DATABASE " + database + " TO weak");
  tests::run(target, "ALTER TABLE orders OWNER TO " + database + "_owner");
  outcome = tests::apply(weak, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK_THAT(outcome.next, Catch::Contains("GRANT " + database + "_owner TO weak;"));
  tests::run(target, "GRANT " + database + "_owner TO weak");
  outcome = tests::apply(weak, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK_THAT(outcome.next, Catch::Contains("GRANT CREATE ON SCHEMA public TO"));
  tests::run(target, "GRANT CREATE ON SCHEMA public TO weak, " + database + "_owner");
  CHECK(tests::apply(weak, tests::sample_plan()).exit == 0);
}

TEST_CASE("the first interrupt ends after the current step, and apply goes on") {
  const auto target = world();
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
  const auto target = world();
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
  const auto target = world();
  const auto database = tests::run(target, "SELECT current_database()").value();
  tests::run(target, "ALTER DATABASE " + database + " SET statement_timeout = '1ms'");
  tests::run(target, "ALTER DATABASE " + database + " SET lock_timeout = '1ms'");
  CHECK(tests::apply(target, tests::sample_plan(), through(Phase::contract)).exit == 0);
}

TEST_CASE("a session that may only read is refused") {
  const auto target = world();
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
  const auto target = world();
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
  const auto target = world();
  const tests::Pooler pooler(target);
  const auto outcome = tests::apply(pooler.target(), tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0703");
  CHECK(state_of(target) == "none");
}

TEST_CASE("no message is read: a server that speaks another language is handled alike") {
  const auto target = world();
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
