// Types of arguments and results: without lengths, and with the pseudo-types that columns cannot be of.
#pragma once

#include <optional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// As format_type() prints it; nullopt: no such type. `setof` is not part of it.
[[nodiscard]] std::optional<std::string> routine_type(const Context& ctx, const syntax::Type& type);
// The same; reports a type that is not there.
[[nodiscard]] std::optional<std::string> require_routine_type(const Context& ctx, const syntax::Type& type);
// The element of a variadic argument's array type, as pg_type has it: "integer[]" is pg_catalog.int4.
[[nodiscard]] catalog::Name variadic_element(const Context& ctx, const std::string& array_type);

}  // namespace mig::operations
