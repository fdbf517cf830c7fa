// What the files that build expressions share.
#pragma once

#include <algorithm>

#include "compiler/syntax/build.hpp"

namespace mig::syntax {

// An expression and the height of its tree.
struct Builder::High {
  Expr expr;
  int height = 0;
};

}  // namespace mig::syntax
