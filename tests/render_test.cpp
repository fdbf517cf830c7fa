// Frames: what people see of a diagnostic, byte for byte.
#include <set>
#include <string>

#include "compiler/diagnostics/render.hpp"
#include "compiler/diagnostics/width.hpp"
#include "tests/support/catch.hpp"

using namespace mig;
using namespace mig::diagnostics;

namespace {

// One file, one diagnostic about a piece of its text.
struct Scene {
  source::Files files;
  Sink sink;

  explicit Scene(const std::string& text, const std::string& name = "a.mig") { files.add(name, text); }

  [[nodiscard]] source::Span at(const std::string& piece, std::uint32_t file = 0) const {
    const auto found = files[file].text.find(piece);
    REQUIRE(found != std::string::npos);
    return {file, static_cast<std::uint32_t>(found), static_cast<std::uint32_t>(found + piece.size())};
  }
  Diagnostic& error(const std::string& piece, const std::string& message = "wrong") {
    return sink.report(syntax_error, at(piece), message);
  }
  [[nodiscard]] std::string text(const Style& style = {}) const { return render(sink.list(), files, style); }
};

}  // namespace

TEST_CASE("the frame is the one of the sketch") {
  Scene scene("migration phone_number {\n\n  expand {\n    set not null \"User\".phoneNumber;\n  }\n}\n",
              "migrations/20251120_phone_number.mig");
  scene.sink.report(unknown_column, scene.at("phoneNumber"), "no column \"phonenumber\" in \"User\"")
      .label("means phonenumber: names fold to lower case without quotes")
      .note("found: \"phoneNumber\" text, \"phone\" text")
      .suggest("\"phoneNumber\"");
  Style style;
  CHECK(scene.text(style) == R"(error[E0207]: no column "phonenumber" in "User"
  --> migrations/20251120_phone_number.mig:4:25
   |
 4 |     set not null "User".phoneNumber;
   |                         ^^^^^^^^^^^ means phonenumber: names fold to lower case without quotes
   |
   = found: "phoneNumber" text, "phone" text
   = write: "phoneNumber"
)");
  style.fix_hint = true;
  CHECK(scene.text(style).find("   = write: \"phoneNumber\"    (mig check --fix writes it)\n") != std::string::npos);
  REQUIRE(scene.sink.list()[0].fix);
  CHECK(scene.sink.list()[0].fix->replacement == "\"phoneNumber\"");
}

TEST_CASE("a diagnostic without a place has no frame, and a note may have lines") {
  Scene scene("");
  scene.sink.report(unreadable_file, "cannot read `x.mig`").note("why: gone\nsince: today");
  CHECK(scene.text() == "error[E0001]: cannot read `x.mig`\n   = why: gone\n   = since: today\n");
}

TEST_CASE("without notes the frame ends with the carets; diagnostics are apart by a blank line") {
  Scene scene("abc def\n");
  scene.error("abc");
  scene.error("def", "wrong as well");
  CHECK(scene.text() ==
        "error[E0101]: wrong\n  --> a.mig:1:1\n   |\n 1 | abc def\n   | ^^^\n"
        "\nerror[E0101]: wrong as well\n  --> a.mig:1:5\n   |\n 1 | abc def\n   |     ^^^\n");
}

TEST_CASE("a span of many lines is drawn under its ends") {
  Scene scene("create table t (\n  a int,\n  b int,\n  c int\n);\n");
  scene.error("create table t (\n  a int,\n  b int,\n  c int\n)").label("this table");
  CHECK(scene.text() == R"(error[E0101]: wrong
  --> a.mig:1:1
   |
 1 | create table t (
   | ^^^^^^^^^^^^^^^^
...
 5 | );
   | ^ this table
)");
}

TEST_CASE("a line between two marked lines is shown, more are left out") {
  Scene scene("one\ntwo\nthree\nfour\nfive\nsix\n");
  scene.error("three").also(scene.at("one"), "first").also(scene.at("six"), "last");
  CHECK(scene.text() == R"(error[E0101]: wrong
  --> a.mig:3:1
   |
 1 | one
   | --- first
 2 | two
 3 | three
   | ^^^^^
...
 6 | six
   | --- last
)");
}

TEST_CASE("labels in one line stand in lines of their own, in the order of their places") {
  Scene scene("add column a int, add column a text;\n");
  const auto second = scene.files[0].text.rfind("a text");
  scene.sink
      .report(duplicate_name, {0, static_cast<std::uint32_t>(second), static_cast<std::uint32_t>(second + 1)},
              "`a` is added twice")
      .label("again")
      .also({0, 11, 12}, "first here");
  CHECK(scene.text() == R"(error[E0208]: `a` is added twice
  --> a.mig:1:30
   |
 1 | add column a int, add column a text;
   |            - first here
   |                              ^ again
)");
}

TEST_CASE("the other half of a conflict may stand in another file") {
  Scene scene("migration a { }\n");
  const auto other = scene.files.add("b.mig", "-- b\nmigration a { }\n");
  scene.error("a {").also(scene.at("migration a", other), "also here");
  CHECK(scene.text() == R"(error[E0101]: wrong
  --> a.mig:1:11
   |
 1 | migration a { }
   |           ^^^
  ::: b.mig:2:1
   |
 2 | migration a { }
   | ----------- also here
)");
}

