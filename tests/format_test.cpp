// mig fmt: cases with their expected text, and what holds for every text: nothing but white space changes, and once is
// enough.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "compiler/syntax/format.hpp"
#include "compiler/syntax/token.hpp"
#include "tests/support/catch.hpp"

using namespace mig::syntax;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files_of(const std::string& folder, const std::string& ending) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(MIG_SOURCE_DIR) / folder))
    if (entry.path().extension() == ending) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// Tokens and comments in order, each by kind and bytes.
std::vector<std::pair<TokenKind, std::string>> content(std::string_view text) {
  std::vector<std::pair<TokenKind, std::string>> result;
  for (const auto& token : tokenize(text))
    if (token.kind != TokenKind::blank) result.emplace_back(token.kind, token.text(text));
  return result;
}

bool is_tokens(std::string_view text) {
  const auto all = tokenize(text);
  return std::none_of(all.begin(), all.end(), [](const Token& token) { return token.kind == TokenKind::error; });
}

void check_laws(std::string_view text) {
  const auto once = format(text);
  REQUIRE(once.has_value() == is_tokens(text));
  if (!once) return;
  CHECK(content(*once) == content(text));
  CHECK(format(*once) == once);
  CHECK(once->find(" \n") == std::string::npos);
}

}  // namespace

TEST_CASE("the cases are formatted as expected") {
  const auto cases = files_of("tests/cases/format", ".mig");
  REQUIRE(cases.size() >= 5);
  for (const auto& path : cases) {
    INFO(path.filename().string());
    auto expected_path = path;
    expected_path.replace_extension(".expected");
    const auto formatted = format(read(path));
    REQUIRE(formatted);
    CHECK(*formatted == read(expected_path));
    CHECK(format(*formatted) == formatted);
  }
}

TEST_CASE("every .mig file keeps its tokens and comments, and is formatted once and for all") {
  std::size_t seen = 0;
  for (const auto* folder : {"tests", "examples"})
    for (const auto& path : files_of(folder, ".mig")) {
      INFO(path.string());
      const auto text = read(path);
      const auto once = format(text);
      REQUIRE(once.has_value() == is_tokens(text));
      if (!once) continue;
      CHECK(content(*once) == content(text));
      CHECK(format(*once) == once);
      ++seen;
    }
  CHECK(seen > 5);
}

TEST_CASE("random rows of tokens obey the same laws") {
  const std::vector<std::string> words{"migration",
                                       "add",
                                       "column",
                                       "create",
                                       "table",
                                       "a",
                                       "\"b\"",
                                       "'s'",
                                       "E'\\''",
                                       "$$x\ny$$",
                                       "1",
                                       "1.5",
                                       "250ms",
                                       "$1",
                                       ".",
                                       ",",
                                       ";",
                                       ";",
                                       "(",
                                       ")",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       "{\n",
                                       "\n}\n",
                                       "::",
                                       ":=",
                                       "=>",
                                       "=",
                                       "->",
                                       "<->",
                                       "-",
                                       "+",
                                       "*",
                                       "%",
                                       "?",
                                       "@>",
                                       "||",
                                       ":",
                                       "-- c\n",
                                       "/* d */",
                                       "/* /* */ \n */",
                                       "source",
                                       "values",
                                       "select",
                                       "'two\nlines'"};
  const std::vector<std::string> gaps{" ", " ", " ", "\n", "\n\n\n", "  ", "\t", "\r\n", " \n "};
  std::mt19937 random(20251120);  // a fixed seed: the same texts in every run
  const auto any = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
  for (int run = 0; run < 3000; ++run) {
    std::string text;
    for (auto left = random() % 60; left > 0; --left) {
      text += any(words);
      if (random() % 4 != 0) text += any(gaps);
    }
    INFO(text);
    const auto once = format(text);
    REQUIRE(once.has_value() == is_tokens(text));
    if (!once) continue;
    REQUIRE(content(*once) == content(text));
    REQUIRE(format(*once) == once);
  }
}

TEST_CASE("what does not tokenise is not formatted") {
  CHECK_FALSE(format("comment on table t is 'open"));
  CHECK_FALSE(format("/* open /* nested */"));
  CHECK_FALSE(format("sql $$ open $x$"));
  CHECK_FALSE(format("drop table \"open"));
  CHECK_FALSE(format("drop table \\"));
}

TEST_CASE("small texts") {
  CHECK(format("") == "");
  CHECK(format(" \n\n ") == "");
  CHECK(format("\xEF\xBB\xBFuse a;") == "use a;\n");
  CHECK(format("drop table a;\r\n\r\n\r\ndrop table b;\r\n") == "drop table a;\n\ndrop table b;\n");
  CHECK(format("-- only a comment") == "-- only a comment\n");
  check_laws("}}} ))) {{{ (((");
  check_laws("values v from text to text {\n  'a' -> ;\n  'bc' <->;\n}");  // an arrow with nothing behind it
  check_laws("a ] b } c ) ; -- d");
}

TEST_CASE("no nesting makes it slow, or the result out of proportion") {
  const auto repeated = [](const std::string& word, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += word;
    return text;
  };
  for (const auto& text :
       {repeated("{", 50'000), repeated("(", 50'000), repeated("(\n", 20'000), repeated("a(", 50'000),
        repeated("[", 50'000) + repeated(")", 50'000), repeated("(", 50'000) + repeated("}", 50'000)}) {
    const auto once = format(text);
    REQUIRE(once);
    CHECK(once->size() < text.size() * 200);
  }
}
