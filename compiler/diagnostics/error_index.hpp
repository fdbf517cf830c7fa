// docs/errors.md: every code with its name and title, from codes.def.
#pragma once

#include <string>

namespace mig::diagnostics {

// Markdown, ordered by code; a test holds docs/errors.md against it.
[[nodiscard]] std::string error_index();

}  // namespace mig::diagnostics
