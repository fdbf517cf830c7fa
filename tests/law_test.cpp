// The laws of operations: every entry of the registry x every law x every shape x every server, and the table of cells.
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "runtime/executor.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

struct Cell {
  const Example* example;
  const Shape* shape;
};

// MIG_LAW_ONLY="add_index,drop_index partitioned -stranger": only cells with one of each word's names, none of those
// behind a minus, while working on some of them.
bool wanted(const Cell& cell) {
  const auto* only = std::getenv("MIG_LAW_ONLY");
  if (only == nullptr) return true;
  std::istringstream words(only);
  for (std::string word; words >> word;) {
    const bool without = word[0] == '-';
    std::istringstream names(word.substr(without ? 1 : 0));
    bool named = false;
    for (std::string name; std::getline(names, name, ',');)
      named = named || name == cell.example->name || name == cell.shape->name;
    if (named == without) return false;
  }
  return true;
}

// MIG_LAW_SAMPLE=N: N pairs of example and shape on each server, drawn by MIG_LAW_SEED or by chance.
void draw(std::vector<Cell>& cells, int major) {
  const auto* sample = std::getenv("MIG_LAW_SAMPLE");
  if (sample == nullptr) return;
  const auto* given = std::getenv("MIG_LAW_SEED");
  const auto seed = given != nullptr ? static_cast<unsigned>(std::atoll(given)) : std::random_device{}();
  std::mt19937 random(seed);
  std::shuffle(cells.begin(), cells.end(), random);
  const auto all = cells.size();
  cells.resize(std::min(all, static_cast<std::size_t>(std::atoi(sample))));
  fmt::print("laws on {}: seed {}, {} examples on a shape run, {} skipped\n", major, seed, cells.size(),
             all - cells.size());
}

void run_all(Server& server, Table& table) {
  (void)server.run("create role law_stranger login");
  const auto all_shapes = shapes(server.major());
  std::vector<Cell> cells;
  const auto examples = all_examples();
  for (const auto& example : examples)
    for (const auto& shape : all_shapes)
      if (const Cell cell{&example, &shape}; wanted(cell)) cells.push_back(cell);
  draw(cells, server.major());
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < cells.size(); i = next++) {
      const auto verdicts = run_cells(server, cells[i].example->text, *cells[i].shape);
      const std::lock_guard guard(mutex);
      table.add(cells[i].example->name, cells[i].shape->name, server.major(), verdicts);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
}

using Texts = std::vector<std::string>;

// Statements that change something, but for the journal's: what the plan must have printed.
Texts changes(const Texts& logged) {
  static constexpr std::string_view verbs[] = {"ALTER",  "CREATE", "DROP",   "COMMENT",
                                               "UPDATE", "DELETE", "INSERT", "GRANT"};
  Texts kept;
  for (const auto& text : logged) {
    std::string upper = text.substr(0, 8);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const bool changes_something =
        std::any_of(std::begin(verbs), std::end(verbs), [&](auto verb) { return upper.rfind(verb, 0) == 0; });
    const bool journal = text.find(" mig.") != std::string::npos || text.find("SCHEMA mig") != std::string::npos ||
                         text.find("SCHEMA IF NOT EXISTS mig") != std::string::npos;
    if (changes_something && !journal) kept.push_back(text);
  }
  return kept;
}

void add_changes(const sql::Step& step, Texts& texts) {
  Texts all;
  for (const auto* statement : sql::statements(step.action)) all.push_back(statement->text.text());
  for (auto& text : changes(all)) texts.push_back(std::move(text));
}

// A concurrent DROP … IF EXISTS is asked for first: an earlier step of the way back took the thing along, or only a
// crash would have left it.
bool may_be_gone(const sql::Step& piece) {
  const auto* concurrent = std::get_if<sql::Concurrent>(&piece.action);
  return concurrent != nullptr && concurrent->statement.text.text().find(" IF EXISTS ") != std::string::npos;
}

// By the executor, there and back: what the server logged is what the plan says, and everything is as it was.
void check_log(const operations::Operation& operation, Server& server) {
  const auto target = server.database(read_source("tests/support/world.sql"));
  const auto before = runtime::introspect(target);
  const auto compiled = compile_example(operation.example, before);
  REQUIRE(compiled.problem.empty());
  Texts there;
  Texts back;
  for (const auto& step : compiled.plan.steps)
    if (step.phase != sql::Phase::purge) add_changes(step, there);
  for (auto step = compiled.plan.steps.rbegin(); step != compiled.plan.steps.rend(); ++step)
    for (const auto& piece : step->back)
      if (!may_be_gone(piece)) add_changes(piece, back);
  runtime::Executor executor(
      target, [](const runtime::Event&) {}, [] { return 0; });
  auto from = server.log().size();
  runtime::ApplyOptions options;
  options.through = sql::Phase::contract;
  const auto applied = executor.apply(compiled.plan, options);
  CAPTURE(applied.what);
  CHECK(applied.exit == 0);
  CHECK(changes(server.logged_statements(from, before.server.database)) == there);
  from = server.log().size();
  const auto undone = executor.rollback("law", plan::journal::State::pending);
  CAPTURE(undone.what);
  // Where a step has no way back, that is said before anything is changed.
  if (plan::reversibility(compiled.plan) == sql::Reversibility::irreversible) {
    CHECK(undone.code == "R0805");
    CHECK(changes(server.logged_statements(from, before.server.database)).empty());
    return;
  }
  CHECK(undone.exit == 0);
  CHECK(changes(server.logged_statements(from, before.server.database)) == back);
  for (const auto& d : catalog::diff(runtime::introspect(target), before))
    FAIL_CHECK(d.key << " " << d.field << ": " << d.left << " was " << d.right);
}

}  // namespace

TEST_CASE("the server logs what the plan says, on the way there and back") {
  Server server;
  for (const auto* operation : operations::all()) {
    CAPTURE(operation->name);
    check_log(*operation, server);
  }
}

TEST_CASE("every operation keeps every law on every shape") {
  Table table;
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    run_all(server, table);
  }
  fmt::print("{}", table.text());
  const bool whole = std::getenv("MIG_LAW_ONLY") == nullptr && std::getenv("MIG_LAW_SAMPLE") == nullptr;
  for (const auto& failure : table.failures(whole)) FAIL_CHECK(failure);
}

}  // namespace mig::tests::laws
