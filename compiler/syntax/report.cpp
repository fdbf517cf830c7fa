// What to say about a mistake: what was expected at the furthest token, what stands there, and the way out.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/syntax/recovery.hpp"
#include "grammar/words.hpp"

namespace mig::syntax {
namespace {

using diagnostics::Diagnostic;
using grammar::Lexeme;
using grammar::Token;

constexpr const char* units = "units are: ms s min h d w (time), kB MB GB TB (size), % (part)";

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 40;
  const auto line = text.substr(0, text.find('\n'));
  if (line.size() <= most && line.size() == text.size()) return std::string(text);
  auto cut = std::min(line.size(), most);
  while (cut > 0 && (static_cast<unsigned char>(line[cut < line.size() ? cut : cut - 1]) & 0xC0U) == 0x80U) --cut;
  return std::string(line.substr(0, cut)) + "…";
}

std::string list_of(std::vector<std::string> parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? " or " : ", ") + parts[i];
  return text;
}

// The mistake of one item, with what is known about it.
struct Mistake {
  Parsing& parsing;
  const Expectations& expected;
  Items items;
  std::uint32_t begin;
  const grammar::Tokens& tokens = parsing.tokens();
  std::size_t token = tokens.index[expected.furthest];
  const Lexeme& lexeme = tokens.list[token];

  [[nodiscard]] std::string found() const {
    if (lexeme.token == Token::end) return "the end of the file";
    return "`" + shortened(tokens.text_of(lexeme)) + "`";
  }
  [[nodiscard]] source::Span here() const { return parsing.span(lexeme.begin, lexeme.end); }
  // The end of the token before: where something is missing.
  [[nodiscard]] source::Span before() const {
    const auto end = token > 0 ? tokens.list[token - 1].end : lexeme.begin;
    return parsing.span(end, end);
  }
  [[nodiscard]] bool expects(std::string_view text) const {
    return std::any_of(expected.list.begin(), expected.list.end(), [&](const auto& one) { return one.text == text; });
  }
  [[nodiscard]] bool new_line() const {
    const auto end = before().end;
    return token > 0 && tokens.text.substr(end, lexeme.begin - end).find('\n') != std::string_view::npos;
  }

  // A new line that begins the next item: what is wrong stands before it.
  [[nodiscard]] bool next_item() const { return new_line() && begins_item(parsing, items, token); }
  [[nodiscard]] std::optional<std::string> near_word() const;

  Diagnostic& error(const diagnostics::Code& code, source::Span span, std::string message) {
    return parsing.sink.report(code, span, std::move(message));
  }

  bool odd_token();
  bool two_strings();
  bool unknown_verb();
  bool wrong_clause();
  bool missing_end();
  void general();
  void report();
  [[nodiscard]] std::string expected_list() const;
  void suggest_word(Diagnostic& diagnostic) const;
  void reserved_name(Diagnostic& diagnostic) const;
};

bool Mistake::odd_token() {
  if (lexeme.token == Token::quantity) {
    auto& made = error(diagnostics::syntax_error, here(), fmt::format("{} is no number and no quantity", found()));
    if (tokens.text_of(lexeme).find_first_not_of("0123456789.") != std::string_view::npos &&
        tokens.text_of(lexeme).back() == 'm')
      made.note("`m` could be minutes or months: write `min`");
    made.note(expects("an expression") ? "quantities stand only in policies, gates and expectations" : units);
    return true;
  }
  if (lexeme.token == Token::unicode) {
    error(diagnostics::syntax_error, here(), fmt::format("{}: the language has no U& strings or names", found()))
        .note("write: the characters themselves, or E'\\u00e9'");
    return true;
  }
  if (lexeme.token == Token::bad) {
    error(diagnostics::syntax_error, here(), fmt::format("unexpected character {}", found()))
        .note("expected: " + expected_list());
    return true;
  }
  return false;
}

bool Mistake::two_strings() {
  const auto is_string = [](const Lexeme& one) { return one.token == Token::string || one.token == Token::escaped; };
  if (token == 0 || !is_string(lexeme) || !is_string(tokens.list[token - 1])) return false;
  error(diagnostics::syntax_error, here(), "two strings side by side")
      .also(parsing.span(tokens.list[token - 1].begin, tokens.list[token - 1].end), "the first")
      .note("a string ends at its quote, and does not go on in the next line as in SQL")
      .note("write: one string, `||` between them, or `as` before a message");
  return true;
}

