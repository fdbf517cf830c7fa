// The unit that reads files, sections and maps, block by block: one mistake costs one item.
#include "compiler/syntax/parse.hpp"

#include "compiler/syntax/build.hpp"
#include "compiler/syntax/parse_control.hpp"
#include "compiler/syntax/recovery.hpp"

namespace mig::syntax {
namespace {

template <class Item>
bool read_block(Input& in, Parsing& parsing);

}  // namespace

template <class Item>
struct is_block<rules::block<Item>> : std::true_type {
  static bool read(Input& in, Parsing& parsing) { return read_block<Item>(in, parsing); }
};

namespace {

template <class... Rule>
struct own;
template <class Rule>
struct own<Rule> : Control<Rule, Unit::items> {};

template <class Item>
constexpr Items items_of = Items::file;
template <>
constexpr Items items_of<rules::section> = Items::sections;
template <>
constexpr Items items_of<rules::phase_item> = Items::phase;
template <>
constexpr Items items_of<rules::map_item> = Items::map;
template <>
constexpr Items items_of<rules::back_item> = Items::back;
template <>
constexpr Items items_of<rules::map_assignment> = Items::assignments;
template <>
constexpr Items items_of<rules::rule> = Items::rules;
template <>
constexpr Items items_of<rules::expect> = Items::expects;
template <>
constexpr Items items_of<rules::field> = Items::fields;
template <>
constexpr Items items_of<rules::value_item> = Items::values;
template <>
constexpr Items items_of<rules::function_item> = Items::examples;

void read_items(Parsing& parsing, Items items, std::uint32_t& offset);

template <class Item>
void report_mistake(Parsing& parsing, std::uint32_t begin, Expectations& expected) {
  expected.furthest = begin;
  parsing.expected = &expected;
  auto again = begin;
  (void)read_here<Item, own>(parsing, again);
  parsing.expected = nullptr;
  report(parsing, expected, items_of<Item>, begin);
}

// Goes on behind a mistake at `from`. The head of a block may be wrong and its items are read all the same: every
// mistake in one run.
void skip_item(Parsing& parsing, Items items, std::uint32_t from, bool enter, std::uint32_t& offset) {
  const auto begin = offset;
  const auto next = resume(parsing, items, begin, from, enter);
  offset = next.offset;
  if (!next.block) return;
  const auto& tokens = parsing.tokens();
  const auto inner = block_of(tokens.text_of(tokens.at(begin)));
  try {
    if (inner) read_items(parsing, *inner, offset);
  } catch (const TooDeep& deep) {
    report_too_deep(parsing, deep.offset);
    offset = resume(parsing, items, begin, deep.offset, false).offset;
  }
}

// One item, or what recovery skips of it.
template <class Item>
void read_item(Parsing& parsing, std::uint32_t& offset) {
  const auto begin = offset;
  const auto nodes = parsing.nodes.size();
  try {
    if (read_here<Item, own>(parsing, offset)) return;
    Expectations expected;
    report_mistake<Item>(parsing, begin, expected);
    skip_item(parsing, items_of<Item>, expected.furthest, true, offset);
  } catch (const TooDeep& deep) {
    parsing.expected = nullptr;
    report_too_deep(parsing, deep.offset);
    offset = begin;
    skip_item(parsing, items_of<Item>, deep.offset, false, offset);
  }
  parsing.drop(nodes);
}

void report_unclosed(Parsing& parsing, std::uint32_t open, std::uint32_t offset) {
  if (parsing.at(offset).token == grammar::Token::end && parsing.tokens().open) return;
  const bool end = parsing.at(offset).token == grammar::Token::end;
  auto& made = parsing.sink.report(diagnostics::unterminated, parsing.span(open, open + 1), "this block is not closed");
  if (end)
    made.note("the file ends before its `}`");
  else
    made.also(parsing.span(offset, parsing.at(offset).end), "this belongs outside of it");
  made.note("write: `}`");
}

class Deeper {  // Restores what a block sets.
 public:
  explicit Deeper(Parsing& parsing, std::uint32_t offset)
      : nested_(parsing, offset), parsing_(parsing), steps_first_(parsing.steps_first) {}
  ~Deeper() { parsing_.steps_first = steps_first_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Nested nested_;
  Parsing& parsing_;
  bool steps_first_;
};

// The items of a block from its `{` to its `}`; never fails.
template <class Item>
void read_items_of(Parsing& parsing, std::uint32_t& offset) {
  const auto open = offset;
  const Deeper deeper(parsing, open);
  parsing.steps_first = items_of<Item> == Items::sections && !parsing.in_step;
  const auto& tokens = parsing.tokens();
  offset = tokens.list[tokens.index[offset] + 1].begin;
  for (;;) {
    const auto token = tokens.index[offset];
    if (tokens.list[token].token == grammar::Token::end || belongs_outside(parsing, items_of<Item>, token)) {
      if (!parsing.unclosed) report_unclosed(parsing, open, offset);
      parsing.unclosed = tokens.list[token].token == grammar::Token::end;
      return;
    }
    if (tokens.text_of(tokens.list[token]) == "}") {
      offset = tokens.list[token + 1].begin;
      return;
    }
    read_item<Item>(parsing, offset);
  }
}

void read_items(Parsing& parsing, Items items, std::uint32_t& offset) {
  switch (items) {
    case Items::file:
      return;
    case Items::sections:
      return read_items_of<rules::section>(parsing, offset);
    case Items::phase:
      return read_items_of<rules::phase_item>(parsing, offset);
    case Items::map:
      return read_items_of<rules::map_item>(parsing, offset);
    case Items::back:
      return read_items_of<rules::back_item>(parsing, offset);
    case Items::assignments:
      return read_items_of<rules::map_assignment>(parsing, offset);
    case Items::rules:
      return read_items_of<rules::rule>(parsing, offset);
    case Items::expects:
      return read_items_of<rules::expect>(parsing, offset);
    case Items::fields:
      return read_items_of<rules::field>(parsing, offset);
    case Items::values:
      return read_items_of<rules::value_item>(parsing, offset);
    case Items::examples:
      return read_items_of<rules::function_item>(parsing, offset);
  }
}

template <class Item>
bool read_block(Input& in, Parsing& parsing) {
  auto offset = static_cast<std::uint32_t>(in.current() - parsing.text().data());
  const auto begin = offset;
  if (parsing.tokens().text_of(parsing.at(offset)) != "{") {
    if (parsing.recording()) parsing.missed<rules::sign<"{">>(offset);
    return false;
  }
  // Nothing of a rule can fail behind its block, so that a broken item is never read again with one.
  if (parsing.recording()) return true;
  read_items(parsing, items_of<Item>, offset);
  in.bump(offset - begin);
  return true;
}

void check_text(Parsing& parsing) {
  const auto& open = parsing.tokens().open;
  if (!open) return;
  auto& made = parsing.sink.report(diagnostics::unterminated, parsing.span(open->begin, open->begin + 1),
                                   std::string("this ") + open->what + " is not closed");
  // The quote that is missing is often an earlier one: a string that runs over lines gives it away.
  if (open->what != std::string_view("comment"))
    for (const auto& lexeme : parsing.tokens().list)
      if ((lexeme.token == grammar::Token::string || lexeme.token == grammar::Token::quoted) &&
          parsing.tokens().text_of(lexeme).find('\n') != std::string_view::npos) {
        made.also(parsing.span(lexeme.begin, lexeme.begin + 1), "or this one, which goes on over lines");
        break;
      }
}

void read_step_head(Parsing& parsing, const Node& form) {
  std::string problem;
  std::string text;
  const auto& tokens = parsing.tokens();
  for (auto i = tokens.index[form.begin]; tokens.list[i].begin < form.end; ++i) {
    const auto& lexeme = tokens.list[i];
    if (i > tokens.index[form.begin] && tokens.list[i - 1].end < lexeme.begin) text += ' ';
    text += tokens.text_of(lexeme);
  }
  auto read = grammar::read_form(text, problem);
  if (!read) {
    parsing.sink.report(diagnostics::syntax_error, parsing.span(form), "the header of this step does not read")
        .note("found: " + problem)
        .note("write: words and arguments, e.g. split column (source column) into (first name)");
    return;
  }
  for (auto& breach : grammar::breaches(*read, {}))
    parsing.sink.report(diagnostics::syntax_error, parsing.span(form), "the header of this step is ambiguous")
        .note("found: " + breach);
  parsing.verbs.add(std::move(*read));
}

void read_file(Parsing& parsing, File& file) {
  const auto& tokens = parsing.tokens();
  auto offset = tokens.list.front().begin;
  constexpr std::size_t tokens_of_an_item = 16;  // or more: a guess that spares moving what is built
  file.items.reserve(tokens.list.size() / tokens_of_an_item + 1);
  while (parsing.at(offset).token != grammar::Token::end) {
    parsing.nodes.clear();
    parsing.holes.clear();
    parsing.unclosed = false;
    if (tokens.text_of(parsing.at(offset)) == "}") {
      parsing.sink.report(diagnostics::syntax_error, parsing.span(offset, offset + 1), "this `}` closes nothing")
          .note("write: nothing here, or the `{` that it should close");
      offset = tokens.list[tokens.index[offset] + 1].begin;
      continue;
    }
    parsing.in_step = tokens.is(parsing.at(offset), "step");
    read_item<rules::item>(parsing, offset);
    if (parsing.nodes.empty()) continue;
    if (parsing.nodes.front().kind == Kind::step) read_step_head(parsing, parsing.nodes[1]);
    build_item(parsing, file);
  }
}

// PostgreSQL takes neither bytes that are not UTF-8 nor NUL: they have no place in a text that makes SQL.
bool is_text(const source::Files& files, std::uint32_t file, diagnostics::Sink& sink) {
  const auto& text = files[file].text;
  const auto bad = grammar::first_not_text(text);
  if (!bad) return true;
  constexpr char hex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(text[*bad]);
  sink.report(diagnostics::not_text, {file, static_cast<std::uint32_t>(*bad), static_cast<std::uint32_t>(*bad) + 1},
              std::string("the byte 0x") + hex[byte >> 4U] + hex[byte & 15U] + " is not UTF-8 text")
      .note("write: the file again as UTF-8, without NUL bytes");
  return false;
}

}  // namespace

File parse(const source::Files& files, std::uint32_t file, const grammar::Vocabulary& vocabulary,
           diagnostics::Sink& sink) {
  File made;
  made.file = file;
  if (!is_text(files, file, sink)) return made;
  Parsing parsing(files, file, vocabulary, sink);
  check_text(parsing);
  read_file(parsing, made);
  return made;
}

std::vector<Use> parse_uses(const source::Files& files, std::uint32_t file) {
  std::vector<Use> uses;
  diagnostics::Sink unheard;
  if (!is_text(files, file, unheard)) return uses;
  const grammar::Vocabulary none;
  Parsing parsing(files, file, none, unheard);
  auto offset = parsing.tokens().list.front().begin;
  while (parsing.tokens().is(parsing.at(offset), "use")) {
    parsing.nodes.clear();
    File one;
    const auto begin = offset;
    if (read_here<rules::use, own>(parsing, offset)) build_item(parsing, one);
    if (offset == begin) offset = resume(parsing, Items::file, begin, begin, false).offset;
    for (auto& item : one.items) uses.push_back(std::move(std::get<Use>(item)));
  }
  return uses;
}

}  // namespace mig::syntax
