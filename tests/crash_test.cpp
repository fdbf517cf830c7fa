// A run killed at any statement, or cut off at any message, leaves a database that goes on, or goes back, as if nothing
// had happened. tests/crash.sh runs every point; here a sample is drawn.
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
  return {"sample", tests::sample_world(), {tests::sample_plan()}, sql::Phase::contract, {}, {}};
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
  return {"rows", world, {compiled.plan}, sql::Phase::contract, {}, {}};
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
  return {"waiting", world, {plan}, sql::Phase::contract, {"looked", "contract"}, {}};
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
  fault::Subject subject{"backed", world, {plan}, sql::Phase::contract, {}, {}};
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
  std::cout << subject.name << ": seed " << report.seed << ", " << report.run << " crash points run, " << report.skipped
            << " skipped, " << report.failures.size() << " differences\n";
  for (const auto& failure : report.failures) FAIL_CHECK(failure);
  CHECK(report.run > 0);
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
  subject.approve = {"looked"};  // contract waits: exit 8
  const auto points = fault::all_points(subject, fault::Law::apply_apply);
  REQUIRE(points.size() > 50);
  for (std::size_t i = points.size() > 12 ? points.size() - 12 : 0; i < points.size(); ++i)
    CHECK(fault::check(subject, points[i]) == "");
}

TEST_CASE("crash points of every example") {
  for (const auto& name : tests::example_names())
    if (wanted(name))
      hold({name, tests::example_baseline(name), tests::example_plans(name), sql::Phase::contract, {}, {}}, 12);
}
