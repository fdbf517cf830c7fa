// The executor among others: runners at the same moment, locks that are held, index builds that wait or fail.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/sample_plan.hpp"

using namespace mig;
using sql::Phase;
using tests::Holder;
using tests::sample_database;
using tests::state_of;
using tests::through;

TEST_CASE("of two runners exactly one acts") {
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
  const auto plan = tests::first_steps(tests::sample_plan(), 2);
  tests::run(target, "CREATE INDEX orders_placed_idx ON orders (placed_at)");
  tests::run(target, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_placed_idx'::regclass");
  tests::Story story;
  CHECK(tests::apply(target, plan, {}, &story).exit == 0);
  CHECK(story.count("cleanup") == 1);
  CHECK(tests::run(target, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_placed_idx'::regclass").truth());
}

TEST_CASE("a refused index build leaves no remnant, and says why") {
  const auto target = sample_database();
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
