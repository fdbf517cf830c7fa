// Work on templates: arguments put in, casts put around.
#pragma once

#include "compiler/check/declarations.hpp"

namespace mig::check {

// The value as one of this type, closed: whatever stands behind it does not reach into it.
[[nodiscard]] Template cast_to(Template value, const std::string& type, source::Span origin);
// How often a parameter stands in it.
[[nodiscard]] std::size_t uses(const Template& body, int parameter);
// The body of a function with arguments for its parameters. Text of the body stands for `call`.
[[nodiscard]] Template filled(const Template& body, const std::vector<Template>& arguments, source::Span call);
// Text that mig writes for `origin`, of a declaration where `function` is given.
[[nodiscard]] Piece made(std::string text, source::Span origin, std::optional<source::Span> function = {});

}  // namespace mig::check
