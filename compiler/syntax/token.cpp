// The tokenizer, after the rules of PostgreSQL's scan.l and the few signs that .mig adds.
#include "compiler/syntax/token.hpp"

#include <algorithm>

namespace mig::syntax {

namespace {

constexpr std::string_view operator_signs = "+-*/<>=~!@#%^&|`?";
constexpr std::string_view special_signs = "~!@#%^&|`?";  // an operator with one of these may end in + or -

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_word(char c) { return begins_word(c) || is_digit(c); }
bool is_one_of(char c, std::string_view signs) { return signs.find(c) != std::string_view::npos; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Reads one token after the other; `at` is where the next begins.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }

  Token next() {
    const auto begin = at_;
    problem_ = {};
    const auto kind = read();
    return {problem_.empty() ? kind : TokenKind::error, static_cast<std::uint32_t>(begin),
            static_cast<std::uint32_t>(at_), problem_};
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool sees(std::string_view words) const { return text_.substr(at_, words.size()) == words; }

  template <class Test>
  void skip_while(Test test) {
    while (at_ < text_.size() && test(text_[at_])) ++at_;
  }

  TokenKind read() {
    const char c = peek();
    if (sees("\xEF\xBB\xBF")) return at_ += 3, TokenKind::blank;
    if (is_blank(c)) return skip_while(is_blank), TokenKind::blank;
    if (sees("--")) return skip_while([](char each) { return each != '\n' && each != '\r'; }), TokenKind::comment;
    if (sees("/*")) return block_comment();
    if (begins_word(c)) return word_or_prefixed_string();
    if (c == '"') return closed_by('"', "the quoted name is not closed"), TokenKind::quoted;
    if (c == '\'') return closed_by('\'', "the string is not closed"), TokenKind::string;
    if (c == '$') return dollar();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    return sign();
  }

  // PostgreSQL's comments nest, so that commented-out code may have comments.
  TokenKind block_comment() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      if (sees("/*")) {
        at_ += 2, ++depth;
      } else if (sees("*/")) {
        at_ += 2;
        if (--depth == 0) return TokenKind::comment;
      } else {
        ++at_;
      }
    }
    problem_ = "the comment is not closed";
    return TokenKind::error;
  }

  // From the opening quote to the closing one; a doubled quote stands for one.
  void closed_by(char quote, std::string_view problem, bool escapes = false) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\') {
        if (++at_ == text_.size()) break;
      } else if (text_[at_] == quote) {
        ++at_;
        if (peek() != quote || at_ == text_.size()) return;
      }
    }
    problem_ = problem;
  }

  TokenKind word_or_prefixed_string() {
    const char c = lower(peek());
    if (c == 'u' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
      at_ += 2;
      const bool name = peek() == '"';
      closed_by(peek(), name ? "the quoted name is not closed" : "the string is not closed");
      return name ? TokenKind::quoted : TokenKind::string;
    }
    if (is_one_of(c, "ebxn") && peek(1) == '\'') {
      ++at_;
      closed_by('\'', "the string is not closed", c == 'e');
      return c == 'e' ? TokenKind::escape_string : TokenKind::string;
    }
    skip_while([](char each) { return goes_on_word(each) || each == '$'; });
    return TokenKind::word;
  }

  // $1, or $tag$ … $tag$.
  TokenKind dollar() {
    std::size_t tag_end = at_ + 1;
    if (is_digit(peek(1))) {
      ++at_;
      return skip_while(is_digit), TokenKind::number;
    }
    while (tag_end < text_.size() && goes_on_word(text_[tag_end])) ++tag_end;
    if (tag_end == text_.size() || text_[tag_end] != '$') {
      ++at_;
      problem_ = "a lone `$`";
      return TokenKind::error;
    }
    const auto tag = text_.substr(at_, tag_end + 1 - at_);
    const auto close = text_.find(tag, tag_end + 1);
    at_ = close == std::string_view::npos ? text_.size() : close + tag.size();
    if (close == std::string_view::npos) problem_ = "the `$…$` text is not closed";
    return TokenKind::body;
  }

  TokenKind number() {
    skip_while(is_digit);
    if (peek() == '.' && peek(1) != '.') {
      ++at_;
      skip_while(is_digit);
    }
    const bool exponent = lower(peek()) == 'e';
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (exponent && is_digit(peek(1 + sign))) {
      at_ += 2 + sign;
      skip_while(is_digit);
    }
    skip_while(goes_on_word);  // the unit; or junk, which the grammar refuses with the list of units
    return TokenKind::number;
  }

  TokenKind sign() {
    if (is_one_of(peek(), operator_signs)) return operator_run();
    for (const std::string_view pair : {"::", ":="})
      if (sees(pair)) return at_ += 2, TokenKind::punctuation;
    if (!is_one_of(peek(), "()[]{},;.:")) problem_ = "this sign begins nothing";
    ++at_;
    return TokenKind::punctuation;
  }

  // The longest run of operator signs that holds no comment, without a + or - at its end unless a special sign is in
  // it.
  TokenKind operator_run() {
    auto end = at_;
    while (end < text_.size() && is_one_of(text_[end], operator_signs)) {
      const auto two = text_.substr(end, 2);
      if (two == "--" || two == "/*") break;
      ++end;
    }
    const auto run = text_.substr(at_, end - at_);
    if (run.find_first_of(special_signs) == std::string_view::npos)
      while (end > at_ + 1 && is_one_of(text_[end - 1], "+-")) --end;
    const bool arrow = text_.substr(at_, end - at_) == "=>";  // names an argument: no operator may be called so
    at_ = end;
    return arrow ? TokenKind::punctuation : TokenKind::operator_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view problem_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 4);
  for (Reader reader(text); !reader.done();) tokens.push_back(reader.next());
  return tokens;
}

}  // namespace mig::syntax
