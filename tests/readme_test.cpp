// The tour in README.md: what is typed there prints what stands there.
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/transcript.hpp"

using namespace mig;

namespace {

// Blocks that begin with a command line.
std::string tour() {
  std::ifstream in(std::string(MIG_SOURCE_DIR) + "/README.md");
  std::string text, block;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) != 0) {
      if (inside) block += line + "\n";
      continue;
    }
    if (inside && block.rfind("$ ", 0) == 0 && block.find("mig apply") != std::string::npos) text += block;
    block.clear();
    inside = !inside;
  }
  return text;
}

// As a transcript: `$ cat FILE` makes the file; times, and the server's version, are those of the day.
std::string transcript(const std::string& text) {
  static const std::regex moving(" +[0-9.]+ m?s$|[0-9.]+ m?s$| +run [0-9]+$"), version("PostgreSQL [0-9.]+");
  std::istringstream in(
      std::regex_replace(text, std::regex("\n+\\$ "), "\n$ "));  // an empty line before a command is air
  std::string made = "# The tour of README.md\n";
  bool file = false;
  for (std::string line; std::getline(in, line);) {
    const bool command = line.rfind("$ ", 0) == 0;
    if (file && !command) {
      made += line + "\n";
      continue;
    }
    if (file) made += ">>>\n";
    file = line.rfind("$ cat ", 0) == 0;
    if (file)
      made += "<<< " + line.substr(6) + "\n";
    else if (command)
      made += line + " 2>&1\n";
    else
      made += "| " + std::regex_replace(std::regex_replace(line, moving, "{*}"), version, "PostgreSQL {*}") + "\n";
  }
  return made + "$ mig sandbox --reset > reset 2>&1\n";
}

}  // namespace

TEST_CASE("the tour of README.md prints what it says") {
  const auto text = tour();
  REQUIRE(text.find("$ mig rollback") != std::string::npos);
  const tests::Scratch scratch;
  const auto path = (scratch.path() / "tour.txt").string();
  std::ofstream(path) << transcript(text);
  INFO(transcript(text));
  CHECK(tests::run_transcript(path) == "");
}
