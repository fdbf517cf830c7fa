// Places in the text of a query: where an item of its list ends, and the name that it shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mig::sql {

// The end of the expression (with its AS name, where it has one) that begins here: before a comma, a closing
// parenthesis or the clause that follows the list.
[[nodiscard]] std::size_t item_end(std::string_view text, std::size_t begin);
// The beginning of the last word or quoted name of text[begin, end).
[[nodiscard]] std::size_t last_name(std::string_view text, std::size_t begin, std::size_t end);

// The query with its output of this number (from 0) called by this name, as PostgreSQL prints it after ALTER VIEW …
// RENAME COLUMN. A query of set operations shows the names of its first one. nullopt: it does not parse.
[[nodiscard]] std::optional<std::string> rename_output(std::string_view query, std::size_t number,
                                                       std::string_view name);

}  // namespace mig::sql
