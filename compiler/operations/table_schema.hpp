// A table in another schema: what moves with it and what names it.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// The model: the table, its sequences, and every text and type of the server's that names them.
void put_in_schema(catalog::Catalog& after, const catalog::Name& table, const std::string& schema);
// Functions that take or return rows of the table: their signatures would change as well.
[[nodiscard]] std::vector<std::string> functions_of_rows(const Context& ctx, const catalog::Name& table);
// Warns of bodies that are text and name the table.
void warn_of_bodies(const Context& ctx, const catalog::Name& table, source::Span span);

}  // namespace mig::operations
