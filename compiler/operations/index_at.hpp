// Indexes that calls name: of tables and of materialized views.
#pragma once

#include <functional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct IndexAt {
  const catalog::Table* table = nullptr;  // its table, or
  const catalog::View* view = nullptr;    // its materialized view
  const catalog::Index* index = nullptr;
  [[nodiscard]] const catalog::Name& relation() const { return table ? table->name : view->name; }
  [[nodiscard]] catalog::Name name() const { return {relation().schema, index->name}; }
};

// The path of this hole; an unqualified name is one of the migration's schema, else of the search path. Its index is
// null where there is none.
[[nodiscard]] IndexAt find_index(const Context& ctx, const char* hole = "index");
// Reports an unknown name, and a table or view that the role does not own.
[[nodiscard]] IndexAt require_own_index(const Context& ctx, const char* hole = "index");

// Changes an index of the model.
void edit_index(catalog::Catalog& after, const IndexAt& at, const std::function<void(catalog::Index&)>& change);
// The condition on its rows of pg_index (i) and pg_class (c).
[[nodiscard]] sql::Fragment index_is(const catalog::Name& index, const sql::Fragment& condition);
[[nodiscard]] std::vector<std::string> index_touches(const IndexAt& at);

}  // namespace mig::operations
