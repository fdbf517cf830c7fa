// Every expression that stands in the arguments of an operation.
#pragma once

#include <vector>

#include "compiler/syntax/tree.hpp"

namespace mig::check {

[[nodiscard]] std::vector<const syntax::Expr*> expressions_of(const syntax::Call& call);

}  // namespace mig::check
