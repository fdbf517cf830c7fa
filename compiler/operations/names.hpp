// Generated names of indexes and constraints: exactly those that PostgreSQL would choose, so that a plan can print them
// and nobody has to look them up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/catalog.hpp"

namespace mig::operations {

// ChooseRelationName (src/backend/commands/indexcmds.c): makeObjectName, then "label1", "label2" … until no relation of
// the schema has it. `constraint_too`: nor a constraint of the schema (primary keys, unique constraints). `taken` are
// further names, chosen before in the same statement.
[[nodiscard]] std::string relation_name(const catalog::Catalog& catalog, const std::string& schema,
                                        std::string_view name1, std::string_view name2, std::string_view label,
                                        bool constraint_too = false, const std::vector<std::string>& taken = {});

// ChooseConstraintName (src/backend/catalog/pg_constraint.c): unique among the constraints of the schema.
[[nodiscard]] std::string constraint_name(const catalog::Catalog& catalog, const std::string& schema,
                                          std::string_view name1, std::string_view name2, std::string_view label,
                                          const std::vector<std::string>& taken = {});

// ChooseIndexNameAddition: column names joined by _, cut off where no more can count.
[[nodiscard]] std::string name_addition(const std::vector<std::string>& columns);

// ChooseIndexColumnNames: names of index columns for the index itself; repeated ones are numbered. An expression's is
// given by figure_name(), "expr" where there is none.
[[nodiscard]] std::vector<std::string> index_column_names(const std::vector<std::string>& columns);

// The name of an index without one: columns (or "expr", "lower" …) of the key and of INCLUDE, in order.
[[nodiscard]] std::string index_name(const catalog::Catalog& catalog, const catalog::Name& table,
                                     const std::vector<std::string>& columns,
                                     const std::vector<std::string>& taken = {});
// The name of a check that mentions these columns: with one column it carries the column.
[[nodiscard]] std::string check_name(const catalog::Catalog& catalog, const catalog::Name& table,
                                     const std::vector<std::string>& columns,
                                     const std::vector<std::string>& taken = {});
[[nodiscard]] std::string foreign_key_name(const catalog::Catalog& catalog, const catalog::Name& table,
                                           const std::vector<std::string>& columns,
                                           const std::vector<std::string>& taken = {});

}  // namespace mig::operations
