// The registry of operations: every entry has its file, its section in the manual and its cases, and its form keeps the
// laws of forms.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "compiler/operations/docs.hpp"
#include "compiler/operations/operation.hpp"
#include "tests/support/catch.hpp"

namespace mig::tests {

namespace {

namespace fs = std::filesystem;

const fs::path root = MIG_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

bool updating() { return std::getenv("MIG_UPDATE") != nullptr; }

std::set<std::string> names() {
  std::set<std::string> all;
  for (const auto* operation : operations::all()) all.insert(operation->name);
  return all;
}

}  // namespace

TEST_CASE("every operation is defined in the file of its name") {
  for (const auto* operation : operations::all()) {
    CAPTURE(operation->name);
    const auto text = read(root / "compiler/operations" / (std::string(operation->name) + ".cpp"));
    CHECK(text.find(std::string("constinit const Operation ") + operation->name + " =") != std::string::npos);
    CHECK(text.find(std::string(".name = \"") + operation->name + "\"") != std::string::npos);
  }
}

TEST_CASE("no file defines an operation that the list leaves out") {
  for (const auto& entry : fs::directory_iterator(root / "compiler/operations")) {
    if (entry.path().extension() != ".cpp") continue;
    if (read(entry.path()).find("constinit const Operation ") == std::string::npos) continue;
    CAPTURE(entry.path().filename().string());
    CHECK(names().count(entry.path().stem().string()) == 1);
  }
}

TEST_CASE("names are unique and every part of an entry is there") {
  CHECK(names().size() == operations::all().size());
  for (const auto* operation : operations::all()) {
    CAPTURE(operation->name);
    CHECK(operations::find(operation->name) == operation);
    CHECK(std::string(operation->summary).back() == '.');
    CHECK(std::string(operation->description).size() > 40);
    CHECK(std::string(operation->example).back() == ';');
    CHECK(operation->check != nullptr);
    CHECK(operation->breaks != nullptr);
    CHECK(operation->effect != nullptr);
    CHECK(operation->steps != nullptr);
  }
}

TEST_CASE("every form reads and keeps the laws of forms") {
  std::vector<grammar::Form> forms;
  for (const auto* operation : operations::all()) {
    CAPTURE(operation->name);
    std::string problem;
    const auto form = grammar::read_form(operation->form, problem);
    CAPTURE(problem);
    REQUIRE(form);
    forms.push_back(*form);
  }
  for (std::size_t i = 0; i < forms.size(); ++i) {
    auto others = forms;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    for (const auto& breach : grammar::breaches(forms[i], others)) FAIL_CHECK(forms[i].text << ": " << breach);
  }
}

TEST_CASE("every operation has its cases") {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(root / "tests/cases/operations")) {
    CAPTURE(entry.path().filename().string());
    CHECK(names().count(entry.path().stem().string()) == 1);
    files.insert(entry.path().filename().string());
  }
  for (const auto& name : names()) {
    CAPTURE(name);
    CHECK(files.count(name + ".mig") == 1);       // mistakes
    CHECK(files.count(name + ".expected") == 1);  // what is said about them
    CHECK(files.count(name + ".plan") == 1);      // the plan of the example
  }
}

TEST_CASE("the manual of operations is current") {
  const auto path = root / "docs/operations.md";
  const auto page = operations::operations_page();
  if (updating()) std::ofstream(path) << page;
  CHECK(read(path) == page);
}

}  // namespace mig::tests
