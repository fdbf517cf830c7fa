// The grammar itself: its rules always get on, its tokens are PostgreSQL's, its forms keep their laws.
#include <pg_query.h>

#include <set>
#include <sstream>
#include <tao/pegtl/contrib/analyze.hpp>

#include "grammar/expected.hpp"
#include "grammar/mig.hpp"
#include "grammar/scan.hpp"
#include "grammar/words.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/parse_one.hpp"

using namespace mig;
using namespace mig::grammar;

namespace {

std::vector<std::string> problems(const std::string& text, const std::vector<Form>& others = {}) {
  std::string problem;
  const auto form = read_form(text, problem);
  if (!form) return {problem};
  return breaches(*form, others);
}

std::set<std::string> rules_of_ebnf() {
  std::istringstream in(tests::read_file("../grammar/mig.ebnf"));
  std::set<std::string> names;
  for (std::string line; std::getline(in, line);) {
    const auto end = line.find(" = ");
    const auto name = line.substr(0, line.find(' '));
    if (end != std::string::npos && !name.empty() &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos)
      names.insert(name);
  }
  return names;
}

}  // namespace

TEST_CASE("no rule of the grammar can loop without taking a token") { CHECK(tao::pegtl::analyze<rules::file>(1) == 0); }

TEST_CASE("the rules of the parser are the rules of mig.ebnf") {
  const auto rules = rules_of_ebnf();
  CHECK(rules.size() > 150);
  // A rule in code whose name is not in the reference would be a construct that nobody can read about.
  const auto source = tests::read_file("../grammar/mig.hpp") + tests::read_file("../grammar/columns.hpp") +
                      tests::read_file("../grammar/expressions.hpp");
  std::istringstream in(source);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("struct ", 0) != 0 || line.find(" : ") == std::string::npos) continue;
    if (line.find(": hint<") != std::string::npos) continue;  // matches nothing, only helps a message
    if (line.rfind("struct block", 0) == 0) continue;         // written out in the reference
    auto name = line.substr(7, line.find(' ', 7) - 7);
    INFO(name);
    CHECK(rules.count(name) == 1);
    ++count;
  }
  CHECK(count > 150);
}

namespace {

// One token of PostgreSQL's scanner. Its result is a protobuf message; the few fields are read here by hand, so that no
// protobuf library is needed: ScanResult { tokens = 2 }, ScanToken { start = 1, end = 2, token = 4, keyword_kind = 5 }.
struct TheirToken {
  std::uint64_t start = 0, end = 0, token = 0, keyword = 0;
};

struct Reader {
  std::string_view bytes;
  std::size_t at = 0;
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.at(at++));
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80U) return value;
    }
  }
  std::string_view message() {
    const auto size = number();
    const auto part = bytes.substr(at, size);
    at += size;
    return part;
  }
};

std::vector<TheirToken> their_tokens(const std::string& text) {
  std::vector<TheirToken> made;
  const auto scanned = pg_query_scan(text.c_str());
  REQUIRE(scanned.error == nullptr);
  Reader result{{scanned.pbuf.data, scanned.pbuf.len}};
  while (result.at < result.bytes.size()) {
    const auto key = result.number();
    if ((key & 7U) != 2) {
      (void)result.number();
      continue;
    }
    Reader token{result.message()};
    TheirToken one;
    while (token.at < token.bytes.size()) {
      const auto field = token.number() >> 3U;
      (field == 1 ? one.start : field == 2 ? one.end : field == 4 ? one.token : one.keyword) = token.number();
    }
    constexpr std::uint64_t sql_comment = 275, c_comment = 276;
    if (one.token != sql_comment && one.token != c_comment) made.push_back(one);
  }
  pg_query_free_scan_result(scanned);
  return made;
}

}  // namespace

TEST_CASE("our tokens begin and end where PostgreSQL's do, and the same words are reserved") {
  std::istringstream in(tests::read_file("cases/syntax/expressions.txt"));
  for (std::string line; std::getline(in, line);) {
    // N'text' is one token of ours and two of PostgreSQL's scanner.
    if (line.rfind("# ", 0) == 0 || line.rfind("N'", 0) == 0) continue;
    INFO(line);
    const auto theirs = their_tokens(line);
    const auto ours = tokenise(line);
    REQUIRE(ours.list.size() == theirs.size() + 1);
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      constexpr std::uint64_t type_or_function = 3, reserved_word = 4;
      const auto& lexeme = ours.list[i];
      CHECK(lexeme.begin == theirs[i].start);
      CHECK(lexeme.end == theirs[i].end);
      const bool is_reserved = theirs[i].keyword == type_or_function || theirs[i].keyword == reserved_word;
      if (lexeme.token == Token::word) CHECK(lexeme.reserved == is_reserved);
    }
  }
}

