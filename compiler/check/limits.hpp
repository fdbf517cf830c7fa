// `pause when` and `stop when` of a policy.
#pragma once

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/ir/ir.hpp"

namespace mig::check {

// The comparisons of this rule behind those of rules before it; each that is none is reported.
void add_limits(const syntax::Rule& rule, std::vector<ir::Threshold>& limits, diagnostics::Sink& sink);

}  // namespace mig::check
