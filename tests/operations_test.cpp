// Golden files of the operations: the plan of each example, and what is said about mistakes.
//
// tests/cases/operations/<name>.mig holds mistakes: parts that begin with `-- case: title`, each the inside of a phase;
// `-- contract` in a part puts it into contract, `-- sql: …` lines change the example world before.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "compiler/compile.hpp"
#include "compiler/diagnostics/render.hpp"
#include "runtime/introspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/laws.hpp"
#include "tests/support/plan_text.hpp"

namespace mig::tests {

namespace {

namespace fs = std::filesystem;

const fs::path cases = fs::path(MIG_SOURCE_DIR) / "tests/cases/operations";

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void compare(const fs::path& path, const std::string& text) {
  if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(path) << text;
  CAPTURE(path.filename().string());
  CHECK(read(path) == text);
}

const catalog::Catalog& catalog_of(const std::string& extra) {
  static std::map<std::string, catalog::Catalog> known;
  const auto found = known.find(extra);
  if (found != known.end()) return found->second;
  const auto target = server().database(laws::read_source("tests/support/world.sql") + extra);
  return known[extra] = runtime::introspect(target);
}

struct Mistake {
  std::string title, text, sql;
  std::string phase = "expand";
};

std::vector<Mistake> mistakes(const std::string& file) {
  std::vector<Mistake> all;
  std::istringstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("-- case: ", 0) == 0)
      all.push_back({line.substr(9), {}, {}});
    else if (all.empty())
      continue;
    else if (line.rfind("-- sql: ", 0) == 0)
      all.back().sql += line.substr(8) + "\n";
    else if (line == "-- contract")
      all.back().phase = "contract";
    else
      all.back().text += "  " + line + "\n";
  }
  return all;
}

std::string diagnose(const Mistake& mistake) {
  Input input;
  input.files = {{"case.mig", "migration m { " + mistake.phase + " {\n" + mistake.text + "} }\n"}};
  input.catalog = catalog_of(mistake.sql);
  const auto out = compile(std::move(input));
  const auto said = diagnostics::render(out.diagnostics.list(), out.files, {});
  return "== " + mistake.title + "\n" + (said.empty() ? "(nothing)\n" : said) + "\n";
}

}  // namespace

TEST_CASE("the plan of every example is the one that was looked at") {
  for (const auto* operation : operations::all()) {
    const auto compiled = laws::compile_example(operation->example, catalog_of(""));
    CAPTURE(operation->name, compiled.problem);
    CHECK(compiled.problem.empty());
    compare(cases / (std::string(operation->name) + ".plan"), plan_text(compiled.plan));
  }
}

TEST_CASE("mistakes get the diagnostics that were looked at") {
  for (const auto* operation : operations::all()) {
    const auto file = read(cases / (std::string(operation->name) + ".mig"));
    std::string said;
    for (const auto& mistake : mistakes(file)) said += diagnose(mistake);
    CAPTURE(operation->name);
    CHECK_FALSE(said.empty());
    compare(cases / (std::string(operation->name) + ".expected"), said);
  }
}

}  // namespace mig::tests
