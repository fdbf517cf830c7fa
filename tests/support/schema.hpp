// JSON Schema, as much of draft 2020-12 as the project's own schemas use: type, const, enum, minLength, minimum,
// required, properties, additionalProperties, items, oneOf, $ref within the file. A keyword that is not one of these is
// a failure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace mig::tests {

// The first breach as "pointer: what"; empty: the value is valid.
[[nodiscard]] std::string schema_breach(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace mig::tests
