// The registry of hazards and its manual.
#include "compiler/hazards/hazard.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace mig;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("each hazard has a code and a name of its own, and a file of that name") {
  std::set<std::string> codes, names;
  for (const auto* hazard : hazards::all()) {
    CAPTURE(hazard->code.name);
    CHECK(codes.insert(hazard->code.id).second);
    CHECK(names.insert(hazard->code.name).second);
    CHECK(hazard->code.id[0] == 'H');
    CHECK(hazard->code.severity != diagnostics::Severity::error);
    std::string file(hazard->code.name);
    for (auto& c : file)
      if (c == '-') c = '_';
    CHECK_FALSE(read(std::string(MIG_SOURCE_DIR) + "/compiler/hazards/" + file + ".cpp").empty());
  }
}

TEST_CASE("docs/hazards.md is what the registry says") {
  const auto path = std::string(MIG_SOURCE_DIR) + "/docs/hazards.md";
  if (std::getenv("MIG_UPDATE") != nullptr) std::ofstream(path) << hazards::documentation();
  CHECK(read(path) == hazards::documentation());
}

TEST_CASE("settings are read as SHOW prints them") {
  catalog::Server server;
  const auto ms = [&](const char* text) {
    server.settings["t"] = text;
    return hazards::setting_ms(server, "t", -1);
  };
  CHECK(ms("1s") == 1000);
  CHECK(ms("200ms") == 200);
  CHECK(ms("2min") == 120000);
  CHECK(ms("0") == 0);
  CHECK(ms("1d") == 86400000);
  CHECK(ms("many") == -1);
  CHECK(hazards::setting_ms(server, "none", 7) == 7);
}
