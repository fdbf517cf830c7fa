// Renaming sequences in the model, within their schema or to another one.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// The sequence exists and no relation has the new name. What the server keeps as a tree follows: nextval('…'::regclass)
// and queries that read it. What is text (bodies of functions in quotes, nextval of a text) stays.
void rename_sequence(Catalog& catalog, const Name& from, const Name& to);
// The key of everything that PostgreSQL would have to drop with the sequence, sorted.
[[nodiscard]] std::vector<std::string> users_of_sequence(const Catalog& catalog, const Name& sequence);

}  // namespace mig::catalog
