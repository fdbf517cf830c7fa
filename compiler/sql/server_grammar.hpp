// The grammar that mig's own copy of PostgreSQL's parser knows, and what can be said of a text that it is too old for.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/sql/parse.hpp"

namespace mig::sql {

// The major version of PostgreSQL whose grammar libpg_query knows. A newer server may understand more.
[[nodiscard]] int grammar_major();

// Splits at the semicolons outside of quotes, comments and brackets, by tokens alone: for texts that split() refuses.
[[nodiscard]] std::vector<StatementSpan> split_by_tokens(std::string_view script);

}  // namespace mig::sql
