// The blanks between two tokens of a line: fixed around punctuation, the author's around operators and parentheses.
#include <algorithm>
#include <array>

#include "compiler/syntax/format_lines.hpp"

namespace mig::syntax {

namespace {

// Operators that are never a prefix, so that blanks around them are always right.
constexpr std::array<std::string_view, 15> always_apart{"=",  "<>",  "!=",  "<",  ">",  "<=", ">=", "||",
                                                        "->", "->>", "<->", "=>", ":=", "~~", "@>"};

bool is_always_apart(const Piece& piece) {
  const bool sign = piece.kind == TokenKind::operator_ || piece.kind == TokenKind::punctuation;
  return sign && std::find(always_apart.begin(), always_apart.end(), piece.text) != always_apart.end();
}

bool is_one_of(const Piece& piece, std::initializer_list<std::string_view> signs) {
  return std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) { return piece.is(sign); });
}

bool wanted(const Piece& left, const Piece& right) {
  if (is_one_of(right, {",", ";"})) return false;
  if (left.kind == TokenKind::comment || right.kind == TokenKind::comment) return true;
  if (is_one_of(right, {")", "]"})) return left.is("}");
  if (is_one_of(left, {"(", "["})) return right.is("{");
  if (is_one_of(left, {".", "::"}) || is_one_of(right, {".", "::"})) return false;
  if (left.is(",") && right.kind == TokenKind::number) return right.blank_before;  // numeric(12,2) is written close
  if (is_one_of(left, {",", ";", "{", "}"}) || is_one_of(right, {"{", "}"})) return !right.is("?");
  if (is_always_apart(left) || is_always_apart(right)) return true;
  const bool operators = left.kind == TokenKind::operator_ || right.kind == TokenKind::operator_;
  if (operators || is_one_of(right, {"(", "[", ":"}) || left.is(":")) return right.blank_before;
  return true;
}

// Would the two be read as they are now, without a blank between? `1` and `.` would not.
bool may_touch(const Piece& left, const Piece& right) {
  const auto joined = std::string(left.text) + std::string(right.text);
  const auto read = tokenize(joined);
  return read.size() == 2 && read[0].end == left.text.size() && read[0].kind == left.kind && read[1].kind == right.kind;
}

}  // namespace

bool is_apart(const Piece& left, const Piece& right) {
  return wanted(left, right) || (right.blank_before && !may_touch(left, right));
}

}  // namespace mig::syntax
