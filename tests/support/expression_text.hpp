// An expression of the syntax tree as SQL with parentheses around every operator: precedence made visible.
#pragma once

#include <string>

#include "compiler/syntax/tree.hpp"

namespace mig::tests {

[[nodiscard]] std::string with_parentheses(const syntax::Expr& expression);
[[nodiscard]] std::string type_text(const syntax::Type& type);

}  // namespace mig::tests
