// UTF-8: what a .mig file, a plan and the journal are written in.
#pragma once

#include <string_view>

namespace mig::source {

// Is every byte of this text part of a well-formed character?
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace mig::source