TEST_CASE("forms read into words, holes, options, repetitions and choices") {
  std::string problem;
  const auto form = read_form(
      "split column (source column) into|onto (first name) [at (separator string = ' )')] <a / b (c type)> [x (y "
      "value)]*",
      problem);
  INFO(problem);
  REQUIRE(form);
  CHECK(form->phrase == std::vector<std::string>{"split", "column"});
  REQUIRE(form->parts.size() == 6);
  CHECK(form->parts[0].kind == grammar::Kind::path);
  CHECK(form->parts[1].is == Part::Is::choice);
  CHECK(form->parts[3].is == Part::Is::optional);
  CHECK(form->parts[3].branches[0][1].fallback == "' )'");
  CHECK(form->parts[4].branches.size() == 2);
  CHECK(form->parts[5].is == Part::Is::repeated);
  CHECK(breaches(*form, {}).empty());
}

TEST_CASE("a form that does not read says why") {
  CHECK(problems("add (") == std::vector<std::string>{"expected the name of an argument after `(` at offset 5"});
  CHECK(problems("add (a frob)") == std::vector<std::string>{"no argument kind is named `frob` at offset 11"});
  CHECK(problems("(a name)") == std::vector<std::string>{"a form begins with a word, its verb"});
  CHECK(problems("add [a") == std::vector<std::string>{"expected `]` at offset 6"});
  CHECK(problems("add <a / >") == std::vector<std::string>{"an empty branch in `<…>` at offset 9"});
  CHECK(problems("add (a string = 'x)") ==
        std::vector<std::string>{"the string of a default is not closed at offset 19"});
  CHECK(problems("add a]") == std::vector<std::string>{"unexpected `]` at offset 5"});
}

TEST_CASE("the laws of forms") {
  CHECK(problems("add (a value) where (b value)").empty());
  CHECK(problems("add (a value) [not null]").empty());
  CHECK(problems("add (a value) at (b string)").empty());
  CHECK(problems("add [(name name)] on (t path)").empty());
  CHECK(problems("add (a value) and (b name)") ==
        std::vector<std::string>{"`and` after (a value) would continue the expression"});
  CHECK(problems("add (a value) [b] [not like]") ==
        std::vector<std::string>{"`not` after (a value) would continue the expression"});
  CHECK(problems("add [(a value)]* [b] is (c name)").size() == 2);
  CHECK(problems("add (t type) (n names)") ==
        std::vector<std::string>{"(n names) begins with `(`, which (t type) before it would take"});
  CHECK(problems("add [(n name)] quickly") ==
        std::vector<std::string>{"optional (n name) before `quickly`, which could be taken for it"});
  CHECK(problems("add (w words) on (n name)") ==
        std::vector<std::string>{"`on` after (w words) would be one of its words"});
  CHECK(problems("map (n name)") == std::vector<std::string>{"`map` begins a section, so no phrase may begin with it"});
  std::string problem;
  const std::vector<Form> others{*read_form("add column (c path)", problem)};
  CHECK(problems("add column (c path) slowly", others).size() == 1);
  CHECK(problems("add columns (c path)", others).empty());
}

TEST_CASE("each kind of argument has a name, and names lead to kinds") {
#define MIG_KIND(name)                                \
  CHECK(std::string(to_string(Kind::name)) == #name); \
  CHECK(kind(#name) == Kind::name);
  MIG_ARGUMENT_KINDS(MIG_KIND)
#undef MIG_KIND
  CHECK(kind("expression") == Kind::value);
  CHECK(kind("column") == Kind::path);
  CHECK_FALSE(kind("frob"));
}

TEST_CASE("sentences of expected.hpp read as the end of `expected …`") {
#define MIG_CHECK(rule, sentence)         \
  CHECK((std::string(sentence).empty() || \
         (sentence[0] >= 'a' && sentence[0] <= 'z' && std::string(sentence).back() != '.')));
  MIG_EXPECTED(MIG_CHECK)
#undef MIG_CHECK
}
