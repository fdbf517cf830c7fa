// The model and the steps of a new column.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/model.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

// A column as written, with what decides its steps.
struct MadeColumn {
  NewColumn made;
  std::string volatile_default;  // the default, where it is set apart so that old rows are not rewritten
  std::string rewrite;           // why the table is rewritten; empty: it is not
  std::string definition;        // as written: a column that comes back is one of this definition
  bool fresh = false;            // the table is made by this phase of this migration
};
[[nodiscard]] MadeColumn made_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                                     const syntax::Definition& definition);

// "an identity column" …: what makes ADD COLUMN rewrite the table; empty: nothing.
[[nodiscard]] std::string rewrites(const syntax::Definition& definition, const TypeAt& type);

// Into the table and all that inherit from it.
void put_column(const Context& ctx, catalog::Catalog& after, const catalog::Table& table, const NewColumn& made);
[[nodiscard]] std::vector<sql::Step> add_column_steps(const Context& ctx, const catalog::Table& table,
                                                      const MadeColumn& made);

}  // namespace mig::operations
