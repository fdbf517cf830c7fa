// Renaming types and sequences, within their schema or to another one: everything that names them follows.
#pragma once

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

// Columns, arguments, casts, attributes, constants of regtype; names of operators and casts that carry the type. A
// range's constructors are functions with names of their own: rename_calls.
void rename_type(Catalog& catalog, const Name& from, const Name& to);
// Calls of a function that the catalog itself does not list.
void rename_calls(Catalog& catalog, const Name& from, const Name& to);
// nextval('…'::regclass), and queries that read it.
void rename_sequence(Catalog& catalog, const Name& from, const Name& to);

}  // namespace mig::catalog
