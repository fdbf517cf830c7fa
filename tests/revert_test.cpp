// mig new --revert on every operation's example, on a server: what it writes compiles after the example, and its
// statements take the database back to where it was; or it says what it does not undo.
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/revert.hpp"
#include "compiler/catalog/snapshot.hpp"
#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/operations/operation.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server.hpp"

using namespace mig;

namespace {

std::string world_script() {
  std::ostringstream text;
  text << std::ifstream(std::string(MIG_SOURCE_DIR) + "/tests/support/world.sql").rdbuf();
  return text.str();
}

const catalog::Catalog& world() {
  static const auto catalog = runtime::introspect(tests::server().database(world_script()));
  return catalog;
}

Output compiled(const std::string& text, catalog::Catalog catalog) {
  Input input;
  input.files = {{"a.mig", text}};
  input.catalog = std::move(catalog);
  return compile(std::move(input));
}

// What the plan's statements do, in their order; purge is not part of what is undone.
void run_statements(const runtime::Target& target, const plan::Plan& plan) {
  for (const auto& step : plan.steps) {
    if (step.phase == sql::Phase::purge) continue;
    std::string message;
    for (const auto* statement : sql::statements(step.action)) message += statement->text.text() + ";\n";
    if (sql::transactional(step.action)) message = "BEGIN;\n" + message + "COMMIT";
    INFO(message);
    REQUIRE_NOTHROW((void)tests::run(target, message));
  }
}

// The database as the compiler sees it afterwards, with what its journal would say.
catalog::Catalog after(const runtime::Target& target, const plan::Plan& plan) {
  run_statements(target, plan);
  auto catalog = runtime::introspect(target);
  catalog::Applied applied;
  applied.name = plan.migration;
  applied.state = "done";
  applied.source_hash = plan.source_hash;
  catalog.migrations.push_back(applied);
  return catalog;
}

// Each statement of the example on a line of its own, as people write them.
std::string example_file(const operations::Operation& operation) {
  return std::string("migration example {\n  contract {\n    ") + operation.example + "\n  }\n}\n";
}

struct Verdict {
  bool whole = false;   // nothing was left unsaid
  std::string problem;  // what the compiler says, or how the model differs
};

Verdict verdict_of(const operations::Operation& operation) {
  const auto first = compiled(example_file(operation), world());
  if (first.plans.empty()) return {false, diagnostics::render(first.diagnostics.list(), first.files, {})};
  const auto undoing = cli::undo(first.plans.front());
  if (undoing.expand.empty() && undoing.contract.empty())
    return {false, undoing.not_said.empty() ? "nothing said, and not why" : ""};
  const auto text = cli::revert_file(undoing, "undone", "example");
  const auto target = tests::server().database(world_script());
  const auto second = compiled(text, after(target, first.plans.front()));
  if (second.plans.empty())
    return {undoing.not_said.empty(), diagnostics::render(second.diagnostics.list(), second.files, {}) + text};
  std::string differences;
  const auto end = after(target, second.plans.front());
  tests::server().drop(target);
  if (!undoing.not_said.empty()) return {};
  for (const auto& one : catalog::diff(world(), end))
    differences += one.key + " " + one.field + ": " + one.left + " / " + one.right + "\n";
  return {true, differences.empty() ? "" : differences + text};
}

// What mig does not claim, each with its reason.
const char* const opaque = "what an `sql` of the same file made is not known to the operations after it";
const std::map<std::string, std::string> exceptions{
    {"create_extension", "a person has to accept the loss"},
    {"add_attribute", "a person has to accept the loss"},
    {"update_extension", "a person has to accept the loss"},
    {"drop_extension", "a person has to accept the loss"},
    {"drop_expression", opaque},
};

}  // namespace

TEST_CASE("every operation is undone in the language, or it is said that it is not") {
  std::size_t whole = 0;
  for (const auto* operation : operations::all()) {
    INFO(operation->name);
    const auto verdict = verdict_of(*operation);
    whole += verdict.whole && verdict.problem.empty() ? 1 : 0;
    if (exceptions.count(operation->name) != 0)
      CHECK(verdict.problem != "");
    else
      CHECK(verdict.problem == "");
  }
  CHECK(whole >= 130);
}
