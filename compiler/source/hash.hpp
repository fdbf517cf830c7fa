// SHA-256 of bytes: the identity of sources, plans and schemas.
#pragma once

#include <string>
#include <string_view>

namespace mig::source {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace mig::source
