// Extensions: those that are there, those that the server could make, and what is known of their parts.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

[[nodiscard]] const catalog::Object* find_extension(const Context& ctx, const syntax::Name& name);
// Reports an unknown one, and an owner that the role cannot act as.
[[nodiscard]] const catalog::Object* require_own_extension(const Context& ctx, const syntax::Name& name);
// What the server says of an extension that could be made; null also where the catalog is of a snapshot.
[[nodiscard]] const catalog::Object* find_available(const Context& ctx, const std::string& name);
// A version that the server has a script for, as far as the catalog knows.
bool require_version(const Context& ctx, const std::string& extension, const syntax::Text& version);

// Columns, domains and functions that use a type of the extension.
[[nodiscard]] std::vector<Dependent> users_of_types(const Context& ctx, const std::string& extension);

[[nodiscard]] sql::Fragment has_extension(const std::string& name);
[[nodiscard]] sql::Fragment has_version(const std::string& name, const std::string& version);
[[nodiscard]] std::string extension_fact(const catalog::Object& extension, const std::string& fact);

}  // namespace mig::operations
