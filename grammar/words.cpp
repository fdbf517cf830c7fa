// The lists, sorted, so that a look-up is a binary search.
#include "grammar/words.hpp"

#include <algorithm>
#include <iterator>

namespace mig::grammar {
namespace {

template <std::size_t N>
bool has(const std::string_view (&list)[N], std::string_view word) {
  return std::binary_search(std::begin(list), std::end(list), word);
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

}  // namespace

bool reserved(std::string_view word) { return has(reserved_words, word) || has(function_words, word); }
bool function_word(std::string_view word) { return has(function_words, word); }
bool infix_word(std::string_view word) { return has(infix_words, word); }
bool section_word(std::string_view word) { return has(section_words, word); }

}  // namespace mig::grammar
