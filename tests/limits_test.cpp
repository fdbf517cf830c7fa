// What a policy holds against the server while a migration works: it pauses and goes on, it stops and can be resumed.
#include "compiler/plan/limits.hpp"

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "compiler/plan/print.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/waiting.hpp"

namespace mig::tests {

namespace {

using Catch::Contains;

const std::string world =
    "create table orders (id bigint primary key, total numeric(10,2));"
    "insert into orders select i, i from generate_series(1, 100) i;";

plan::Plan moving(const runtime::Target& target, const std::string& rules) {
  return compiled(target, "migration m { policy { batch 10; " + rules +
                              " } expand { update orders set total = total + 1 where true; } }");
}

std::string moved(const runtime::Target& target) {
  return run(target, "select count(*) from orders where total = id + 1").value();
}

std::string exit_of_run(const runtime::Target& target) {
  return run(target, "select exit from mig.run order by id desc limit 1").value();
}

// Another session's transaction, which has been open for a while.
struct LongTransaction : Holder {
  explicit LongTransaction(const runtime::Target& target) : Holder(target, "select pg_sleep(0.6)") {}
};

// An executor of its own, which calls `does` after the batch of this number.
runtime::Outcome apply_with(
    const runtime::Target& target, const plan::Plan& plan, Story& story, const runtime::Observer& does,
    const runtime::Interrupt& interrupt = [] { return 0; }) {
  const auto keep = story.observer();
  runtime::Executor executor(
      target,
      [&](const runtime::Event& event) {
        keep(event);
        does(event);
      },
      interrupt);
  REQUIRE_FALSE(executor.lock(10'000));
  return executor.apply(plan);
}

bool third_batch(const runtime::Event& event) { return event.name == "batch_done" && event.fields.at("number") == "3"; }

}  // namespace

TEST_CASE("limits: another session's long transaction holds the batches up until it ends") {
  const auto target = server().database(world);
  const auto plan = moving(target, "pause when longest_transaction > 500ms;");
  std::unique_ptr<LongTransaction> other;
  std::string moved_meanwhile;
  Story story;
  const auto outcome = apply_with(target, plan, story, [&](const runtime::Event& event) {
    if (third_batch(event)) other = std::make_unique<LongTransaction>(target);
    if (event.name != "paused" || event.fields.at("ms") == "0") return;
    moved_meanwhile = moved(target);
    other.reset();
  });
  INFO(outcome.what);
  CHECK(outcome.exit == 0);
  CHECK(moved_meanwhile == "30");
  CHECK(moved(target) == "100");
  REQUIRE(story.count("went_on") == 1);
  CHECK(story.count("paused") == 2);
  CHECK_THAT(story.first("paused")->fields.at("why"), Contains("longest transaction ") && Contains(" s > 0.5 s"));
  CHECK(story.first("paused")->fields.at("measure") == "longest_transaction");
  CHECK(story.first("paused")->fields.at("limit") == "0.5");
  CHECK(std::stod(story.first("paused")->fields.at("value")) > 0.5);
  CHECK(std::stol(story.first("went_on")->fields.at("ms")) >= 1000);
  CHECK(run(target, "select (facts ->> 'ms')::int >= 1000 from mig.event where name = 'paused'").value() == "t");
}

TEST_CASE("limits: a pause holds no transaction open, and ends when the user asks") {
  const auto target = server().database(world);
  const auto plan = moving(target, "pause when active_connections >= 1;");
  std::atomic<bool> asked{false};
  std::string in_transaction;
  Story story;
  const auto outcome = apply_with(
      target, plan, story,
      [&](const runtime::Event& event) {
        if (event.name != "paused") return;
        in_transaction = run(target,
                             "select count(*) from pg_stat_activity where datname = current_database() and pid <> "
                             "pg_backend_pid() and xact_start is not null")
                             .value();
        asked = true;
      },
      [&] { return asked ? 1 : 0; });
  CHECK(outcome.exit == 130);
  CHECK(in_transaction == "0");
  CHECK(moved(target) == "0");
  CHECK(outcome.state == "pending");
  CHECK_THAT(outcome.where, Contains("expand/1"));
}

TEST_CASE("limits: the run stops with 4 between two batches, and the next one goes on") {
  const auto target = server().database(world);
  const auto plan = moving(target, "stop when longest_transaction > 500ms or active_connections > 10000;");
  std::unique_ptr<LongTransaction> other;
  Story story;
  const auto stopped = apply_with(target, plan, story, [&](const runtime::Event& event) {
    if (third_batch(event)) other = std::make_unique<LongTransaction>(target);
  });
  CHECK(stopped.exit == 4);
  CHECK(stopped.code == "R0401");
  CHECK(stopped.state == "expanding");
  CHECK_THAT(stopped.what, Contains("stopped by the policy: longest transaction ") &&
                               Contains(" s > 0.5 s (stop when longest_transaction > 0.5s)"));
  CHECK_THAT(stopped.where, Contains("step expand/2 of m"));
  CHECK_THAT(stopped.now, Contains("expand 1 is in; expand 2 is in part in; purge 1 is not. Old clients work"));
  CHECK(stopped.next == "when it has fallen: mig apply m");
  CHECK(moved(target) == "30");
  CHECK(exit_of_run(target) == "4");
  CHECK(run(target, "select step from mig.event where name = 'stopped'").value() == "expand/2");

  SECTION("not while the reason stands") {
    CHECK(go(target, plan).exit == 4);
    CHECK(moved(target) == "30");
  }
  SECTION("forward") {
    other.reset();
    CHECK(go(target, plan).exit == 0);
    CHECK(moved(target) == "100");
  }
  SECTION("a way back is not bound to it") {
    CHECK(rollback(target, "m").exit == 0);
    CHECK(moved(target) == "0");
  }
}

TEST_CASE("limits: what stops comes before what pauses, and ends a pause") {
  const auto target = server().database(world);
  const LongTransaction other(target);
  const auto plan = moving(target, "pause when longest_transaction > 100ms; stop when longest_transaction > 2s;");
  Story story;
  const auto outcome = go(target, plan, {}, {}, &story);
  CHECK(outcome.exit == 4);
  CHECK(outcome.state == "pending");
  CHECK(story.count("paused") >= 1);
  CHECK(story.count("went_on") == 0);
  CHECK_THAT(outcome.now, Contains("no step is in"));
}

TEST_CASE("limits: steps that are no batches are held up before they begin") {
  const auto target = server().database(world);
  const auto plan = compiled(target,
                             "migration m { policy { stop when longest_transaction > 500ms; } expand { add column "
                             "orders.a int; add column orders.b int; } }");
  std::unique_ptr<LongTransaction> other;
  Story story;
  const auto outcome = apply_with(target, plan, story, [&](const runtime::Event& event) {
    if (event.name == "step_done") other = std::make_unique<LongTransaction>(target);
  });
  CHECK(outcome.exit == 4);
  CHECK_THAT(outcome.now, Contains("expand 1 is in; expand 2 is not"));
  other.reset();
  CHECK(go(target, plan).exit == 0);
}

TEST_CASE("limits: connections are counted, and as a part of those that there may be") {
  const auto target = server().database(world);
  const auto seen = [&](const std::string& rule) {
    const auto plan = compiled(target, "migration m { policy { stop when " + rule + "; } expand { } }");
    return run(target, plan.policy.stop_when.front().query.text()).rows.at(0);
  };
  const auto before = std::stoi(*seen("active_connections > 0")[0]);
  CHECK(seen("active_connections > 0")[1] == "t");
  CHECK(seen("active_connections > 100000")[1] == "f");
  const Holder one(target, "select 1"), two(target, "select 1"), three(target, "select 1");
  CHECK(std::stoi(*seen("active_connections > 0")[0]) >= before + 3 - 2);
  const auto most = std::stod(run(target, "show max_connections").value());
  const auto percent = std::stod(*seen("active_connections > 0.5%")[0]);
  CHECK(percent > 100 * 3 / most);
  CHECK(percent <= 100);
  CHECK(seen("active_connections > 100%")[1] == "f");
  CHECK(seen("replication_lag > 1s")[0] == "0");  // no standby: nothing lags
  CHECK(seen("replication_lag >= 0s")[1] == "t");
}

TEST_CASE("limits: what this role may not see does not count as small") {
  const auto target = server().database(
      world +
      "do $$begin create role limits_stranger login; exception when duplicate_object then null; end$$;"
      "grant create on schema public to limits_stranger; alter table orders owner to limits_stranger;");
  run(target, "do $$begin execute format('grant create on database %I to limits_stranger', current_database()); end$$");
  const auto plan = moving(target, "pause when longest_transaction > 1h;");
  auto stranger = target;
  stranger.conninfo += " user=limits_stranger";  // the last one counts
  const auto outcome = go(stranger, plan);
  INFO(outcome.what);
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0704");
  CHECK_THAT(outcome.what, Contains("longest_transaction > 3600s"));
  CHECK_THAT(outcome.next, Contains("GRANT pg_read_all_stats TO limits_stranger;"));
  CHECK(moved(target) == "0");
  run(target, outcome.next.substr(0, outcome.next.find(';')));
  CHECK(go(stranger, plan).exit == 0);
  run(target, "revoke pg_read_all_stats from limits_stranger");
}

TEST_CASE("limits: they are part of the plan, its hash and the script for psql") {
  const auto target = server().database(world);
  const auto with = [&](const std::string& rules) { return moving(target, rules); };
  const auto plan =
      with("pause when replication_lag > 1min or active_connections >= 80%; stop when active_connections > 90;");
  CHECK(plan::words(plan.policy) ==
        "pause when replication_lag > 60s or active_connections >= 80%; stop when active_connections > 90");
  CHECK(plan::hash(plan) != plan::hash(with("")));
  CHECK(plan::hash(with("stop when active_connections > 90;")) !=
        plan::hash(with("pause when active_connections > 90;")));
  const auto text = plan::to_json(plan);
  std::ifstream schema(std::string(MIG_SOURCE_DIR) + "/docs/plan.schema.json");
  CHECK(schema_breach(nlohmann::json::parse(schema), nlohmann::json::parse(text)) == "");
  diagnostics::Sink sink;
  const auto again = plan::from_json(text, "plan.json", sink);
  REQUIRE(again);
  CHECK(plan::to_json(*again) == text);
  CHECK(plan::words(again->policy) == plan::words(plan.policy));
  const auto script = plan::up_sql(plan);
  CHECK_THAT(script, Contains("-- policy  pause when replication_lag > 60s") && Contains("where mig apply waits"));
  CHECK_THAT(script, Contains("no step of m begins while active_connections > 90"));
}

}  // namespace mig::tests
