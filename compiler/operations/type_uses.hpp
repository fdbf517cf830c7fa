// Where values of a type are stored: in columns of the type itself, of domains over it, and within arrays, composite
// values and ranges.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct TypeUse {
  catalog::Name relation;
  std::string column, type;
  bool view = false;       // a materialized view
  bool generated = false;  // stored and computed
  bool directly = true;    // of the type or of a domain over it; else within another type
};

// Columns that store values: of tables (partitioned ones are empty), and of materialized views.
[[nodiscard]] std::vector<TypeUse> uses_of(const Context& ctx, const catalog::Name& type);

// SQL: `value`, of this type (as format_type prints it) is or holds this label of the enum.
[[nodiscard]] sql::Fragment holds_label(const Context& ctx, const sql::Fragment& value, const std::string& type,
                                        const catalog::Name& enumeration, const std::string& label);
// SQL: the same value with another label in its place. Empty: that cannot be said (arrays of composites, ranges).
[[nodiscard]] sql::Fragment with_label(const Context& ctx, const sql::Fragment& value, const std::string& type,
                                       const catalog::Name& enumeration, const std::string& from,
                                       const std::string& to);
// SELECT relation, ctid of rows that hold the label; empty text where nothing can hold it.
[[nodiscard]] sql::Fragment rows_with_label(const Context& ctx, const catalog::Name& enumeration,
                                            const std::string& label);

}  // namespace mig::operations
