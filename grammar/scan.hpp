// PostgreSQL's lexical rules: text to tokens with their places. Everything that reads text (parser, recovery,
// sub-selects, formatter) sees the same tokens. White space and comments stand between tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mig::grammar {

enum class Token : std::uint8_t {
  end,
  word,        // name or keyword: select, phone_number
  quoted,      // "Name"
  string,      // 'text'
  escaped,     // E'te\nxt'
  bits,        // B'01', X'1F'
  national,    // N'text'
  unicode,     // U&'…' and U&"…": PostgreSQL has them, the language does not
  body,        // $tag$ … $tag$
  number,      // 12, 1.5, .5, 1e9
  quantity,    // a number with letters on it: 250ms, 64MB, or junk
  positional,  // $1
  op,          // an operator by PostgreSQL's rule: + <-> @>
  sign,        // ( ) [ ] { } , ; . : :: := =>
  bad          // a byte that begins nothing
};

struct Lexeme {
  Token token = Token::end;
  bool reserved = false;       // a word that is no name of a column
  bool function_word = false;  // such a word that may name a function
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// One token at `at`, which is no white space; `closed` is false when a string, name or body runs to the end.
[[nodiscard]] Lexeme scan_token(std::string_view text, std::size_t at, bool& closed);
// The end of white space and comments that begin at `at`; `open` is set to where a comment that never ends begins.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t at, std::optional<std::uint32_t>& open);

// A text as tokens. `list` ends with a token `end`. A text with something that never closes is cut there.
struct Tokens {
  std::string_view text;
  std::vector<Lexeme> list;
  std::vector<std::uint32_t> index;  // token that begins at an offset, or none
  struct Open {
    std::uint32_t begin = 0;
    const char* what = "";  // "string", "quoted name", "comment", "body"
  };
  std::optional<Open> open;

  static constexpr std::uint32_t none = 0xFFFFFFFF;
  [[nodiscard]] const Lexeme& at(std::uint32_t offset) const { return list[index[offset]]; }
  [[nodiscard]] std::string_view text_of(const Lexeme& lexeme) const {
    return text.substr(lexeme.begin, lexeme.end - lexeme.begin);
  }
  [[nodiscard]] bool is(const Lexeme& lexeme, std::string_view lower) const;  // equal, ignoring ASCII case
};
[[nodiscard]] Tokens tokenise(std::string_view text);

// The token that ends a sub-select from `begin`: a `)` or `]` that is not its own, or `;` `{` `}`, which none holds.
[[nodiscard]] std::size_t end_of_query(const Tokens& tokens, std::size_t begin);
// Is the text from this token a query: select, with, table, values (, also behind parentheses before union and such?
// Then the index of the token that ends it: the `)` or `;` that is not its own.
[[nodiscard]] std::optional<std::size_t> query_end(const Tokens& tokens, std::size_t begin);

// The first byte that is NUL or no UTF-8 (RFC 3629), if any.
[[nodiscard]] std::optional<std::size_t> first_not_text(std::string_view text);

[[nodiscard]] bool equal_fold(std::string_view a, std::string_view lower);

}  // namespace mig::grammar
