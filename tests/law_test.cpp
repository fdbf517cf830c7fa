// The laws of operations: every entry of the registry x every law x every shape x every server, and the table of cells.
#include <fmt/core.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

struct Cell {
  const Example* example;
  const Shape* shape;
};

// MIG_LAW_ONLY="add_index partitioned": only cells with these words, while working on one of them.
bool wanted(const Cell& cell) {
  const auto* only = std::getenv("MIG_LAW_ONLY");
  if (only == nullptr) return true;
  std::istringstream words(only);
  for (std::string word; words >> word;)
    if (word != cell.example->name && word != cell.shape->name) return false;
  return true;
}

void run_all(Server& server, Table& table) {
  (void)server.run("create role law_stranger login");
  const auto all_shapes = shapes(server.major());
  std::vector<Cell> cells;
  const auto examples = all_examples();
  for (const auto& example : examples)
    for (const auto& shape : all_shapes)
      if (const Cell cell{&example, &shape}; wanted(cell)) cells.push_back(cell);
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

}  // namespace

TEST_CASE("every operation keeps every law on every shape") {
  Table table;
  for (const auto& bin : all_servers()) {
    Server server({bin, "none", {}});
    run_all(server, table);
  }
  fmt::print("{}", table.text());
  if (std::getenv("MIG_LAW_ONLY") != nullptr) WARN("only some cells were run");
  for (const auto& failure : table.failures()) FAIL_CHECK(failure);
}

}  // namespace mig::tests::laws
