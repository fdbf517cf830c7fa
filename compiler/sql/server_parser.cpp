// The calls into libpg_query, and what has to be true of a text before.
#include "compiler/sql/server_parser.hpp"

#include <pg_query.h>

#include <memory>
#include <vector>

#include "compiler/syntax/token.hpp"

namespace mig::sql {

namespace {

using syntax::Token;
using syntax::TokenKind;

// Each token between two commas can be one level of the tree: `a + a + a …` leans to the left. Measured: 30,000 such
// levels print within a stack of 8 MB, 100,000 do not.
constexpr std::size_t deepest = 20'000;

// Follows brackets; the levels that may be open at once are counted from above.
class Depth {
 public:
  // Takes the next token; false: too deep.
  bool take(std::string_view sign) {
    if (sign == "(" || sign == "[" || sign == "{") {
      open_.push_back(0);
    } else if ((sign == ")" || sign == "]" || sign == "}") && open_.size() > 1) {
      // The bracket that closes is one operand of what is around it.
      total_ -= open_.back();
      open_.pop_back();
    } else if (sign == "," || sign == ";") {
      total_ -= open_.back();
      open_.back() = 0;
      return true;
    }
    ++open_.back();
    return ++total_ < deepest;
  }

 private:
  std::vector<std::size_t> open_{0};
  std::size_t total_ = 0;
};

std::optional<std::size_t> too_deep_at(std::string_view text) {
  if (text.size() < deepest) return std::nullopt;
  Depth depth;
  for (const auto& token : syntax::tokenize(text))
    if (syntax::is_significant(token) && !depth.take(token.text(text))) return token.begin;
  return std::nullopt;
}

// The offset of the first byte that is not UTF-8.
std::optional<std::size_t> not_utf8_at(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (size == 0 || i + size > text.size()) return i;
    for (std::size_t k = 1; k < size; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return i;
    const auto second = size > 2 ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    if (overlong || (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90)) return i;
    i += size;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ParseError> refuse(std::string_view text) {
  if (const auto at = text.find('\0'); at != std::string_view::npos) return ParseError{"a NUL byte in SQL text", at};
  if (const auto at = not_utf8_at(text)) return ParseError{"the SQL text is not UTF-8", *at};
  if (const auto at = too_deep_at(text)) return ParseError{"the SQL text is nested too deeply", *at};
  return std::nullopt;
}

std::size_t byte_offset(std::string_view text, int cursor) {
  std::size_t at = 0;
  for (int left = cursor - 1; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (begins && left-- <= 0) break;
  }
  return at;
}

Parsed parse_to_json(std::string_view text) {
  if (auto error = refuse(text)) return {{}, std::move(error)};
  const std::string terminated(text);
  auto result = pg_query_parse(terminated.c_str());
  const std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)> owner(
      &result, [](PgQueryParseResult* each) { pg_query_free_parse_result(*each); });
  if (result.error != nullptr)
    return {{}, ParseError{result.error->message, byte_offset(text, result.error->cursorpos)}};
  return {result.parse_tree, std::nullopt};
}

}  // namespace mig::sql
