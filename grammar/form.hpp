// Forms: the header of an operation or step as data. `add index [(name name)] on (table path) …`
// The same text declares a C++ operation and heads a `step` in the language (docs/language.md, Forms).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::grammar {

// The closed set of argument kinds; the parser has one rule for each (grammar/mig.ebnf, `argument`).
// X-list so that text <-> kind, the parser's table and the documentation come from one place.
// clang-format off
#define MIG_ARGUMENT_KINDS(X)                                                                                     \
  X(name) X(path) X(names) X(name_list) X(path_list) X(callable) X(callables) X(type) X(definition) X(value)      \
  X(condition) X(string) X(number) X(integer) X(quantity) X(body) X(query) X(elements) X(index_elements)          \
  X(index_list) X(parameters) X(settings) X(rows) X(assignments) X(labels) X(privileges) X(events)                \
  X(partition_bound) X(seq_options) X(reference) X(exclude_elements) X(type_fields) X(arguments) X(word)          \
  X(words) X(text_or_null) X(constraint_tail)
// clang-format on

enum class Kind {
#define MIG_KIND(kind) kind,
  MIG_ARGUMENT_KINDS(MIG_KIND)
#undef MIG_KIND
};
[[nodiscard]] const char* to_string(Kind kind);
[[nodiscard]] std::optional<Kind> kind(std::string_view text);

// One part of a form. Exactly one meaning:
//   word      a keyword in this place
//   hole      (name kind [= literal]): an argument
//   optional  [ … ]
//   repeated  [ … ]* : any number of times
//   choice    <a / b / c>: one of several sequences, tried in order
struct Part {
  enum class Is { word, hole, optional, repeated, choice };
  Is is = Is::word;
  std::string text;                         // word, or the hole's name
  Kind kind = Kind::name;                   // of a hole
  std::optional<std::string> fallback;      // literal text of a hole's default
  std::vector<std::vector<Part>> branches;  // optional, repeated: one; choice: two or more
};

// A parsed form text. `phrase` is its leading words: the verb phrase by which the parser finds it.
struct Form {
  std::string text;
  std::vector<std::string> phrase;
  std::vector<Part> parts;  // after the phrase
};

// Reads a form text; on a mistake returns nullopt and says why in `problem` (one line).
[[nodiscard]] std::optional<Form> read_form(std::string_view text, std::string& problem);

// The laws for forms (docs/language.md, Forms): one line per breach, empty when all hold. No infix word follows an
// expression hole; no hole that begins with `(` follows a type hole; no optional hole before a word that is not
// reserved; the phrase begins with no section word and is no prefix of another's phrase without being shorter.
[[nodiscard]] std::vector<std::string> breaches(const Form& form, const std::vector<Form>& others);

// What a parser knows of verbs: the forms of all operations and of the steps of used modules. The parser reports the
// index into `forms` in Call::form.
struct Vocabulary {
  std::vector<Form> forms;
};

}  // namespace mig::grammar