// The nearest phrase or item word to the words that stand here.
bool Mistake::unknown_verb() {
  if (expected.furthest != begin || lexeme.token == Token::end) return false;
  std::vector<std::string> known = item_words(items);
  const bool operations = items == Items::file || items == Items::sections || items == Items::phase;
  if (operations)
    for (std::size_t i = 0; i < parsing.verbs.size(); ++i)
      known.push_back(fmt::format("{}", fmt::join(parsing.verbs[i].phrase, " ")));
  if (known.empty()) return false;
  auto& made = error(operations ? diagnostics::unknown_verb : diagnostics::syntax_error, here(),
                     fmt::format("{} begins no {}", found(),
                                 operations ? "operation or declaration that may stand here" : "item of this block"));
  if (lexeme.token == Token::word) {
    std::vector<std::string> near;
    std::string words;
    std::uint32_t end = 0;
    for (std::size_t count = 1; count <= 4; ++count) {
      const auto& next = tokens.list[token + count - 1];
      if (next.token != Token::word) break;
      words += (words.empty() ? "" : " ") + std::string(tokens.text_of(next));
      std::vector<std::string> same_length;
      for (const auto& one : known)
        if (static_cast<std::size_t>(std::count(one.begin(), one.end(), ' ')) + 1 == count) same_length.push_back(one);
      const auto found_near = diagnostics::nearest(words, same_length, 1);
      if (!found_near.empty()) {
        near = found_near;
        end = next.end;
      }
    }
    if (!near.empty()) {
      made.primary->span.end = end;
      made.message.replace(0, found().size(),
                           "`" + shortened(tokens.text.substr(lexeme.begin, end - lexeme.begin)) + "`");
      for (auto& one : near) one = "`" + one + "`";
      made.note("did you mean " + list_of(near) + "?");
      return true;
    }
    // No phrase is near: those that begin with the same word.
    std::vector<std::string> same;
    for (const auto& one : known)
      if (grammar::equal_fold(tokens.text_of(lexeme), one.substr(0, one.find(' ')))) same.push_back("`" + one + "`");
    if (!same.empty() && same.size() <= 12) {
      made.note("known: " + fmt::format("{}", fmt::join(same, ", ")));
      return true;
    }
  }
  if (operations) {
    std::vector<std::string> verbs;
    for (std::size_t i = 0; i < parsing.verbs.size(); ++i) verbs.push_back(parsing.verbs[i].phrase.front());
    std::sort(verbs.begin(), verbs.end());
    verbs.erase(std::unique(verbs.begin(), verbs.end()), verbs.end());
    if (!verbs.empty()) made.note(fmt::format("operations begin with: {}", fmt::join(verbs, ", ")));
  }
  if (!operations || items == Items::sections) {
    auto words = item_words(items);
    for (auto& one : words) one = "`" + one + "`";
    if (items == Items::map || items == Items::back) words.insert(words.begin(), "`column = …`");
    made.note("expected: " + list_of(words) + (operations ? " or an operation" : ""));
  }
  return true;
}

// The clause words of a form: the first words of its optional parts.
void clauses_of(const std::vector<grammar::Part>& parts, std::vector<std::string>& words) {
  for (const auto& part : parts) {
    const bool optional = part.is == grammar::Part::Is::optional || part.is == grammar::Part::Is::repeated;
    for (const auto& branch : part.branches) {
      if (optional && !branch.empty() && branch.front().is == grammar::Part::Is::word)
        words.push_back(branch.front().text);
      clauses_of(branch, words);
    }
  }
}

