// Bodies of functions that are text: what they name does not follow when it gets another name.
#pragma once

#include <functional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Warns of each function whose body is text and `names` what is shown as `what`.
void warn_of_bodies(const Context& ctx, source::Span span, const std::string& what,
                    const std::function<bool(const std::string& body)>& names);

}  // namespace mig::operations
