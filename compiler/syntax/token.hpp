// Tokens of .mig text (and of SQL, whose lexical rules are the same), without loss: together they are the text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mig::syntax {

enum class TokenKind {
  blank,          // blanks and line ends; a byte order mark where a token could begin
  comment,        // -- … without its line end; /* … */, nested
  word,           // unquoted: a name or a keyword
  quoted,         // "…" with ""; U&"…"
  string,         // '…' with ''; B'…' X'…' N'…' U&'…'
  escape_string,  // E'…', where a backslash escapes
  body,           // $tag$…$tag$
  number,         // 12, 1.5e3, and with what stands right behind it: 250ms, 64MB; $1
  operator_,      // PostgreSQL's rule: manual 4.1.3
  punctuation,    // ( ) [ ] { } , ; . : :: := =>
  error           // not closed, or a byte that begins no token; Token::problem says which
};

// The bytes [begin, end) of the text.
struct Token {
  TokenKind kind = TokenKind::error;
  std::uint32_t begin = 0, end = 0;
  std::string_view problem = {};  // of an error: a constant of the program

  [[nodiscard]] std::string_view text(std::string_view source) const { return source.substr(begin, end - begin); }
};

// Never fails: what is no token becomes an error token. Linear.
[[nodiscard]] std::vector<Token> tokenize(std::string_view text);

// False for blanks and comments: what the grammar sees.
[[nodiscard]] inline bool is_significant(const Token& token) {
  return token.kind != TokenKind::blank && token.kind != TokenKind::comment;
}

}  // namespace mig::syntax
