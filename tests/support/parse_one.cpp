// A vocabulary that needs no operation: the tests of the parser stand on their own.
#include "tests/support/parse_one.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace mig::tests {

grammar::Vocabulary vocabulary_of(const std::vector<std::string>& forms) {
  grammar::Vocabulary made;
  for (const auto& text : forms) {
    std::string problem;
    auto form = grammar::read_form(text, problem);
    if (!form) throw std::runtime_error(text + ": " + problem);
    made.forms.push_back(std::move(*form));
  }
  return made;
}

Parsed parse_text(std::string text, const grammar::Vocabulary& vocabulary) {
  Parsed made;
  const auto file = made.files.add("test.mig", std::move(text));
  made.file = syntax::parse(made.files, file, vocabulary, made.sink);
  made.sink.sort();
  return made;
}

std::optional<syntax::Expr> parse_expression(const std::string& text) {
  static const auto vocabulary = vocabulary_of({"probe (it value)"});
  const auto parsed = parse_text("probe " + text + "\n;", vocabulary);
  if (parsed.sink.has_errors() || parsed.file.items.size() != 1) return std::nullopt;
  const auto* call = std::get_if<syntax::Call>(&parsed.file.items.front());
  const auto* value = call != nullptr ? call->get<syntax::Expr>("it") : nullptr;
  if (value == nullptr) return std::nullopt;
  return *value;
}

// clang-format off
const grammar::Vocabulary& wide_vocabulary() {
  static const auto made = vocabulary_of({
    R"(add column (column path) <like (other path) / (definition definition)>)",
    R"(create table (table path) <(elements elements) / like (other path)> [inherits (parents names)] [partition by (method word) (keys index_elements)] [comment (comment string)])",
    R"(add index [(name name)] on (table path) [using (method name)] (elements index_elements) [include (include names)] [nulls not distinct] [with (options settings)] [where (condition expression)])",
    R"(set not null (column path))",
    R"(drop column (column path))",
    R"(drop table (table path))",
    R"(comment on <table (table path) / column (column path) / index (index path) / schema (schema name)> is (text text_or_null))",
    R"(sql (body body) [back (back body)])",
    R"(rename table (table path) to (new name))",
    R"(rename column (column path) to (new name))",
    R"(add foreign key [(name name)] on (table path) (columns names) (reference reference))",
    R"(add check [(name name)] on (table path) (condition condition))",
    R"(create enum (type path) (labels labels))",
    R"(add value (label string) to (type path) [before|after (neighbour string)])",
    R"(remove value (label string) from (type path) replace with (other string))",
    R"(insert into (table path) [(columns names)] values (rows rows))",
    R"(upsert into (table path) (columns names) values (rows rows) key (key names))",
    R"(update (table path) set (assignments assignments) where (condition expression))",
    R"(delete from (table path) where (condition expression))",
    R"(grant (privileges privileges) on (table path) to (roles name_list))",
    R"(create trigger (trigger name) before|after (events events) on (table path) [for each row|statement] [when (condition condition)] execute function (function path) (arguments arguments))",
    R"(create view (view path) [(columns names)] as (query query))",
    R"(create function (function path) (parameters parameters) returns (returns type) [language (language name)] as (body body))",
    R"(create sequence (sequence path) [(options seq_options)])",
    R"(drop function (functions callables))",
    R"(attach partition (partition path) to (table path) (bound partition_bound))",
    R"(create domain (domain path) as (type type) [(tail constraint_tail)])",
    R"(set default (column path) to (value expression))",
    R"(add exclude [(name name)] on (table path) [using (method name)] (elements exclude_elements) [where (condition condition)])",
    R"(set type (column path) to (type type) [using (using expression)])",
    R"(create type (type path) as (fields type_fields))",
    R"(set statistics (column path) to (target integer))",
    R"(analyze (tables path_list))",
    R"(create index list (list index_list))",
    R"(wait (time quantity))",
    R"(set options (table path) (options settings))",
    R"(drop views (views path_list) [cascade])",
    R"(many words (words words))",
    R"(set storage (column path) to (kind word))",
    R"(add number (n number))",
    R"(change type (t type))",
  });
  return made;
}
// clang-format on

std::string read_file(const std::string& path_in_tests) {
  std::ifstream in(std::string(MIG_SOURCE_DIR) + "/tests/" + path_in_tests, std::ios::binary);
  if (!in) throw std::runtime_error("no file tests/" + path_in_tests);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace mig::tests
