// libpg_query behind one call: PostgreSQL's own parser, its tree as JSON text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/sql/parse.hpp"

namespace mig::sql {

// The tree of all statements of a text. `json` is empty where `error` is set.
struct Parsed {
  std::string json;
  std::optional<ParseError> error;
};
[[nodiscard]] Parsed parse_to_json(std::string_view text);

// Texts that libpg_query cannot take: a NUL (its strings end there), bytes that are not UTF-8, and nesting that its
// recursive printer would not survive. To be asked before any call of libpg_query.
[[nodiscard]] std::optional<ParseError> refuse(std::string_view text);

// libpg_query counts characters from 1; everybody else here counts bytes from 0.
[[nodiscard]] std::size_t byte_offset(std::string_view text, int cursor);

}  // namespace mig::sql
