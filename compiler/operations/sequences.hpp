// Sequences that stand alone or belong to a column: found, written, rendered, asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// ---- those that are there ----
// Of the hole `sequence`. Silent.
[[nodiscard]] const catalog::Sequence* find_sequence(const Context& ctx);
// Reports an unknown name, another kind, and a role that does not own it.
[[nodiscard]] const catalog::Sequence* require_sequence(const Context& ctx);
// Reports the sequence of an identity column; true when it is none.
bool require_plain_sequence(const Context& ctx, const catalog::Sequence& sequence, const std::string& way);
// Reports what goes on to name it in strings of functions.
void warn_of_sequence_texts(const Context& ctx, const catalog::Sequence& sequence);

// ---- options (sequence_options.cpp) ----
enum class SequenceChange { create, alter };
[[nodiscard]] const std::vector<syntax::SeqOption>* sequence_call_options(const Context& ctx);
// Options that exclude each other or do not belong here; then the values that come out of them.
bool check_sequence_options(const Context& ctx, const catalog::SequenceOptions& before, SequenceChange change);
// As PostgreSQL works them out (init_params of sequence.c); `before` where it is there already.
[[nodiscard]] catalog::SequenceOptions written_sequence(const Context& ctx, const catalog::SequenceOptions& before,
                                                        SequenceChange change);
// The value to begin with again; nullopt: nothing is said of it.
[[nodiscard]] std::optional<std::string> written_restart(const Context& ctx, const catalog::SequenceOptions& after);

// ---- who it belongs to ----
struct OwnerColumn {
  catalog::Name table;
  std::string column;
};
// Reports a column that is not there, in another schema or of another owner. nullopt: reported, or none.
[[nodiscard]] std::optional<OwnerColumn> require_owner_column(const Context& ctx, const syntax::Path& path,
                                                              const catalog::Name& sequence, const std::string& owner);
[[nodiscard]] std::optional<OwnerColumn> find_owner_column(const Context& ctx, const syntax::Path& path);
[[nodiscard]] sql::Statement owned_by_statement(const catalog::Name& sequence, const std::optional<OwnerColumn>& owner);
[[nodiscard]] std::optional<OwnerColumn> owner_column(const catalog::Sequence& sequence);

// ---- SQL ----
[[nodiscard]] sql::Fragment create_sequence_text(const catalog::Name& name, const catalog::SequenceOptions& options);
[[nodiscard]] sql::Fragment sequence_has(const catalog::Name& name, const catalog::SequenceOptions& options);
[[nodiscard]] sql::Fragment sequence_belongs(const catalog::Name& name, const std::optional<OwnerColumn>& owner);
// ALTER SEQUENCE … RENAME TO or SET SCHEMA, and back.
[[nodiscard]] std::vector<sql::Step> move_sequence_steps(const Context& ctx, const catalog::Name& from,
                                                         const catalog::Name& to);

// Kept in a schema of mig's, with its value, rights and comment; and home again.
[[nodiscard]] sql::Park park_sequence(const catalog::Sequence& sequence, const std::string& schema);
[[nodiscard]] std::vector<sql::Statement> bring_sequence_home(const catalog::Sequence& sequence,
                                                              const std::string& schema);

}  // namespace mig::operations
