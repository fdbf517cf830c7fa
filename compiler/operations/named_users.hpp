// Who names a type or a sequence: found in the server's texts, and in bodies that are strings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/operation.hpp"

namespace mig::operations {

// Objects with a text that `uses` says yes to, each once: what PostgreSQL refuses to drop from under them.
[[nodiscard]] std::vector<Dependent> named_users(const Context& ctx,
                                                 const std::function<bool(const std::string&)>& uses);
// Functions whose body is a string that has this word: PostgreSQL does not follow there. Warns.
void warn_of_bodies(const Context& ctx, const std::string& word, source::Span span);

}  // namespace mig::operations
