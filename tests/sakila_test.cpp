// A real database that nobody here made (../shared/data/sakila: views, functions, triggers, domains, an enum,
// inheritance, 47,000 rows), through a project of many kinds of operations and back: by mig, by psql, and killed on the
// way. Skipped, with a word, where the data is not at hand.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

#include "compiler/operations/operation.hpp"
#include "compiler/plan/print.hpp"
#include "runtime/executor.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/examples.hpp"
#include "tests/support/fault.hpp"
#include "tests/support/sample_plan.hpp"
#include "tests/support/server.hpp"

namespace mig::tests {

namespace {

namespace fs = std::filesystem;

const std::string project = "tests/cases/sakila";

// The database as it is delivered, made once; copies are made of it.
const std::optional<runtime::Target>& delivered() {
  static const auto target = []() -> std::optional<runtime::Target> {
    const auto data = fs::path(MIG_SOURCE_DIR) / "../shared/data/sakila";
    if (!fs::exists(data / "data.sql")) return std::nullopt;
    // Its data came from an older server: nothing in it needs the new one's words.
    const auto made = server().database("");
    for (const auto* file : {"schema.sql", "data.sql"}) {
      const auto ran = psql(made, {"-q", "-f", (data / file).string()});
      INFO(ran.output);
      REQUIRE(ran.exit == 0);
    }
    run(made, "ANALYZE");
    return made;
  }();
  return target;
}

bool missing() {
  if (delivered()) return false;
  std::cout << "sakila: seed 0, 0 cases run, all skipped: ../shared/data/sakila is not here (the only reason a test "
               "may be skipped)\n";
  return true;
}

const Output& compiled() {
  static const auto made = compile_folder(project, runtime::introspect(*delivered()));
  return made;
}

const std::vector<plan::Plan>& plans() { return compiled().plans; }

// The operations that the project is written with.
std::set<std::string> operations_used() {
  std::set<std::string> used;
  for (const auto& migration : compiled().program.migrations)
    for (const auto& item : migration.items) used.insert(item.operation->name);
  return used;
}

std::vector<const plan::Plan*> all_plans() {
  std::vector<const plan::Plan*> all;
  for (const auto& plan : plans()) all.push_back(&plan);
  return all;
}

// Those that psql can run as they are printed.
std::vector<const plan::Plan*> for_psql() {
  auto all = all_plans();
  std::erase_if(all, [](const plan::Plan* plan) {
    return std::any_of(plan->steps.begin(), plan->steps.end(),
                       [](const sql::Step& step) { return !step.needs_runtime.empty(); });
  });
  return all;
}

void forward(const runtime::Target& target, const std::vector<const plan::Plan*>& wanted = all_plans()) {
  runtime::ApplyOptions options;
  options.through = sql::Phase::contract;
  for (const auto* plan : wanted) {
    const auto outcome = apply(target, *plan, options);
    INFO(plan->migration << ": " << outcome.what << "\n" << outcome.where);
    REQUIRE(outcome.exit == 0);
  }
}

void backward(const runtime::Target& target) {
  for (auto plan = plans().rbegin(); plan != plans().rend(); ++plan) {
    const auto outcome = rollback(target, plan->migration);
    INFO(plan->migration << ": " << outcome.what << "\n" << outcome.where);
    REQUIRE(outcome.exit == 0);
  }
}

void script(const runtime::Target& target, const std::string& text, std::vector<std::string> arguments) {
  const auto path = server().directory() + "/sakila.sql";
  std::ofstream(path) << text;
  arguments.insert(arguments.end(), {"-q", "-f", path});
  const auto ran = psql(target, arguments);
  INFO(ran.output);
  REQUIRE(ran.exit == 0);
}

// One migration of the project, killed where those before it are done: what the others would do afterwards they do from
// the same database.
fault::Subject crashed(const plan::Plan& plan) {
  const auto start = server().copy(*delivered());
  std::vector<const plan::Plan*> before;
  for (const auto* earlier : all_plans()) {
    if (earlier->migration == plan.migration) break;
    before.push_back(earlier);
  }
  forward(start, before);
  fault::Subject subject;
  subject.name = "sakila_" + plan.migration;
  subject.plans = {plan};
  subject.copy = [start] { return server().copy(start); };
  return subject;
}

// MIG_CRASH_SUBJECT: sakila, or one migration of it.
bool wanted(const std::string& subject) {
  const char* only = std::getenv("MIG_CRASH_SUBJECT");
  return only == nullptr || *only == '\0' || std::string_view(only) == "sakila" || only == subject;
}

}  // namespace

TEST_CASE("the project on sakila has at least 40 kinds of operations") {
  if (missing()) return;
  const auto used = operations_used();
  std::cout << "sakila: " << plans().size() << " migrations, " << used.size() << " kinds of operations\n";
  CHECK(used.size() >= 40);
}

TEST_CASE("by mig: up and down, and every row and every object is as it was") {
  if (missing()) return;
  const auto target = server().copy(*delivered());
  const auto before = picture(target);
  const auto schema = runtime::introspect(target);
  forward(target);
  CHECK(picture(target) != before);
  backward(target);
  CHECK(picture(target) == before);
  for (const auto& d : catalog::diff(runtime::introspect(target), schema))
    FAIL_CHECK(d.key << " " << d.field << ": " << d.left << " was " << d.right);
  server().drop(target);
}

TEST_CASE("by psql: the printed scripts do the same") {
  if (missing()) return;
  const auto by_mig = server().copy(*delivered());
  const auto by_psql = server().copy(*delivered());
  const auto before = picture(by_psql);
  const auto scripted = for_psql();
  CHECK(scripted.size() + 1 == plans().size());  // rows in batches are mig's own work
  forward(by_mig, scripted);
  for (const auto* plan : scripted) script(by_psql, plan::up_sql(*plan), {"-v", "through=contract"});
  CHECK(picture(by_psql) == picture(by_mig));
  for (auto plan = scripted.rbegin(); plan != scripted.rend(); ++plan) script(by_psql, plan::down_sql(**plan), {});
  CHECK(picture(by_psql) == before);
  server().drop(by_mig);
  server().drop(by_psql);
}

TEST_CASE("killed on the way, it goes on or goes back as if nothing had happened") {
  if (missing()) return;
  for (const auto& plan : plans()) {
    const auto subject = crashed(plan);
    if (!wanted(subject.name)) continue;
    const auto report = fault::run_points(subject, 2);
    std::cout << to_string(subject, report) << std::endl;
    for (const auto& failure : report.failures) FAIL_CHECK(failure);
    CHECK(report.run > 0);
    CHECK(report.missed * 10 <= report.run);
  }
}

}  // namespace mig::tests
