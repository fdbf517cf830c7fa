// SQL text to the tree that is typed, by PostgreSQL's own parser.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/sql/parse.hpp"
#include "compiler/types/expression.hpp"

namespace mig::types {

// One scalar expression. nullopt: `error` says where it does not parse. Offsets are those of `text`.
[[nodiscard]] std::optional<Node> parse_expression(std::string_view text, sql::ParseError& error);
// One SELECT, VALUES or set operation.
[[nodiscard]] std::optional<Query> parse_query(std::string_view text, sql::ParseError& error);
// A type as SQL writes it or format_type prints it: `character varying(20)[]`.
[[nodiscard]] std::optional<TypeName> parse_type(std::string_view text);

}  // namespace mig::types
