// docs/errors.md is what codes.def says.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/explanations.hpp"
#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/diagnostics/error_index.hpp"
#include "tests/support/catch.hpp"

using namespace mig::diagnostics;

TEST_CASE("docs/errors.md is current") {
  const std::string path = std::string(MIG_SOURCE_DIR) + "/docs/errors.md";
  if (const auto* update = std::getenv("MIG_UPDATE"); update != nullptr && std::string(update) == "1")
    std::ofstream(path) << error_index();
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  INFO("MIG_UPDATE=1 build/dev/tests/error_index_test writes it");
  CHECK(text.str() == error_index());
}

TEST_CASE("the index has every code, once") {
  const auto page = error_index();
  for (const auto* code : all_codes()) {
    const auto row = std::string("| ") + code->id + " | `" + code->name + "` |";
    INFO(row);
    const auto found = page.find(row);
    REQUIRE(found != std::string::npos);
    CHECK(page.find(row, found + 1) == std::string::npos);
  }
}

TEST_CASE("mig explain has more to say about every code") {
  for (const auto* code : all_codes()) {
    CAPTURE(code->id);
    CHECK(mig::cli::explanation(code->id).size() > 40);
  }
}
