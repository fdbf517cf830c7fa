// The executor on a real server: forward, back, resume, what is refused and what is mended.
#include "runtime/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/sample_plan.hpp"

using namespace mig;
using plan::journal::State;
using sql::Phase;
using tests::sample_database;
using tests::state_of;
using tests::through;

TEST_CASE("expand, contract and purge run in order, and the journal says so") {
  const auto target = sample_database();
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
  const auto target = sample_database();
  CHECK(tests::apply(target, tests::sample_plan()).exit == 0);
  tests::Story story;
  CHECK(tests::apply(target, tests::sample_plan(), {}, &story).exit == 0);
  CHECK(story.count("run_started") == 0);
  CHECK(runtime::JournalReader(target).runs("sample").size() == 1);
}

TEST_CASE("a plan without contract ends in done") {
  const auto target = sample_database();
  CHECK(tests::apply(target, tests::first_steps(tests::sample_plan(), 2)).state == "done");
  CHECK(tests::rollback(target, "sample").state == "pending");
}

TEST_CASE("rollback brings schema and rows back from every state") {
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
  REQUIRE(tests::apply(target, tests::sample_plan(), through(Phase::purge)).state == "done");
  const auto before = tests::picture(target);
  const auto outcome = tests::rollback(target, "sample");
  CHECK(outcome.exit == 8);
  CHECK(outcome.code == "R0805");
  CHECK(tests::picture(target) == before);
  CHECK(state_of(target) == "done");
}

TEST_CASE("purge waits until the time of what is kept is over") {
  const auto target = sample_database();
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
  const auto target = sample_database();
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
  const auto target = sample_database();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  runtime::Executor executor(target, {}, {});
  CHECK(executor.resume("sample", through(Phase::contract)).state == "contracted");
  CHECK(executor.resume("nobody").code == "R0803");
}

TEST_CASE("a migration waits for the ones that it comes after") {
  const auto target = sample_database();
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

TEST_CASE("a refused step is rolled back whole; after mending, apply goes on from there") {
  const auto target = sample_database();
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
  const auto target = sample_database();
  const auto plan = tests::sample_plan();
  tests::run(target, "UPDATE orders SET total = -1 WHERE id = 7");
  const auto start = tests::picture(target);
  REQUIRE(tests::apply(target, plan).exit == 5);
  CHECK(tests::rollback(target, "sample").state == "pending");
  CHECK(tests::picture(target) == start);
}

TEST_CASE("a dry run writes nothing, not even a journal") {
  const auto target = sample_database();
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
  const auto target = sample_database();
  REQUIRE(tests::apply(target, tests::first_steps(tests::sample_plan(), 1)).exit == 0);
  tests::run(target, "UPDATE mig.journal SET format = 99");
  const auto outcome = tests::apply(target, tests::sample_plan());
  CHECK(outcome.exit == 7);
  CHECK(outcome.code == "R0705");
  CHECK(tests::rollback(target, "sample").code == "R0705");
  CHECK(runtime::JournalReader(target).format() == 99);
}

TEST_CASE("a damaged stored plan is not run") {
  const auto target = sample_database();
  REQUIRE(tests::apply(target, tests::sample_plan()).exit == 0);
  tests::run(target, "UPDATE mig.plan SET bytes = substr(bytes, 1, 100)");
  CHECK(tests::rollback(target, "sample").code == "R0706");
}

TEST_CASE("a role without rights is told the GRANT, and nothing is half done") {
  const auto target = sample_database();
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
