// Values of the catalog to SQL fragments: what `effect` puts into the model is what `steps` prints.
#pragma once

#include <string>
#include <vector>

#include "compiler/catalog/objects.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::operations {

// An expression or type as the user wrote it or the server printed it.
[[nodiscard]] sql::Fragment expression(const std::string& text);
// The same, in parentheses where a column's DEFAULT needs them (it takes no AND, IS, IN … bare: b_expr).
[[nodiscard]] sql::Fragment default_expression(const std::string& text);

// "a, b, c"
[[nodiscard]] sql::Fragment names(const std::vector<std::string>& list);

// `total numeric(10,2) DEFAULT 0 NOT NULL`: all but constraints, storage and comment. `serial` prints the serial type,
// which makes the sequence and the default.
[[nodiscard]] sql::Fragment column_definition(const catalog::Column& column, bool serial = false);
// What stands after ADD COLUMN/CREATE TABLE for identity and sequences: only what differs from the defaults.
[[nodiscard]] sql::Fragment sequence_options(const catalog::SequenceOptions& options);
// The values that PostgreSQL gives to a new sequence of this type where nothing else is said.
[[nodiscard]] catalog::SequenceOptions default_sequence(const std::string& type, bool descending = false);

// `CHECK (total >= 0) NO INHERIT`, `FOREIGN KEY (a) REFERENCES s.t (b) ON DELETE CASCADE`, …: what stands after
// CONSTRAINT name; without NOT VALID.
[[nodiscard]] sql::Fragment constraint_definition(const catalog::Constraint& constraint);
// `CONSTRAINT name CHECK (…)`
[[nodiscard]] sql::Fragment named_constraint(const catalog::Constraint& constraint);
[[nodiscard]] sql::Fragment add_constraint(const catalog::Name& table, const catalog::Constraint& constraint,
                                           bool not_valid = false);
[[nodiscard]] sql::Fragment validate_constraint(const catalog::Name& table, const std::string& constraint);
[[nodiscard]] sql::Fragment drop_constraint(const catalog::Name& table, const std::string& constraint);

// `lower(email) COLLATE "C" text_pattern_ops DESC NULLS LAST`
[[nodiscard]] sql::Fragment index_part(const catalog::IndexPart& part);
enum class Build { plain, concurrently };
// CREATE [UNIQUE] INDEX [CONCURRENTLY] name ON [ONLY] table USING method (…) …
[[nodiscard]] sql::Fragment create_index(const catalog::Name& table, const catalog::Index& index, Build build,
                                         bool only = false);

// plain, external, extended, main, default: as a keyword.
[[nodiscard]] sql::Fragment storage_word(const std::string& storage);

// COMMENT ON …; an empty comment is NULL.
[[nodiscard]] sql::Fragment comment_text(const std::string& comment);
[[nodiscard]] sql::Fragment comment_on_column(const catalog::Name& table, const std::string& column,
                                              const std::string& comment);
[[nodiscard]] sql::Fragment comment_on_constraint(const catalog::Name& table, const std::string& constraint,
                                                  const std::string& comment);

}  // namespace mig::operations
