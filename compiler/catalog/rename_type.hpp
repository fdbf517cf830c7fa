// Renaming types and labels of enums in the model.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// The type exists and no type or relation has the new name. Everything that the server keeps as a tree follows:
// columns, signatures, expressions and definitions. What is text (bodies of functions in quotes) stays.
void rename_type(Catalog& catalog, const Name& from, const Name& to);
// The key of everything that PostgreSQL would have to drop with the type, the type itself excluded, sorted.
[[nodiscard]] std::vector<std::string> users_of_type(const Catalog& catalog, const Name& type);

// The label of the enum in every constant of it and of its arrays; bounds of partitions too.
void rename_label(Catalog& catalog, const Name& type, const std::string& from, const std::string& to);
// The key of everything whose text names the label, sorted.
[[nodiscard]] std::vector<std::string> users_of_label(const Catalog& catalog, const Name& type,
                                                      const std::string& label);

// The name that PostgreSQL gives to the type's array type where nothing else has it.
[[nodiscard]] Name array_name(const Name& type);

}  // namespace mig::catalog
