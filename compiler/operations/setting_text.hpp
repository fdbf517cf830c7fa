// Values of `with (name = value)`: a string, a number, a word or a boolean, as text.
#pragma once

#include <optional>
#include <string>

#include "compiler/syntax/tree.hpp"

namespace mig::operations {

// publish, autovacuum_enabled, toast.autovacuum_enabled
[[nodiscard]] std::string setting_name(const syntax::Setting& setting);
// A string's value; a word or number as written; "true" where no value stands.
[[nodiscard]] std::string setting_text(const syntax::Setting& setting);
// true, on, yes, 1 and their opposites; nullopt: neither.
[[nodiscard]] std::optional<bool> setting_boolean(const syntax::Setting& setting);

}  // namespace mig::operations