// The operation is complete, and what follows is a clause of another one, or one of its own in the wrong place.
bool Mistake::wrong_clause() {
  if (!expected.finished_form || lexeme.token != Token::word || next_item()) return false;
  const auto& form = parsing.verbs[*expected.finished_form];
  std::vector<std::string> own;
  std::vector<std::string> any{"where", "with", "using", "include", "cascade", "back", "concurrently"};
  clauses_of(form.parts, own);
  for (std::size_t i = 0; i < parsing.verbs.size(); ++i) clauses_of(parsing.verbs[i].parts, any);
  const auto has = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const auto& word) { return tokens.is(lexeme, word); });
  };
  const auto phrase = fmt::format("`{}`", fmt::join(form.phrase, " "));
  const bool is_own = has(own);
  if (!is_own && (!has(any) || !diagnostics::nearest(tokens.text_of(lexeme), own).empty())) return false;
  const bool twice =
      std::any_of(expected.clauses.begin(), expected.clauses.end(), [&](auto word) { return tokens.is(lexeme, word); });
  const auto why = twice    ? fmt::format("{} takes {} once", phrase, found())
                   : is_own ? fmt::format("the clause {} of {} stands too late", found(), phrase)
                            : fmt::format("{} takes no clause {}", phrase, found());
  auto& made = error(diagnostics::wrong_clause, here(), why);
  for (auto& word : own) word = "`" + word + "`";
  made.note(own.empty() ? "it takes no clauses" : "its clauses: " + fmt::format("{}", fmt::join(own, ", ")));
  made.note("its form: " + form.text);
  return true;
}

std::string Mistake::expected_list() const {
  std::vector<std::string> said;
  std::vector<std::string> keywords;
  for (const auto& one : expected.list) {
    auto text = one.sentence ? std::string(one.text) : "`" + std::string(one.text) + "`";
    auto& list = one.keyword ? keywords : said;
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
  }
  if (said.size() + keywords.size() <= 5 || said.empty()) said.insert(said.end(), keywords.begin(), keywords.end());
  constexpr std::size_t most = 8;
  if (said.size() > most) said.resize(most);
  return said.empty() ? "something else" : list_of(std::move(said));
}

// The keyword that was meant, perhaps.
std::optional<std::string> Mistake::near_word() const {
  if (lexeme.token != Token::word || lexeme.end - lexeme.begin < 3) return std::nullopt;
  std::vector<std::string> known(expected.words.begin(), expected.words.end());
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const auto near = diagnostics::nearest(tokens.text_of(lexeme), known, 1);
  if (near.empty() || tokens.is(lexeme, near.front())) return std::nullopt;
  return near.front();
}

void Mistake::suggest_word(Diagnostic& diagnostic) const {
  const auto near = near_word();
  if (!near) return;
  diagnostic.note("did you mean `" + *near + "`?");
  diagnostic.fix = diagnostics::Fix{here(), *near};
}

void Mistake::reserved_name(Diagnostic& diagnostic) const {
  if (!lexeme.reserved || !(expects("a name") || expects("an expression"))) return;
  diagnostic.note(fmt::format("{} is reserved in SQL: as a name write \"{}\"", found(), tokens.text_of(lexeme)));
}

// `;` is missing: said where it belongs, behind the token before.
bool Mistake::missing_end() {
  if (!expects(";")) return false;
  const bool ends = lexeme.token == Token::end || tokens.text_of(lexeme) == "}" || next_item();
  if (!ends && (!new_line() || near_word())) return false;
  auto& made = error(diagnostics::syntax_error, before(), fmt::format("expected `;`, found {}", found()));
  made.suggest(";");
  return true;
}

void Mistake::general() {
  const bool at_end = lexeme.token == Token::end;
  auto& made = error(diagnostics::syntax_error, at_end ? before() : here(),
                     fmt::format("expected {}, found {}", expected_list(), found()));
  for (const auto hint : expected.hints) made.note(std::string(hint));
  suggest_word(made);
  reserved_name(made);
}

void Mistake::report() {
  // What stands behind a string or comment that never ends was not read: its one error is enough.
  if (lexeme.token == Token::end && tokens.open) return;
  if (odd_token() || two_strings() || unknown_verb() || wrong_clause() || missing_end()) return;
  general();
}

}  // namespace

void report(Parsing& parsing, const Expectations& expected, Items items, std::uint32_t begin) {
  Mistake{parsing, expected, items, begin}.report();
}

void report_too_deep(Parsing& parsing, std::uint32_t offset) {
  const auto& lexeme = parsing.at(offset);
  parsing.sink
      .report(diagnostics::nesting_too_deep, parsing.span(lexeme.begin, lexeme.end),
              fmt::format("nested more than {} levels deep", deepest))
      .note("write: parts of it as functions or in several operations");
}

}  // namespace mig::syntax
