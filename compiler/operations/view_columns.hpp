// Which columns of a view are a column of what it reads, as it is: their type follows when that one's changes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct PlainColumn {
  std::string name;        // of the view
  catalog::Name relation;  // what it reads
  std::string column;
};
// Of a plain SELECT; empty for set operations and for what this parser does not know.
[[nodiscard]] std::vector<PlainColumn> plain_columns(const catalog::Catalog& catalog, const catalog::View& view);

// Gives the new type and collation to this column in all views that show it, through views over views.
void retype_in_views(catalog::Catalog& after, const catalog::Name& relation, const std::string& column,
                     const std::string& type, const std::string& collation);

}  // namespace mig::operations
