// docs/cli.md is what `mig help` says.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/help.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("docs/cli.md is current") {
  const std::string path = std::string(MIG_SOURCE_DIR) + "/docs/cli.md";
  const auto manual = mig::cli::help_manual();
  if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(path) << manual;
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  INFO("MIG_UPDATE=1 makes this test write it");
  CHECK(text.str() == manual);
}
