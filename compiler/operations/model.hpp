// Columns, constraints and index elements as written -> values of the catalog, named as PostgreSQL names them. What is
// made here goes into the model (effect) and, through render.hpp, into the SQL (steps).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

struct NewColumn {
  catalog::Column column;
  std::vector<catalog::Constraint> constraints;  // in the order written
  std::optional<catalog::Sequence> sequence;     // of serial and identity
  bool serial = false;
};

// The text of an expression as it stands in the file.
[[nodiscard]] std::string text_of(const Context& ctx, const syntax::Expr& expression);

// `table` is the table as it is so far: its names are taken. Both are total: what does not resolve is left empty, and
// check has reported it.
[[nodiscard]] NewColumn make_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                                    const syntax::Definition& definition);
[[nodiscard]] catalog::Constraint make_constraint(const Context& ctx, const catalog::Table& table,
                                                  const syntax::TableConstraint& constraint);
[[nodiscard]] catalog::Constraint make_check(const Context& ctx, const catalog::Table& table,
                                             const std::optional<syntax::Name>& name, const syntax::Expr& condition,
                                             bool no_inherit = false);
[[nodiscard]] catalog::Constraint make_foreign_key(const Context& ctx, const catalog::Table& table,
                                                   const std::optional<syntax::Name>& name,
                                                   const std::vector<std::string>& columns,
                                                   const syntax::Reference& reference, const syntax::Timing& timing);
[[nodiscard]] catalog::Constraint make_exclusion(const Context& ctx, const catalog::Table& table,
                                                 const syntax::TableConstraint& written);
[[nodiscard]] catalog::IndexPart make_part(const Context& ctx, const syntax::IndexElement& element);
[[nodiscard]] catalog::SequenceOptions make_sequence(const std::string& type,
                                                     const std::vector<syntax::SeqOption>& options);

// The index that a primary key or unique constraint owns, and that of an exclusion constraint.
[[nodiscard]] catalog::Index index_of(const catalog::Constraint& constraint);
[[nodiscard]] catalog::Index exclusion_index(const Context& ctx, const catalog::Constraint& constraint,
                                             const syntax::TableConstraint& written);
// Puts a constraint in its place by name, with the index of a key, and NOT NULL on the columns of a primary key.
void add_to(catalog::Table& table, catalog::Constraint constraint);
void add_to(catalog::Table& table, catalog::Index index);

// ---- names as PostgreSQL chooses them (ChooseConstraintName, ChooseRelationName) ----
// Free among relations of the schema and constraints of the table: label, label1, label2 …
[[nodiscard]] std::string free_relation_name(const Context& ctx, const catalog::Table& table,
                                             const std::string& columns, const std::string& label);
[[nodiscard]] std::string free_constraint_name(const catalog::Table& table, const std::string& columns,
                                               const std::string& label);
// Columns of the table that an expression mentions, in the order of mention.
[[nodiscard]] std::vector<std::string> mentioned(const catalog::Table& table, const std::string& expression);

}  // namespace mig::operations
