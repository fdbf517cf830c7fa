// mig fmt: decides white space between tokens and nothing else. Tokens and comments are never changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mig::syntax {

// The formatted text; nullopt when the text does not even tokenise (an open string or comment). Idempotent.
[[nodiscard]] std::optional<std::string> format(std::string_view text);

}  // namespace mig::syntax