TEST_CASE("carets stand right after tabs, wide and combining characters") {
  Scene scene("\tcomment 'äö漢字e\u0301' oops;\n");
  scene.error("oops").label("here");
  CHECK(scene.text() ==
        "error[E0101]: wrong\n  --> a.mig:1:19\n   |\n"
        " 1 |     comment 'äö漢字e\u0301' oops;\n"
        "   |                       ^^^^ here\n");
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("🦊") == 2);
}

TEST_CASE("an empty span is one caret, also at the end of a line and of the file") {
  Scene scene("drop table t\n\nend");
  scene.sink.report(syntax_error, {0, 12, 12}, "expected `;`");
  scene.sink.report(syntax_error, {0, 17, 17}, "expected `}`");
  CHECK(scene.text() == R"(error[E0101]: expected `;`
  --> a.mig:1:13
   |
 1 | drop table t
   |             ^

error[E0101]: expected `}`
  --> a.mig:3:4
   |
 3 | end
   |    ^
)");
}

TEST_CASE("the gutter grows with the line number") {
  Scene scene(std::string(12344, '\n') + "here\n");
  scene.error("here").note("found: it");
  CHECK(scene.text() == R"(error[E0101]: wrong
     --> a.mig:12345:1
      |
12345 | here
      | ^^^^
      |
      = found: it
)");
}

TEST_CASE("a long line is cut around the carets") {
  Scene scene(std::string(200, 'x') + " here " + std::string(300, 'y') + "\n");
  scene.error("here").label("this");
  const Style style{.width = 40};
  CHECK(scene.text(style) == R"(error[E0101]: wrong
  --> a.mig:1:202
   |
 1 | …xxxxxxxxxxxxx here yyyyyyyyyyyyyy…
   |                ^^^^ this
)");
  const Style ascii{.ascii = true, .width = 40};
  CHECK(scene.text(ascii) == R"(error[E0101]: wrong
  --> a.mig:1:202
   |
 1 | ...xxxxxxxxxxx here yyyyyyyyyyyy...
   |                ^^^^ this
)");
}

TEST_CASE("the beginning and the end of a long line are cut on one side only") {
  Scene scene("here " + std::string(300, 'y') + " there");
  scene.error("here");
  scene.error("there");
  const Style style{.width = 40};
  CHECK(scene.text(style) == R"(error[E0101]: wrong
  --> a.mig:1:1
   |
 1 | here yyyyyyyyyyyyyyyyyyyyyyyyyyyy…
   | ^^^^

error[E0101]: wrong
  --> a.mig:1:307
   |
 1 | …yyyyyyyyyyyyyyyyyyyyyyyyyyy there
   |                              ^^^^^
)");
}

TEST_CASE("a megabyte in one line is no trouble") {
  Scene scene(std::string(1'000'000, 'a') + "漢!" + std::string(1'000'000, 'b'));
  scene.error("!");
  CHECK(scene.text().size() < 400);
  CHECK(scene.text().find("a漢!b") != std::string::npos);
}

TEST_CASE("words that do not fit beside the carets stand below them") {
  Scene scene("aaaaaaaaaaaaaaaaaaaaaaaaa here\n");
  scene.error("here").label("words that need some room");
  const Style style{.width = 40};
  CHECK(scene.text(style) == R"(error[E0101]: wrong
  --> a.mig:1:27
   |
 1 | aaaaaaaaaaaaaaaaaaaaaaaaa here
   |                           ^^^^
   |           words that need some room
)");
}

TEST_CASE("nothing of the source reaches the terminal as a command") {
  Scene scene("a\x1b[31m b \xff \xc3( \u202e z\n", "evil\x1b[2J.mig");
  scene.error("b", "found `\x1b[0m`").note("found: \a");
  const auto text = scene.text();
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\a') == std::string::npos);
  CHECK(text.find("\u202e") == std::string::npos);
  CHECK(text.find(" 1 | a?[31m b ? ?( ? z\n") != std::string::npos);
}

TEST_CASE("colours say again what the words say") {
  Scene scene("abc\n");
  scene.error("abc").note("found: abc");
  const Style color{.color = true};
  const auto text = scene.text(color);
  CHECK(text.find("\x1b[31merror[E0101]\x1b[0m: wrong") == 0);
  CHECK(text.find("\x1b[36ma.mig:1:1\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[31m^^^\x1b[0m") != std::string::npos);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      plain += text[i];
  CHECK(plain == scene.text());
}

TEST_CASE("the sink counts and sorts by place") {
  Scene scene("one two three");
  scene.error("three");
  scene.error("one");
  scene.sink.report(unreadable_file, "cannot read `x`");
  CHECK(scene.sink.has_errors());
  CHECK(scene.sink.count(Severity::error) == 3);
  CHECK(scene.sink.count(Severity::warning) == 0);
  scene.sink.sort();
  CHECK_FALSE(scene.sink.list()[0].primary);
  CHECK(scene.sink.list()[1].primary->span.begin == 0);
  CHECK(scene.sink.list()[2].primary->span.begin == 8);
}

TEST_CASE("codes are found by id and by name, and each is unique") {
  std::set<std::string> seen;
  for (const auto* code : all_codes()) {
    CHECK(seen.insert(code->id).second);
    CHECK(seen.insert(code->name).second);
    CHECK(find_code(code->id) == code);
    CHECK(find_code(code->name) == code);
    CHECK(std::string(code->title).back() != '.');
  }
  CHECK(std::string(unknown_column.name) == "unknown-column");
  CHECK(find_code("E9999") == nullptr);
}
