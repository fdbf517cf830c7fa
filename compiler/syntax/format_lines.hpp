// The parts of the formatter: pieces of text, lines made of them, columns in lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/token.hpp"

namespace mig::syntax {

// A token or comment, and how the author set it apart from the one before.
struct Piece {
  TokenKind kind = TokenKind::word;
  std::string_view text;
  bool blank_before = false;   // anything between: blanks or line ends
  unsigned breaks_before = 0;  // line ends between

  [[nodiscard]] bool is(std::string_view sign) const {
    return text == sign && kind != TokenKind::quoted && kind != TokenKind::comment;
  }
  [[nodiscard]] bool is_name() const { return kind == TokenKind::word || kind == TokenKind::quoted; }
  [[nodiscard]] bool is_line_comment() const { return kind == TokenKind::comment && text.substr(0, 2) == "--"; }
};

// All but the blanks; nullopt: the text does not tokenise.
[[nodiscard]] std::optional<std::vector<Piece>> pieces(std::string_view text);

// What lines may be aligned with each other: the second column of each begins at the same place. `comment` and `other`
// have no columns, but stand between others without ending their group: a comment alone, a one-line item.
enum class Column { none, comment, other, assignment, definition, added_column, pair };

// One line of the result.
struct Line {
  unsigned indent = 0;
  std::string text;           // without indent and trailing comment; a string or comment in it may have line ends
  std::string comment;        // -- … at its end
  bool blank_before = false;  // an empty line stands before it
  Column column = Column::none;
  std::size_t split = 0;  // where in `text` the second column begins
};

// Decides where lines break and how far they are indented, and the blanks inside of each.
[[nodiscard]] std::vector<Line> lines(const std::vector<Piece>& pieces);

// Is there a blank between two pieces of one line?
[[nodiscard]] bool is_apart(const Piece& left, const Piece& right);

// Lines up columns and trailing comments of neighbouring lines.
void align(std::vector<Line>& lines);

}  // namespace mig::syntax
