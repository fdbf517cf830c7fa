// Changes from outside: what a remaining step touches stops the run, the rest does not.
#include "compiler/catalog/catalog.hpp"
#include "runtime/executor.hpp"
#include "runtime/introspect.hpp"
#include "runtime/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"

using namespace mig;
using plan::journal::State;
using sql::Phase;
using tests::through;

namespace {

runtime::Target world() { return tests::server().database(tests::sample_world()); }

// The sample plan as the compiler would make it for this database.
plan::Plan planned(const runtime::Target& target) {
  auto plan = tests::sample_plan();
  const auto catalog = runtime::introspect(target);
  for (const auto& step : plan.steps)
    for (const auto& key : step.touches) plan.before[key] = catalog::fingerprint(catalog, key);
  return plan;
}

}  // namespace

TEST_CASE("without a change, every phase and the way back pass") {
  const auto target = world();
  const auto plan = planned(target);
  CHECK(plan.before.at("table public.audit") == "absent");
  CHECK(plan.before.at("table public.orders") != "absent");
  CHECK(tests::apply(target, plan).state == "expanded");
  CHECK(tests::apply(target, plan, through(Phase::contract)).state == "contracted");
  CHECK(tests::rollback(target, "sample").state == "pending");
  CHECK(tests::apply(target, plan).state == "expanded");
}

TEST_CASE("a touched table that changed since the plan was made stops it") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "ALTER TABLE orders ADD COLUMN hotfix int");
  tests::Story story;
  const auto outcome = tests::apply(target, plan, {}, &story);
  CHECK(outcome.exit == 8);
  CHECK(outcome.code == "R0801");
  CHECK_THAT(outcome.what, Catch::Contains("table public.orders"));
  REQUIRE(story.first("drift") != nullptr);
  CHECK(story.first("drift")->fields.at("key") == "table public.orders");
  CHECK_FALSE(runtime::JournalReader(target).migration("sample"));
  tests::run(target, "ALTER TABLE orders DROP COLUMN hotfix");
  CHECK(tests::apply(target, plan).exit == 0);
}

TEST_CASE("a name that the plan makes and somebody has taken meanwhile stops it") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "CREATE TABLE audit (a int)");
  CHECK(tests::apply(target, plan).code == "R0801");
}

TEST_CASE("a table that no step touches may change") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "ALTER TABLE users ADD COLUMN hotfix int; CREATE TABLE unrelated (a int)");
  CHECK(tests::apply(target, plan, through(Phase::contract)).state == "contracted");
}

TEST_CASE("rows, statistics and sequences are no drift") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "INSERT INTO orders (id) VALUES (1000); ANALYZE orders");
  CHECK(tests::apply(target, plan).state == "expanded");
}

TEST_CASE("a change between expand and contract stops contract, and undoing it lets it through") {
  const auto target = world();
  const auto plan = planned(target);
  REQUIRE(tests::apply(target, plan).exit == 0);
  tests::run(target, "ALTER TABLE orders ALTER COLUMN status DROP NOT NULL");
  CHECK(tests::apply(target, plan, through(Phase::contract)).code == "R0801");
  tests::run(target, "ALTER TABLE orders ALTER COLUMN status SET NOT NULL");
  CHECK(tests::apply(target, plan, through(Phase::contract)).state == "contracted");
}

TEST_CASE("a change of what the way back touches stops rollback") {
  const auto target = world();
  REQUIRE(tests::apply(target, planned(target), through(Phase::contract)).exit == 0);
  tests::run(target, "ALTER TABLE orders ADD COLUMN hotfix int");
  CHECK(tests::rollback(target, "sample").code == "R0801");
  tests::run(target, "ALTER TABLE orders DROP COLUMN hotfix");
  CHECK(tests::rollback(target, "sample").state == "pending");
}

TEST_CASE("a failed run leaves its fingerprints: later changes are seen") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  REQUIRE(tests::apply(target, plan).exit == 5);
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 7; ALTER TABLE orders ADD COLUMN hotfix int");
  CHECK(tests::apply(target, plan).code == "R0801");
}

TEST_CASE("after a crash there is no newer value: probes alone speak for what done steps touched") {
  const auto target = world();
  const auto plan = planned(target);
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  REQUIRE(tests::apply(target, plan).exit == 5);
  tests::run(target, "UPDATE mig.migration SET fingerprints = '{}'");
  tests::run(target, "UPDATE orders SET total = 1 WHERE id = 7; ALTER TABLE orders ADD COLUMN hotfix int");
  CHECK(tests::apply(target, plan).state == "expanded");
}
