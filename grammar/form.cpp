// Reads form texts: words, (hole kind = default), [optional], [repeated]*, a|b and <choice / of / sequences>.
#include "grammar/form.hpp"

#include <utility>

namespace mig::grammar {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

struct Reader {
  std::string_view text;
  std::string& problem;
  std::size_t at = 0;
  int depth = 0;

  void skip() {
    while (at < text.size() && blank(text[at])) ++at;
  }
  bool end() {
    skip();
    return at >= text.size();
  }
  bool take(char c) {
    skip();
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  bool fail(std::string why) {
    if (problem.empty()) problem = std::move(why) + " at offset " + std::to_string(at);
    return false;
  }
  std::string word() {
    skip();
    const auto begin = at;
    while (at < text.size() && word_char(text[at])) ++at;
    return std::string(text.substr(begin, at - begin));
  }

  bool hole(Part& part);
  bool fallback(Part& part);
  bool words(std::vector<Part>& parts);
  bool choice(Part& part);
  bool group(Part& part);
  bool part(std::vector<Part>& parts);
  bool sequence(std::vector<Part>& parts);
};

// Up to the `)` that ends the hole; a string in it may hold parentheses.
bool Reader::fallback(Part& part) {
  skip();
  const auto begin = at;
  bool quoted = false;
  for (; at < text.size() && (quoted || text[at] != ')'); ++at)
    if (text[at] == '\'') quoted = !quoted;
  if (quoted) return fail("the string of a default is not closed");
  auto literal = text.substr(begin, at - begin);
  while (!literal.empty() && blank(literal.back())) literal.remove_suffix(1);
  if (literal.empty()) return fail("expected a literal after `=`");
  part.fallback = std::string(literal);
  return true;
}

bool Reader::hole(Part& part) {
  part.is = Part::Is::hole;
  part.text = word();
  if (part.text.empty()) return fail("expected the name of an argument after `(`");
  const auto kind_text = word();
  if (kind_text.empty()) return fail("expected the kind of `" + part.text + "`");
  const auto known = kind(kind_text);
  if (!known) return fail("no argument kind is named `" + kind_text + "`");
  part.kind = *known;
  if (take('=') && !fallback(part)) return false;
  return take(')') || fail("expected `)` after the argument `" + part.text + "`");
}

// word or a|b|c, which is a choice of words.
bool Reader::words(std::vector<Part>& parts) {
  Part part;
  part.text = word();
  if (part.text.empty()) return fail(std::string("unexpected `") + text[at] + "`");
  if (at >= text.size() || text[at] != '|') {
    parts.push_back(std::move(part));
    return true;
  }
  Part either;
  either.is = Part::Is::choice;
  either.branches.push_back({std::move(part)});
  while (take('|')) {
    Part next;
    next.text = word();
    if (next.text.empty()) return fail("expected a word after `|`");
    either.branches.push_back({std::move(next)});
  }
  parts.push_back(std::move(either));
  return true;
}

bool Reader::choice(Part& part) {
  part.is = Part::Is::choice;
  do {
    if (!sequence(part.branches.emplace_back())) return false;
    if (part.branches.back().empty()) return fail("an empty branch in `<…>`");
  } while (take('/'));
  return take('>') || fail("expected `/` or `>`");
}

bool Reader::group(Part& part) {
  part.is = Part::Is::optional;
  if (!sequence(part.branches.emplace_back())) return false;
  if (part.branches.back().empty()) return fail("an empty `[…]`");
  if (!take(']')) return fail("expected `]`");
  if (at < text.size() && text[at] == '*') {
    ++at;
    part.is = Part::Is::repeated;
  }
  return true;
}

bool Reader::part(std::vector<Part>& parts) {
  Part made;
  if (take('(')) return hole(made) && (parts.push_back(std::move(made)), true);
  if (take('<')) return choice(made) && (parts.push_back(std::move(made)), true);
  if (take('[')) return group(made) && (parts.push_back(std::move(made)), true);
  return words(parts);
}

bool Reader::sequence(std::vector<Part>& parts) {
  if (++depth > 32) return fail("nested too deeply");
  while (!end() && text[at] != ']' && text[at] != '>' && text[at] != '/')
    if (!part(parts)) return false;
  --depth;
  return true;
}

}  // namespace

const char* to_string(Kind kind) {
  switch (kind) {
#define MIG_KIND(kind) \
  case Kind::kind:     \
    return #kind;
    MIG_ARGUMENT_KINDS(MIG_KIND)
#undef MIG_KIND
  }
  return "";
}

std::optional<Kind> kind(std::string_view text) {
  // Words that read better in a header than the rule's name: (old column), (where expression).
  if (text == "expression") return Kind::value;
  if (text == "column" || text == "table") return Kind::path;
#define MIG_KIND(kind) \
  if (text == #kind) return Kind::kind;
  MIG_ARGUMENT_KINDS(MIG_KIND)
#undef MIG_KIND
  return std::nullopt;
}

std::optional<Form> read_form(std::string_view text, std::string& problem) {
  problem.clear();
  Reader reader{text, problem};
  std::vector<Part> parts;
  if (!reader.sequence(parts)) return std::nullopt;
  if (!reader.end()) {
    reader.fail(std::string("unexpected `") + text[reader.at] + "`");
    return std::nullopt;
  }
  Form form;
  form.text = std::string(text);
  std::size_t first = 0;
  while (first < parts.size() && parts[first].is == Part::Is::word) form.phrase.push_back(parts[first++].text);
  if (form.phrase.empty()) {
    problem = "a form begins with a word, its verb";
    return std::nullopt;
  }
  form.parts.assign(std::make_move_iterator(parts.begin() + static_cast<std::ptrdiff_t>(first)),
                    std::make_move_iterator(parts.end()));
  return form;
}

}  // namespace mig::grammar
