// The parser on texts that nobody would write: depth, length, random tokens, mutated files.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/parse_one.hpp"

using namespace mig;
using namespace mig::tests;

namespace {

double seconds_to_parse(const std::string& text) {
  const auto begin = std::clock();
  (void)parse_text(text, wide_vocabulary());
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string made;
  made.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) made += text;
  return made;
}

const std::vector<std::string> whole_files{"constructs",
                                           "whatsapp",
                                           "drugs_ng",
                                           "localpower",
                                           "flux_studio",
                                           "zzik_20251029_webhook_events",
                                           "zzik_20251112_new_email",
                                           "zzik_20251120_phone_number"};

}  // namespace

TEST_CASE("nesting and height are bounded, and said") {
  const auto codes = [](const std::string& text) {
    std::string made;
    const auto parsed = parse_text(text, wide_vocabulary());
    for (const auto& one : parsed.sink.list()) made += std::string(one.code->id) + " ";
    return made;
  };
  const auto check = [](const std::string& expression) { return "add check on t (" + expression + ");"; };
  const std::size_t many = 40000;
  CHECK(codes(check(repeated("(", 150) + "1" + repeated(")", 150))) == "");
  CHECK(codes(check(repeated("(", many) + "1" + repeated(")", many))) == "E0104 ");
  CHECK(codes(check(repeated("f(", many))) == "E0104 ");
  CHECK(codes(check(repeated("row(", many))) == "E0104 ");
  CHECK(codes(check(repeated("array[", many))) == "E0104 ");
  CHECK(codes(check(repeated("case when ", many))) == "E0104 ");
  CHECK(codes(check(repeated("a::numeric(", many))) == "E0104 ");
  CHECK(codes("source s = json 'x' { a " + repeated("[", many) + "; }") == "E0104 ");
  CHECK(codes(check("1" + repeated(" + 1", 200000))) == "E0104 ");
  CHECK(codes(check(repeated("not ", 20000) + "a")) == "E0104 ");
  CHECK(codes(check("a" + repeated("::int", 20000))) == "E0104 ");
  CHECK(codes(check("a" + repeated("[1]", 20000))) == "E0104 ");
  CHECK(codes(check("a" + repeated(" is null", 20000))) == "E0104 ");
  CHECK(codes(check("1" + repeated(" + 1", 900))) == "");
  CHECK(codes(check("a" + repeated(" or a = 1 and b", 20000))) == "");
  CHECK(codes(check("a in (1" + repeated(", 1", 100000) + ")")) == "");
  CHECK_FALSE(codes("migration m {" + repeated("when server > 1 {", many)).empty());
  CHECK_FALSE(codes(repeated("map a -> b { ", many)).empty());
  CHECK_FALSE(codes(repeated("step x {", many)).empty());
}

TEST_CASE("no text takes more than linear time") {
  // Each is repeated 500 and 4,000 times: eight times the text may take eight times as long, and some.
  const std::vector<std::string> patterns{"a ",
                                          "( ",
                                          "((select ",
                                          "$a ",
                                          "'a' ",
                                          "{ ",
                                          "} ",
                                          "{ } ",
                                          "; ",
                                          "/* */ ",
                                          "-- x\n",
                                          "add column ",
                                          "add index on t (a) where a > 0;\n",
                                          "add column a.b int\n",
                                          "not ",
                                          "map a -> b { ",
                                          "migration m { ",
                                          "f(a, ",
                                          "source s = json 'x' { a [ { ",
                                          "check (a > ",
                                          "when server > 1 { ",
                                          "values ",
                                          "a between ",
                                          "frobnicate;\n",
                                          "add check on t (x::int(y",
                                          "\"a\".",
                                          "1 + ",
                                          "step x { ",
                                          "[ "};
  for (const auto& pattern : patterns)
    for (const std::string head : {"", "add check on t (", "migration m { expand { ", "source s = json 'x' { "}) {
      INFO(head << pattern);
      const auto small = seconds_to_parse(head + repeated(pattern, 500));
      const auto large = seconds_to_parse(head + repeated(pattern, 4000));
      CHECK(large < 24 * small + 0.1);
    }
}

namespace {

const std::vector<std::string>& soup_tokens() {
  static const std::vector<std::string> tokens{
      "migration", "m",         "{",      "}",      "(",        ")",        "[",       "]",      ";",        ",",
      ".",         "expand",    "verify", "map",    "->",       "<->",      "=",       "else",   "reject",   "key",
      "on",        "duplicate", "'text'", "\"Q\"",  "$$x$$",    "1",        "5min",    "0.5%",   "add",      "column",
      "index",     "create",    "table",  "int",    "not",      "null",     "default", "select", "case",     "when",
      "then",      "end",       "and",    "or",     "between",  "in",       "is",      "::",     "*",        "+",
      "-",         "?",         "values", "from",   "to",       "source",   "json",    "step",   "function", "returns",
      "policy",    "expect",    "none",   "match",  "with",     "live",     "comment", "set",    "row",      "array",
      "interval",  "over",      "filter", "accept", "loss",     "contract", "after",   "back",   "'",        "$a$",
      "/*",        "--",        "\n",     "\t",     "\xC3\xA9", "E'\\u'",   ":=",      "=>"};
  return tokens;
}

// Everything a caller relies on, whatever the text is.
void check_sound(const std::string& text) {
  const auto parsed = parse_text(text, wide_vocabulary());
  for (const auto& one : parsed.sink.list()) {
    REQUIRE(one.primary);
    if (one.primary->span.begin > one.primary->span.end || one.primary->span.end > text.size() || one.message.empty())
      FAIL("bad diagnostic: " << one.message << "\n" << text);
  }
}

}  // namespace

TEST_CASE("random token soup and mutated files terminate and never crash") {
  const auto seed = std::random_device{}();
  std::printf("syntax_limits_test: seed %u\n", seed);
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  for (int i = 0; i < 1500; ++i) {
    std::string text;
    for (auto count = pick(120); count > 0; --count)
      text += soup_tokens()[pick(soup_tokens().size())] + (pick(5) ? " " : "");
    check_sound(text);
  }
  std::vector<std::string> files;
  for (const auto& name : whole_files) files.push_back(read_file("cases/syntax/" + name + ".mig"));
  files.push_back(read_file("cases/syntax/mistakes.mig"));
  for (int i = 0; i < 400; ++i) {
    auto text = files[pick(files.size())];
    for (auto count = 1 + pick(6); count > 0 && !text.empty(); --count) {
      const auto at = pick(text.size());
      const auto length = std::min<std::size_t>(pick(40), text.size() - at);
      switch (pick(5)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, soup_tokens()[pick(soup_tokens().size())]);
          break;
        case 2:
          text.insert(at, text.substr(pick(text.size()), length));
          break;
        case 3:
          text[at] = static_cast<char>(pick(256));
          break;
        default:
          text.resize(at + 1);
      }
    }
    check_sound(text);
  }
  SUCCEED();
}
