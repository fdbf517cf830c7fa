// Volatility of expressions as PostgreSQL knows it: immutable, stable, volatile (manual 38.7).
#pragma once

#include <string>

#include "compiler/catalog/catalog.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::check {

enum class Stability { immutable, stable, volatile_ };
[[nodiscard]] const char* to_string(Stability stability);

// Of a function of the server by name and number of arguments. Where it has forms of both kinds, and where nobody knows
// it, it counts as immutable: the server has the last word, and this one only says sooner what is certain.
[[nodiscard]] Stability stability_of(const catalog::Catalog& catalog, const syntax::Path& function,
                                     std::size_t arguments);
// Of a cast between two types by their names as written; `from` may be empty where it is not known.
[[nodiscard]] Stability stability_of_cast(const std::string& from, const std::string& to);

}  // namespace mig::check
