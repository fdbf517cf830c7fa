// The examples of docs/language.md parse and are formatted; the page names every kind of argument and every operation.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/diagnostics/render.hpp"
#include "compiler/operations/operation.hpp"
#include "compiler/syntax/format.hpp"
#include "compiler/syntax/parse.hpp"
#include "tests/support/catch.hpp"

using namespace mig;

namespace {

std::string page() {
  std::ifstream file(std::string(MIG_SOURCE_DIR) + "/docs/language.md");
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The blocks fenced as ```mig.
std::vector<std::string> examples() {
  std::vector<std::string> found;
  const auto text = page();
  const std::string open = "```mig\n", close = "```\n";
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const auto end = text.find(close, at);
    REQUIRE(end != std::string::npos);
    found.push_back(text.substr(at, end - at));
  }
  return found;
}

}  // namespace

TEST_CASE("the examples of docs/language.md parse, and mig fmt leaves them as they are") {
  const auto all = examples();
  REQUIRE(all.size() >= 4);
  for (const auto& example : all) {
    source::Files files;
    const auto file = files.add("docs/language.md", example);
    diagnostics::Sink sink;
    const auto tree = syntax::parse(files, file, operations::vocabulary(), sink);
    INFO(diagnostics::render(sink.list(), files, {}));
    CHECK_FALSE(sink.has_errors());
    CHECK_FALSE(tree.items.empty());
    CHECK(syntax::format(example) == example);
  }
}

TEST_CASE("docs/language.md names every kind and every operation") {
  const auto text = page();
#define MIG_KIND(kind) #kind,
  for (const std::string kind : {MIG_ARGUMENT_KINDS(MIG_KIND)}) {
    INFO(kind);
    CHECK(text.find("`" + kind + "`") != std::string::npos);
  }
#undef MIG_KIND
  for (const auto& form : operations::vocabulary().forms) {
    std::string phrase;
    for (const auto& word : form.phrase) phrase += (phrase.empty() ? "" : " ") + word;
    INFO(phrase);
    CHECK(text.find("`" + phrase) != std::string::npos);
  }
}
