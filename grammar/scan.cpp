// The scanner: one pass, no table, linear.
#include "grammar/scan.hpp"

#include <array>
#include <string>

#include "grammar/words.hpp"

namespace mig::grammar {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool high(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || high(c); }
bool word_char(char c) { return letter(c) || digit(c) || c == '$'; }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool operator_char(char c) {
  return c != '\0' && std::string_view("+-*/<>=~!@#%^&|`?").find(c) != std::string_view::npos;
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

struct Scanner {
  std::string_view text;
  std::size_t begin;
  bool& closed;

  [[nodiscard]] char peek(std::size_t at) const { return at < text.size() ? text[at] : '\0'; }

  // 'text', "name": a doubled quote is one; with `escapes`, a backslash takes the next byte along.
  std::size_t quoted(std::size_t at, char quote, bool escapes) {
    for (++at; at < text.size(); ++at) {
      if (escapes && text[at] == '\\') {
        ++at;
      } else if (text[at] == quote) {
        if (peek(at + 1) != quote) return at + 1;
        ++at;
      }
    }
    closed = false;
    return text.size();
  }

  std::size_t number(std::size_t at) const {
    while (digit(peek(at))) ++at;
    if (peek(at) == '.' && peek(at + 1) != '.') {
      ++at;
      while (digit(peek(at))) ++at;
    }
    if (lower(peek(at)) == 'e') {
      const auto sign = peek(at + 1) == '+' || peek(at + 1) == '-' ? at + 2 : at + 1;
      if (digit(peek(sign))) {
        at = sign;
        while (digit(peek(at))) ++at;
      }
    }
    return at;
  }

  // PostgreSQL's rule: the longest run, cut at a comment; no + or - at the end unless a sign of the second set is in
  // it.
  std::size_t operator_end() const {
    auto end = begin;
    bool special = false;
    for (; operator_char(peek(end)); ++end) {
      const auto c = text[end];
      if ((c == '-' && peek(end + 1) == '-') || (c == '/' && peek(end + 1) == '*')) break;
      special = special || std::string_view("~!@#%^&|`?").find(c) != std::string_view::npos;
    }
    if (!special)
      while (end > begin + 1 && (text[end - 1] == '+' || text[end - 1] == '-')) --end;
    return end;
  }

  // $tag$ … $tag$; the end of the opening delimiter, or 0 when none stands here.
  std::size_t delimiter_end() const {
    auto at = begin + 1;
    if (digit(peek(at))) return 0;
    while (letter(peek(at)) || digit(peek(at))) ++at;
    return peek(at) == '$' ? at + 1 : 0;
  }

  Lexeme make(Token token, std::size_t end) const {
    return {token, false, false, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  Lexeme dollar() {
    if (const auto head = delimiter_end()) {
      const auto end = text.find(text.substr(begin, head - begin), head);
      closed = end != std::string_view::npos;
      return make(Token::body, closed ? end + (head - begin) : text.size());
    }
    auto end = begin + 1;
    while (digit(peek(end))) ++end;
    return make(end > begin + 1 ? Token::positional : Token::bad, end);
  }

  Lexeme letters() {
    const auto first = lower(text[begin]);
    const auto next = peek(begin + 1);
    if (next == '\'') {
      if (first == 'e') return make(Token::escaped, quoted(begin + 1, '\'', true));
      if (first == 'b' || first == 'x') return make(Token::bits, quoted(begin + 1, '\'', false));
      if (first == 'n') return make(Token::national, quoted(begin + 1, '\'', false));
    }
    if (first == 'u' && next == '&' && (peek(begin + 2) == '\'' || peek(begin + 2) == '"'))
      return make(Token::unicode, quoted(begin + 2, peek(begin + 2), false));
    auto end = begin;
    while (word_char(peek(end))) ++end;
    auto made = make(Token::word, end);
    std::array<char, 20> folded{};
    if (end - begin > folded.size()) return made;
    for (auto i = begin; i < end; ++i) folded[i - begin] = lower(text[i]);
    const std::string_view word(folded.data(), end - begin);
    made.reserved = reserved(word);
    made.function_word = made.reserved && function_word(word);
    return made;
  }

  Lexeme digits() const {
    const auto end = number(begin);
    auto tail = end;
    while (word_char(peek(tail))) ++tail;
    return tail > end ? make(Token::quantity, tail) : make(Token::number, end);
  }

  Lexeme rest() const {
    const auto c = text[begin];
    const auto next = peek(begin + 1);
    if (c == ':' && (next == ':' || next == '=')) return make(Token::sign, begin + 2);
    if (c == '=' && next == '>') {
      const auto end = operator_end();
      return make(end == begin + 2 ? Token::sign : Token::op, end);
    }
    if (std::string_view("()[]{},;.:").find(c) != std::string_view::npos) return make(Token::sign, begin + 1);
    if (operator_char(c)) return make(Token::op, operator_end());
    return make(Token::bad, begin + 1);
  }

  Lexeme next() {
    const auto c = text[begin];
    if (letter(c)) return letters();
    if (c == '\'') return make(Token::string, quoted(begin, '\'', false));
    if (c == '"') return make(Token::quoted, quoted(begin, '"', false));
    if (digit(c) || (c == '.' && digit(peek(begin + 1)))) return digits();
    if (c == '$') return dollar();
    return rest();
  }
};

const char* name_of_open(Token token) {
  if (token == Token::quoted) return "quoted name";
  return token == Token::body ? "body" : "string";
}

}  // namespace

bool equal_fold(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower_case[i]) return false;
  return true;
}

Lexeme scan_token(std::string_view text, std::size_t at, bool& closed) {
  closed = true;
  return Scanner{text, at, closed}.next();
}

std::size_t skip_space(std::string_view text, std::size_t at, std::optional<std::uint32_t>& open) {
  while (at < text.size()) {
    if (blank(text[at])) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = text.find('\n', at);
      if (at == std::string_view::npos) return text.size();
    } else if (text.substr(at, 2) == "/*") {
      const auto begin = at;
      std::size_t depth = 0;
      do {
        const auto two = text.substr(at, 2);
        if (two == "/*") {
          ++depth;
          at += 2;
        } else if (two == "*/") {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      } while (depth > 0 && at < text.size());
      if (depth > 0) {
        open = static_cast<std::uint32_t>(begin);
        return begin;
      }
    } else {
      return at;
    }
  }
  return at;
}

bool Tokens::is(const Lexeme& lexeme, std::string_view lower_case) const {
  return lexeme.token == Token::word && equal_fold(text_of(lexeme), lower_case);
}

Tokens tokenise(std::string_view text) {
  Tokens made;
  made.text = text;
  made.index.assign(text.size() + 1, Tokens::none);
  made.list.reserve(text.size() / 5 + 2);
  std::optional<std::uint32_t> comment;
  std::size_t at = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;  // a byte order mark is not text
  for (at = skip_space(text, at, comment); at < text.size() && !comment; at = skip_space(text, at, comment)) {
    bool closed = true;
    const auto lexeme = scan_token(text, at, closed);
    if (!closed) {
      made.open = Tokens::Open{lexeme.begin, name_of_open(lexeme.token)};
      break;
    }
    made.index[at] = static_cast<std::uint32_t>(made.list.size());
    made.list.push_back(lexeme);
    at = lexeme.end;
  }
  if (comment) made.open = Tokens::Open{*comment, "comment"};
  const auto end = static_cast<std::uint32_t>(made.open ? made.open->begin : text.size());
  made.index[end] = static_cast<std::uint32_t>(made.list.size());
  made.list.push_back({Token::end, false, false, end, end});
  return made;
}

namespace {

bool sign_is(const Tokens& tokens, std::size_t i, char c) {
  const auto& lexeme = tokens.list[i];
  return lexeme.token == Token::sign && lexeme.end == lexeme.begin + 1 && tokens.text[lexeme.begin] == c;
}

bool begins_query(const Tokens& tokens, std::size_t i) {
  for (const auto* word : {"select", "with", "table"})
    if (tokens.is(tokens.list[i], word)) return true;
  return tokens.is(tokens.list[i], "values") && sign_is(tokens, i + 1, '(');
}

// After a query in parentheses only these make the whole a query; anything else makes it an operand.
bool continues_query(const Tokens& tokens, std::size_t i) {
  for (const auto* word : {"union", "intersect", "except", "order", "limit", "offset", "fetch", "for"})
    if (tokens.is(tokens.list[i], word)) return true;
  return false;
}

}  // namespace

std::size_t end_of_query(const Tokens& tokens, std::size_t begin) {
  std::size_t depth = 0;
  for (auto i = begin; i + 1 < tokens.list.size(); ++i) {
    if (sign_is(tokens, i, '(') || sign_is(tokens, i, '[')) ++depth;
    if (sign_is(tokens, i, ')') || sign_is(tokens, i, ']')) {
      if (depth == 0) return i;
      --depth;
    }
    if (sign_is(tokens, i, ';') || sign_is(tokens, i, '{') || sign_is(tokens, i, '}')) return i;
  }
  return tokens.list.size() - 1;
}

std::optional<std::size_t> query_end(const Tokens& tokens, std::size_t begin) {
  std::size_t first = begin;
  while (sign_is(tokens, first, '(')) ++first;
  if (!begins_query(tokens, first)) return std::nullopt;
  if (first > begin) {
    const auto close = end_of_query(tokens, begin + 1);
    if (!sign_is(tokens, close, ')') || !continues_query(tokens, close + 1)) return std::nullopt;
  }
  return end_of_query(tokens, begin);
}

namespace {

// The length of the UTF-8 sequence at `at`, 0 when it is none (overlong, surrogate, beyond U+10FFFF, cut short).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto first = byte(0);
  if (first < 0x80U) return first == 0 ? 0 : 1;
  if (first >= 0xC2U && first <= 0xDFU) return tail(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool bad = (first == 0xE0U && byte(1) < 0xA0U) || (first == 0xEDU && byte(1) > 0x9FU);
    return !bad && tail(1) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool bad = (first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU);
    return !bad && tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> first_not_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace mig::grammar
