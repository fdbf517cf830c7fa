// A run killed at any statement, or cut off at any message, leaves a database that goes on, or goes back, as if nothing
// had happened. tests/crash.sh runs every point; here a sample is drawn.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "runtime/backup/manifest.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/examples.hpp"
#include "tests/support/fault.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/server.hpp"
#include "tests/support/waiting.hpp"

using namespace mig;
namespace fault = tests::fault;

namespace {

fault::Subject sample() {
  return {"sample", tests::sample_world(), {tests::sample_plan()}, sql::Phase::contract, {}, {}, {}};
}

// Rows in batches, with what a delete takes along: a batch that ran twice, or never, shows in the rows.
fault::Subject rows() {
  const std::string world =
      "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10,2), note text);"
      "CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE, n int);"
      "CREATE TABLE marks (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE SET NULL);"
      "INSERT INTO orders SELECT i, i, 'note ' || i FROM generate_series(1, 20) i;"
      "INSERT INTO items SELECT i, 1 + i % 20, i FROM generate_series(1, 30) i;"
      "INSERT INTO marks SELECT i, 1 + i % 20 FROM generate_series(1, 10) i";
  const auto target = tests::server().database(world);
  auto compiled = tests::laws::compile_example(
      "update orders set total = total + 1 where id <> 3;\n"
      "insert into orders (id, total) values (100, 1), (101, 2);\n"
      "delete from orders where id % 3 = 0;",
      runtime::introspect(target));
  compiled.plan.policy.batch = 6;
  plan::seal(compiled.plan);
  return {"rows", world, {compiled.plan}, sql::Phase::contract, {}, {}, {}};
}

// A measurement, assertions, a checkpoint and a gate around a column that is added and one that is kept aside.
fault::Subject waiting() {
  const auto world = tests::sample_world();
  auto plan =
      tests::compiled(tests::server().database(world),
                      "migration waiting { measure list = p50 of $$select count(*) from orders$$ over 2 runs;\n"
                      "require { expect none in orders where total < 0; }\n"
                      "expand { add column orders.paid boolean; }\n"
                      "checkpoint looked;\n"
                      "verify { expect list < 100000x baseline; expect none in orders where paid; }\n"
                      "contract when approved when (select count(*) from orders) = 200 { drop column orders.note; } }");
  return {"waiting", world, {plan}, sql::Phase::contract, {"looked", "contract"}, {}, {}};
}

// An example, past its checkpoints and gates: a person approves, and their time passes.
fault::Subject example(const std::string& name) {
  fault::Subject subject{name, tests::example_baseline(name), tests::example_plans(name), sql::Phase::contract, {}, {},
                         {}};
  for (const auto& plan : subject.plans)
    for (const auto& step : plan.steps)
      if (const auto* gate = std::get_if<sql::Gate>(&step.action); gate != nullptr && !gate->approval.empty())
        subject.approve.push_back(gate->approval);
  subject.passes = "25 hours";
  return subject;
}

// A database in which the subject's migrations are contracted.
runtime::Target contracted_once(const fault::Subject& subject) {
  const auto target = tests::server().database(subject.world);
  for (const auto& plan : subject.plans) {
    REQUIRE(tests::go(target, plan, sql::Phase::contract, {"contract"}).exit == 3);
    tests::pass_time(target, subject.passes);
    REQUIRE(tests::go(target, plan, sql::Phase::contract).exit == 0);
  }
  return target;
}

// Files and tables in mig's own form, made before a column is added.
fault::Subject backed_up(const std::filesystem::path& project) {
  const auto world = tests::sample_world();
  std::filesystem::create_directories(project / "data");
  std::ofstream(project / "data/a.json") << "[1]\n";
  auto plan =
      tests::compiled(tests::server().database(world),
                      "migration backed { backup { files 'data/*'; tables orders, users; to 'backups/{timestamp}'; }\n"
                      "expand { add column orders.paid boolean; } }");
  fault::Subject subject{"backed", world, {plan}, sql::Phase::contract, {}, {}, {}};
  subject.backup.project = project.string();
  subject.backup.pg_dump = "none";
  return subject;
}

bool wanted(const std::string& subject) {
  const char* only = std::getenv("MIG_CRASH_SUBJECT");
  return only == nullptr || *only == '\0' || subject == only;
}

void hold(const fault::Subject& subject, int most) {
  const auto report = fault::run_points(subject, most);
  std::cout << to_string(subject, report) << std::endl;
  for (const auto& failure : report.failures) FAIL_CHECK(failure);
  CHECK(report.run > 0);
  CHECK(report.missed * 10 <= report.run);
}

}  // namespace

TEST_CASE("an undisturbed run has points to die at, under every law") {
  for (const auto law : fault::all_laws) CHECK(fault::all_points(sample(), law).size() > 50);
}

TEST_CASE("the points are real: a child dies there, and its work is unfinished") {
  const auto subject = sample();
  // Statement 30 of apply stands in the middle of expand.
  CHECK(fault::dies(subject, {fault::Law::apply_apply, "sent", 30}));
  CHECK_FALSE(fault::dies(subject, {fault::Law::apply_apply, "sent", 100'000}));
}

TEST_CASE("crash points of the sample plan") {
  if (wanted("sample")) hold(sample(), 12);
}

TEST_CASE("crash points of rows in batches") {
  if (wanted("rows")) hold(rows(), 12);
}

TEST_CASE("crash points of a migration that asks and waits") {
  if (wanted("waiting")) hold(waiting(), 12);
}

TEST_CASE("crash points of a migration with a backup: no folder that is not whole is left") {
  const tests::Scratch project;
  if (wanted("backed")) hold(backed_up(project.path()), 12);
  for (const auto& entry : std::filesystem::directory_iterator(project.path() / "backups")) {
    INFO(entry.path());
    if (entry.path().extension() == ".unfinished") continue;  // of a run that nobody went on with
    CHECK(runtime::backup::damage(entry.path(), "").empty());
  }
}

TEST_CASE("a migration that waits is gone on with by any later call, also after a kill at its gate") {
  auto subject = waiting();
  subject.name = "waiting_still";
  subject.approve = {"looked"};
  subject.exit = 8;  // contract waits
  const auto points = fault::all_points(subject, fault::Law::apply_apply);
  REQUIRE(points.size() > 50);
  for (std::size_t i = points.size() > 12 ? points.size() - 12 : 0; i < points.size(); ++i)
    CHECK(fault::check(subject, points[i]) == "");
}

TEST_CASE("crash points of every example") {
  const auto names = tests::example_names();
  for (const auto& name : names)
    if (wanted(name)) hold(example(name), std::max(1, 12 / static_cast<int>(names.size())));
}

TEST_CASE("a purge that is killed anywhere is ended by the next call") {
  auto subject = example("kept_aside");
  if (!wanted("purge")) return;
  subject.name = "purge";
  subject.through = sql::Phase::purge;
  subject.passes = "8 days";
  subject.copy = [contracted = contracted_once(example("kept_aside"))] { return tests::server().copy(contracted); };
  const auto points = fault::all_points(subject, fault::Law::apply_apply);
  REQUIRE(points.size() > 20);
  for (std::size_t i = 0; i < points.size(); i += std::getenv("MIG_CRASH_POINTS") != nullptr ? 1 : 5)
    CHECK(fault::check(subject, points[i]) == "");
}
