// A run killed at any statement, or cut off at any message, leaves a database that goes on, or goes back, as if nothing
// had happened. tests/crash.sh runs every point; here a sample is drawn.
#include <cstdlib>
#include <iostream>

#include "tests/support/catch.hpp"
#include "tests/support/examples.hpp"
#include "tests/support/fault.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"

using namespace mig;
namespace fault = tests::fault;

namespace {

fault::Subject sample() { return {"sample", tests::sample_world(), {tests::sample_plan()}, sql::Phase::contract, {}}; }

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

TEST_CASE("crash points of every example") {
  for (const auto& name : tests::example_names())
    if (wanted(name))
      hold({name, tests::example_baseline(name), tests::example_plans(name), sql::Phase::contract, {}}, 12);
}
