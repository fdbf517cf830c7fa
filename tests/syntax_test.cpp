// The parser on whole files: what reads, what is said about mistakes.
#include <fmt/format.h>

#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/expression_text.hpp"
#include "tests/support/parse_one.hpp"

using namespace mig;
using namespace mig::tests;

namespace {

std::string described(const Parsed& parsed, const diagnostics::Diagnostic& one) {
  if (!one.primary) return fmt::format("{} without a place: {}", one.code->id, one.message);
  const auto place = parsed.files.place(one.primary->span);
  return fmt::format("{} {}:{}: {}", one.code->id, place.line, place.column, one.message);
}

std::string all(const Parsed& parsed) {
  std::string text;
  for (const auto& one : parsed.sink.list()) text += described(parsed, one) + "\n";
  return text;
}

template <class T>
const T& only(const Parsed& parsed) {
  REQUIRE(parsed.file.items.size() == 1);
  REQUIRE(std::holds_alternative<T>(parsed.file.items.front()));
  return std::get<T>(parsed.file.items.front());
}

template <class T>
std::vector<const T*> sections(const syntax::Migration& migration) {
  std::vector<const T*> found;
  for (const auto& section : migration.sections)
    if (const auto* one = std::get_if<T>(&section)) found.push_back(one);
  return found;
}

// A comment `--! CODE COLUMN: message | note` announces a diagnostic of the next line that is no such comment.
struct Announced {
  std::string place_and_message;
  std::string note;
};
std::vector<Announced> announced(const std::string& text) {
  std::vector<Announced> list;
  std::vector<std::pair<std::string, std::string>> waiting;  // code, rest
  std::istringstream in(text);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto begin = line.find_first_not_of(' ');
    if (begin != std::string::npos && line.compare(begin, 4, "--! ") == 0) {
      waiting.emplace_back(line.substr(begin + 4, 5), line.substr(begin + 10));
      continue;
    }
    for (const auto& [code, rest] : waiting) {
      const auto bar = rest.find(" | ");
      list.push_back({fmt::format("{} {}:{}", code, number, rest.substr(0, bar)),
                      bar == std::string::npos ? "" : rest.substr(bar + 3)});
    }
    waiting.clear();
  }
  return list;
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

TEST_CASE("every construct of the language reads") {
  for (const auto& name : whole_files) {
    const auto parsed = parse_text(read_file("cases/syntax/" + name + ".mig"), wide_vocabulary());
    INFO(name << "\n" << all(parsed));
    CHECK(parsed.sink.list().empty());
    CHECK_FALSE(parsed.file.items.empty());
  }
}

TEST_CASE("planted mistakes: each is reported once, in its place, with its words") {
  const auto text = read_file("cases/syntax/mistakes.mig");
  const auto parsed = parse_text(text, wide_vocabulary());
  const auto expected = announced(text);
  CHECK(expected.size() >= 36);
  std::vector<std::string> found;
  for (const auto& one : parsed.sink.list()) found.push_back(described(parsed, one));
  for (const auto& one : expected) {
    INFO(one.place_and_message);
    const auto at = std::find(found.begin(), found.end(), one.place_and_message);
    CHECK(at != found.end());
    if (at == found.end()) continue;
    const auto& notes = parsed.sink.list()[static_cast<std::size_t>(at - found.begin())].notes;
    INFO(one.note);
    CHECK((one.note.empty() || std::find(notes.begin(), notes.end(), one.note) != notes.end()));
  }
  for (const auto& one : found) {
    INFO("not announced: " << one);
    CHECK(std::any_of(expected.begin(), expected.end(), [&](const auto& e) { return e.place_and_message == one; }));
  }
}

TEST_CASE("a mistake costs one item: the others are in the tree") {
  const auto parsed = parse_text(
      "add column a.b int;\nadd colum a.c int;\nadd column a.d int\nadd column a.e int;\nadd column a.f int;",
      wide_vocabulary());
  CHECK(all(parsed) ==
        "E0102 2:1: `add colum` begins no operation or declaration that may stand here\n"
        "E0101 3:19: expected `;`, found `add`\n");
  CHECK(parsed.file.items.size() == 3);
}

TEST_CASE("the tree holds what was written") {
  SECTION("a call has its arguments, words and loss") {
    const auto parsed = parse_text(
        "add index \"My Index\" on S.Users (lower(Name) desc, b) include (c, D) where a > 0 accept loss 'why';",
        wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto& call = only<syntax::Call>(parsed);
    CHECK(parsed.files.text(call.phrase) == "add index");
    REQUIRE(call.get<syntax::Name>("name"));
    CHECK(call.get<syntax::Name>("name")->text == "My Index");
    CHECK(call.get<syntax::Name>("name")->quoted);
    REQUIRE(call.get<syntax::Path>("table"));
    CHECK(call.get<syntax::Path>("table")->parts.back().text == "users");
    const auto* elements = call.get<std::vector<syntax::IndexElement>>("elements");
    REQUIRE(elements);
    REQUIRE(elements->size() == 2);
    CHECK(elements->front().direction == "desc");
    CHECK(with_parentheses(elements->front().value) == "lower(name)");
    CHECK(call.has_word("include"));
    CHECK(call.has_word("where"));
    CHECK_FALSE(call.has_word("using"));
    CHECK(with_parentheses(*call.get<syntax::Expr>("condition")) == "(a > 0)");
    REQUIRE(call.loss);
    CHECK(call.loss->value == "why");
    CHECK(parsed.files.text(call.span).back() == ';');
  }
  SECTION("a collate behind a default is the column's") {
    const auto parsed = parse_text("add column a.b text default 'x' || 'y' collate \"C\" not null;", wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto* definition = only<syntax::Call>(parsed).get<syntax::Definition>("definition");
    REQUIRE(definition);
    REQUIRE(definition->options.size() == 3);
    CHECK(with_parentheses(*definition->options[0].expression) == "('x' || 'y')");
    CHECK(definition->options[1].is == syntax::ColumnOption::Is::collate);
    CHECK(definition->options[2].is == syntax::ColumnOption::Is::not_null);
  }
  SECTION("a map has its items") {
    const auto parsed = parse_text(
        "migration m { map a -> b live where x { y = lower(z) else null normalise; key y; "
        "on duplicate (y) keep latest by new.c desc; on changed in target keep; back { z = y; } } }",
        wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto& map = *sections<syntax::Map>(only<syntax::Migration>(parsed)).at(0);
    CHECK(map.mode == "live");
    CHECK(map.body);
    REQUIRE(map.items.size() == 5);
    const auto& assignment = std::get<syntax::MapAssignment>(map.items[0].what);
    CHECK(assignment.normalise);
    CHECK(assignment.otherwise);
    CHECK_FALSE(assignment.else_reject);
    CHECK(std::get<syntax::MapItem::OnDuplicate>(map.items[2].what).action == "keep latest");
    CHECK(std::get<syntax::MapItem::OnDuplicate>(map.items[2].what).by.front().direction == "desc");
    CHECK(std::get<syntax::MapItem::OnRow>(map.items[3].what).event == "changed in target");
    CHECK(std::get<syntax::MapItem::Back>(map.items[4].what).assignments.size() == 1);
  }
  SECTION("a migration has its gates, policies and expectations") {
    const auto parsed = parse_text(
        "migration m 'title' after a, b done tags (x) in schema s { policy { window 01:00-04:00 'UTC'; batch 5000; "
        "stop when rejects > 0.1%; } verify { expect p95 < 100ms over 50 runs of $$q$$ as 'm'; expect l < 1.5x "
        "baseline; } contract after 24h when unused t.c for 2d retain 7d { } }",
        wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto& migration = only<syntax::Migration>(parsed);
    CHECK(migration.title->value == "title");
    REQUIRE(migration.after.size() == 2);
    CHECK_FALSE(migration.after[0].done);
    CHECK(migration.after[1].done);
    CHECK(migration.schema->text == "s");
    const auto& rules = sections<syntax::Policy>(migration).at(0)->rules;
    CHECK(rules[0].tail == "01:00-04:00 'UTC'");
    CHECK(rules[1].quantity->number == "5000");
    CHECK(rules[1].quantity->unit.empty());
    CHECK(rules[2].when.at(0).limit.unit == "%");
    const auto& expects = sections<syntax::Assertions>(migration).at(0)->expects;
    CHECK(std::get<syntax::Expect::Time>(expects[0].what).limit.unit == "ms");
    CHECK(std::get<syntax::Expect::Time>(expects[0].what).query.text == "q");
    CHECK(std::get<syntax::Expect::Baseline>(expects[1].what).factor == "1.5");
    const auto& gate = sections<syntax::Phase>(migration).at(0)->gate;
    CHECK(gate.after->number == "24");
    CHECK(gate.unused->parts.size() == 2);
    CHECK(gate.unused_for->unit == "d");
    CHECK(gate.retain->unit == "d");
  }
  SECTION("the fields of a source keep their spelling") {
    const auto parsed =
        parse_text("source s = json 'x' { phoneNumberId text?; tasks [ { Id int; } ]; }", wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto& source = only<syntax::Source>(parsed);
    CHECK(source.fields.at(0).name.text == "phoneNumberId");
    CHECK(source.fields.at(0).optional);
    CHECK(source.fields.at(1).list);
    CHECK(source.fields.at(1).fields.at(0).name.text == "Id");
  }
  SECTION("strings are decoded") {
    const auto parsed = parse_text("many words x; comment on table t is E'a\\n\\u00e9\\x41''';", wide_vocabulary());
    REQUIRE(all(parsed).empty());
    const auto& call = std::get<syntax::Call>(parsed.file.items[1]);
    CHECK(call.get<syntax::Text>("text")->value ==
          "a\n\xC3\xA9"
          "A'");
  }
}

TEST_CASE("directly in a migration a phrase means the step, inside a phase the operation") {
  const auto vocabulary =
      vocabulary_of({"rename column (column path) to (new name)", "rename column (old column) to (new name) [slowly]"});
  const auto parsed = parse_text(
      "migration m { rename column a.b to c; expand { rename column a.b to c; } }\n"
      "step slow rename (old column) { rename column old to x; }\n"
      "migration n { slow rename a.b; rename column a.b to c slowly; }",
      vocabulary);
  REQUIRE(all(parsed).empty());
  const auto& first = std::get<syntax::Migration>(parsed.file.items[0]);
  CHECK(sections<syntax::Call>(first).at(0)->form == 1);
  CHECK(std::get<syntax::Call>(sections<syntax::Phase>(first).at(0)->items.at(0)).form == 0);
  CHECK(std::get<syntax::Call>(std::get<syntax::StepDecl>(parsed.file.items[1]).sections.at(0)).form == 0);
  const auto& second = std::get<syntax::Migration>(parsed.file.items[2]);
  CHECK(sections<syntax::Call>(second).at(0)->form == 2);  // the file's own step comes after the vocabulary
  CHECK(sections<syntax::Call>(second).at(1)->form == 1);
}

TEST_CASE("the uses of a file are known before its vocabulary is") {
  source::Files files;
  const auto file =
      files.add("x.mig", "-- first\nuse std.columns; use 5;\nuse './ours.mig';\nsplit column a; use late;");
  const auto uses = syntax::parse_uses(files, file);
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].module->parts.size() == 2);
  CHECK(uses[1].file->value == "./ours.mig");
}

TEST_CASE("texts that are no texts, and what is not closed") {
  const auto reported = [](const std::string& text) { return all(parse_text(text, wide_vocabulary())); };
  CHECK(reported("") == "");
  CHECK(reported("-- only a comment") == "");
  CHECK(reported("\xEF\xBB\xBF add column a.b int;") == "");
  CHECK(reported("use \xFF;") == "E0002 1:5: the byte 0xff is not UTF-8 text\n");
  CHECK(reported(std::string("use a;\n\0", 8)) == "E0002 2:1: the byte 0x00 is not UTF-8 text\n");
  CHECK(reported("use \xC0\xAF;") == "E0002 1:5: the byte 0xc0 is not UTF-8 text\n");
  CHECK(reported("use \xED\xA0\x80;") == "E0002 1:5: the byte 0xed is not UTF-8 text\n");
  CHECK(reported("use 'abc;\n") == "E0103 1:5: this string is not closed\n");
  CHECK(reported("use \"abc;\n") == "E0103 1:5: this quoted name is not closed\n");
  CHECK(reported("sql $a$ select $b$;") == "E0103 1:5: this body is not closed\n");
  CHECK(reported("use a; /* a /* b */") == "E0103 1:8: this comment is not closed\n");
  CHECK(reported("migration m {\n  expand {\n    set not null a.b;\n") == "E0103 2:10: this block is not closed\n");
  CHECK(reported("migration m { expand { set not null a.b; } } }") == "E0101 1:46: this `}` closes nothing\n");
  CHECK(reported("use a") == "E0101 1:6: expected `;`, found the end of the file\n");
}

TEST_CASE("a string that runs over lines is named when a later one is not closed") {
  const auto parsed = parse_text("use 'a;\nuse 'b';\nuse c;", wide_vocabulary());
  const auto& list = parsed.sink.list();
  const auto open =
      std::find_if(list.begin(), list.end(), [](const auto& d) { return std::string(d.code->id) == "E0103"; });
  REQUIRE(open != list.end());
  REQUIRE(open->secondary.size() == 1);
  CHECK(parsed.files.place(open->secondary[0].span).line == 1);
}
