// Who selects an attribute of a composite type: `(size).width` in the server's texts.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

// A text has no types in it, so that of two composite types with an attribute of one name nobody can tell which is
// meant; views and bodies of BEGIN ATOMIC are told by what they depend on.
[[nodiscard]] std::vector<Dependent> attribute_users(const Context& ctx, const catalog::Type& type,
                                                     const std::string& attribute);
// The same, but only those that nobody can tell.
[[nodiscard]] std::vector<Dependent> unsure_attribute_users(const Context& ctx, const catalog::Type& type,
                                                            const std::string& attribute);
// In all texts that surely mean it, and in the type.
void rename_attribute_everywhere(const Context& ctx, catalog::Catalog& after, const catalog::Type& type,
                                 const std::string& from, const std::string& to);

}  // namespace mig::operations
