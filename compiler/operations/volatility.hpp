// Does an expression give another value for each row? A default that does makes ADD COLUMN rewrite the table.
#pragma once

#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The first function in it that is volatile, as written; empty: none. A function that nobody knows counts as one.
[[nodiscard]] std::string volatile_function(const Context& ctx, const syntax::Expr& expression);
// The same of a text that the server printed.
[[nodiscard]] std::string volatile_call(const Context& ctx, const std::string& text);

}  // namespace mig::operations
