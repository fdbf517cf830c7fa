// Tokens: PostgreSQL's lexical rules, and no byte lost.
#include <random>
#include <string>

#include "compiler/syntax/token.hpp"
#include "tests/support/catch.hpp"

using namespace mig::syntax;
using Tokens = std::vector<std::pair<TokenKind, std::string>>;

namespace {

Tokens read(const std::string& text) {
  Tokens result;
  for (const auto& token : tokenize(text))
    if (token.kind != TokenKind::blank) result.emplace_back(token.kind, token.text(text));
  return result;
}

// The texts alone, joined by a bar of blanks.
std::string shown(const std::string& text) {
  std::string result;
  for (const auto& [kind, word] : read(text)) result += (result.empty() ? "" : "  ") + word;
  return result;
}

TokenKind kind_of(const std::string& text) {
  const auto tokens = read(text);
  REQUIRE(tokens.size() == 1);
  return tokens[0].first;
}

}  // namespace

TEST_CASE("each kind") {
  CHECK(kind_of("phone_number$1") == TokenKind::word);
  CHECK(kind_of("straße") == TokenKind::word);
  CHECK(kind_of("\"say \"\"hi\"\"\"") == TokenKind::quoted);
  CHECK(kind_of("U&\"\\0041\"") == TokenKind::quoted);
  CHECK(kind_of("'it''s'") == TokenKind::string);
  CHECK(kind_of("'a\\'") == TokenKind::string);
  CHECK(kind_of("B'101'") == TokenKind::string);
  CHECK(kind_of("x'1F'") == TokenKind::string);
  CHECK(kind_of("E'it\\'s'") == TokenKind::escape_string);
  CHECK(kind_of("$$a $x$ b$$") == TokenKind::body);
  CHECK(kind_of("$tag$ $$ $tag$") == TokenKind::body);
  CHECK(kind_of("250ms") == TokenKind::number);
  CHECK(kind_of("1.5e-3") == TokenKind::number);
  CHECK(kind_of(".5") == TokenKind::number);
  CHECK(kind_of("$1") == TokenKind::number);
  CHECK(kind_of("-- to the end") == TokenKind::comment);
  CHECK(kind_of("/* a /* b */ c */") == TokenKind::comment);
}

TEST_CASE("operators are cut as PostgreSQL cuts them") {
  CHECK(shown("a=-1") == "a  =  -  1");
  CHECK(shown("a@-1") == "a  @-  1");
  CHECK(shown("a<->b") == "a  <->  b");
  CHECK(shown("a->>'b'") == "a  ->>  'b'");
  CHECK(shown("a*/*c*/b") == "a  *  /*c*/  b");
  CHECK(shown("a+--c\nb") == "a  +  --c  b");
  CHECK(shown("f(a=>1)") == "f  (  a  =>  1  )");
  CHECK(read("=>")[0].first == TokenKind::punctuation);
  CHECK(read("<=>")[0].first == TokenKind::operator_);
  CHECK(shown("a::int[1:2]") == "a  ::  int  [  1  :  2  ]");
  CHECK(shown("x := 1") == "x  :=  1");
  CHECK(shown("80%;") == "80  %  ;");
  CHECK(shown("text?;") == "text  ?  ;");
}

TEST_CASE("numbers end where PostgreSQL ends them, or take what stands right behind as a unit") {
  CHECK(shown("1..2") == "1  .  .2");
  CHECK(shown("t.1") == "t  .1");
  CHECK(shown("5min 0.1%") == "5min  0.1  %");
  CHECK(shown("1e5x 1ex") == "1e5x  1ex");
}

TEST_CASE("what is not closed is an error to its end, and says so") {
  for (const std::string text : {"'open", "\"open", "E'open\\'", "/* open /* */", "$a$ open $b$", "U&'open", "E'\\"}) {
    INFO(text);
    const auto tokens = tokenize(text);
    REQUIRE(tokens.size() == 1);
    CHECK(tokens[0].kind == TokenKind::error);
    CHECK(tokens[0].problem.find("not closed") != std::string::npos);
  }
  CHECK(kind_of("\\") == TokenKind::error);
  CHECK(shown("a $ b") == "a  $  b");
}

TEST_CASE("tokens are the whole text, whatever it is") {
  std::mt19937 random(7);
  const std::string signs = "ab1'\"$E/*-+=:.;(){}[]\\ \n\t\xC3\xA4%@u&x";
  for (int run = 0; run < 5000; ++run) {
    std::string text;
    for (auto left = random() % 40; left > 0; --left) text += signs[random() % signs.size()];
    INFO(text);
    std::string together;
    std::uint32_t at = 0;
    for (const auto& token : tokenize(text)) {
      REQUIRE(token.begin == at);
      REQUIRE(token.end > token.begin);
      together += token.text(text);
      at = token.end;
    }
    REQUIRE(together == text);
  }
}
