// The table operation x law x shape, and the one list of cells that are not run.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

constexpr const char* list_path = "tests/cases/laws/not_run.txt";

bool fits(const std::string& pattern, const std::string& value) { return pattern == "*" || pattern == value; }

}  // namespace

const char* to_string(Law law) {
  static constexpr const char* names[] = {"example", "effect", "inverse", "lock", "probe", "text", "refused"};
  return names[static_cast<std::size_t>(law)];
}

std::vector<NotRun> read_not_run() {
  std::vector<NotRun> list;
  std::istringstream in(read_source(list_path));
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error(std::string(list_path) + ": no reason in: " + line);
    NotRun entry;
    std::istringstream words(line.substr(0, colon));
    words >> entry.operation >> entry.law >> entry.shape;
    if (!(words >> entry.major)) entry.major = "*";
    entry.reason = line.substr(colon + 2);
    list.push_back(entry);
  }
  return list;
}

void Table::add(const std::string& operation, const std::string& shape, int major, const Verdicts& verdicts) {
  for (const auto& [law, why] : verdicts) {
    auto& count = counts_[{operation, law}][shape];
    const auto listed = std::find_if(not_run_.begin(), not_run_.end(), [&, law_ = law](const NotRun& entry) {
      return fits(entry.operation, operation) && fits(entry.law, to_string(law_)) && fits(entry.shape, shape) &&
             fits(entry.major, std::to_string(major));
    });
    const std::string cell = fmt::format("{} {} {} {}", operation, to_string(law), shape, major);
    if (listed != not_run_.end()) {
      listed->used = true;
      ++count.not_run;
      if (why.empty()) failures_.push_back(cell + " passes, but " + list_path + " lists it: " + listed->reason);
    } else if (why.empty()) {
      ++count.passed;
    } else {
      ++count.failed;
      failures_.push_back(cell + ": " + why);
    }
  }
}

std::string Table::text() const {
  std::set<std::string> shapes;
  for (const auto& [key, row] : counts_)
    for (const auto& [shape, count] : row) shapes.insert(shape);
  std::string text = fmt::format("{:<22}{:<9}", "operation", "law");
  for (const auto& shape : shapes) text += fmt::format("{:>13}", shape);
  text += "\n";
  int passed = 0, failed = 0, skipped = 0;
  for (const auto& [key, row] : counts_) {
    text += fmt::format("{:<22}{:<9}", key.first, to_string(key.second));
    for (const auto& shape : shapes) {
      const auto found = row.find(shape);
      const Count count = found == row.end() ? Count{} : found->second;
      passed += count.passed, failed += count.failed, skipped += count.not_run;
      const std::string cell = count.failed > 0    ? fmt::format("{} BROKEN", count.failed)
                               : count.not_run > 0 ? fmt::format("{} not run", count.not_run)
                               : count.passed > 0  ? fmt::format("{} ok", count.passed)
                                                   : "";
      text += fmt::format("{:>13}", cell);
    }
    text += "\n";
  }
  text += fmt::format("cells: {} passed, {} broken\ncells not run: {}\n", passed, failed, skipped);
  for (const auto& entry : not_run_)
    if (entry.used)
      text += fmt::format("  {} {} {}{}: {}\n", entry.operation, entry.law, entry.shape,
                          entry.major == "*" ? "" : " " + entry.major, entry.reason);
  return text;
}

std::vector<std::string> Table::failures(bool whole) const {
  auto result = failures_;
  for (const auto& entry : not_run_)
    if (whole && !entry.used && entry.major == "*")
      result.push_back(fmt::format("{}: no cell fits: {} {} {}", list_path, entry.operation, entry.law, entry.shape));
  return result;
}

}  // namespace mig::tests::laws
