// Renaming a column in the model.
#pragma once

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// Renames the column in its table, its partitions and inheritors, and in everything that refers to it: constraints and
// foreign keys to it, indexes, triggers, policies, rules, generated columns, views (which go on showing the old name),
// functions with an SQL body, publications, statistics objects, owned sequences. Texts by their trees.
void rename_column(Catalog& catalog, const Name& table, const std::string& from, const std::string& to);
// The same for a column that a view shows: its own query says AS what it is called.
void rename_view_column(Catalog& catalog, const Name& view, const std::string& from, const std::string& to);

}  // namespace mig::catalog
