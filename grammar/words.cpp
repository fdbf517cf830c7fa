// The lists, sorted, so that a look-up is a binary search.
#include "grammar/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace mig::grammar {
namespace {

template <std::size_t N>
bool has(const std::string_view (&list)[N], std::string_view word) {
  return std::binary_search(std::begin(list), std::end(list), word);
}

// Where the words of each first letter begin in a sorted list: each word of a text is looked up, most are no keyword.
template <std::size_t N>
struct ByLetter {
  std::array<std::uint8_t, 27> begin{};
  consteval explicit ByLetter(const std::string_view (&list)[N]) {
    static_assert(N < 256);
    for (std::size_t letter = 0; letter < 27; ++letter)
      for (const auto& word : list)
        if (static_cast<std::size_t>(word[0] - 'a') < letter) ++begin[letter];
  }
};

template <std::size_t N>
bool has(const std::string_view (&list)[N], const ByLetter<N>& letters, std::string_view word) {
  if (word.empty() || word[0] < 'a' || word[0] > 'z') return false;
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  for (std::size_t i = letters.begin[letter]; i < letters.begin[letter + 1]; ++i)
    if (list[i].size() == word.size() && list[i] == word) return true;
  return false;
}

// clang-format off
constexpr std::string_view reserved_words[]{
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check",
    "collate", "column", "constraint", "create", "current_catalog", "current_date", "current_role", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except",
    "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially", "intersect", "into",
    "lateral", "leading", "limit", "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or", "order",
    "placing", "primary", "references", "returning", "select", "session_user", "some", "symmetric", "table", "then",
    "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "when", "where", "window", "with"};
constexpr std::string_view function_words[]{
    "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze", "full", "ilike",
    "inner", "is", "isnull", "join", "left", "like", "natural", "notnull", "outer", "overlaps", "right", "similar",
    "tablesample", "verbose"};
constexpr std::string_view infix_words[]{
    "and", "at", "between", "collate", "escape", "ilike", "in", "is", "isnull", "like", "not", "notnull", "operator",
    "or", "overlaps", "similar"};
constexpr std::string_view section_words[]{
    "accept", "backup", "checkpoint", "contract", "expand", "expect", "function", "include", "map", "measure",
    "migration", "parameter", "policy", "publish", "repeatable", "require", "skip", "source", "step", "time", "use",
    "values", "verify", "when"};
// clang-format on
static_assert(std::is_sorted(std::begin(reserved_words), std::end(reserved_words)));
static_assert(std::is_sorted(std::begin(function_words), std::end(function_words)));
static_assert(std::is_sorted(std::begin(infix_words), std::end(infix_words)));
static_assert(std::is_sorted(std::begin(section_words), std::end(section_words)));

constexpr ByLetter reserved_letters(reserved_words);
constexpr ByLetter function_letters(function_words);

}  // namespace

bool reserved(std::string_view word) { return has(reserved_words, reserved_letters, word) || function_word(word); }
bool function_word(std::string_view word) { return has(function_words, function_letters, word); }
bool infix_word(std::string_view word) { return has(infix_words, word); }
bool section_word(std::string_view word) { return has(section_words, word); }

}  // namespace mig::grammar
