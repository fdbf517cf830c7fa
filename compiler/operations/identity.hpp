// Identity of columns: kind, sequence, the value that comes next.
#pragma once

#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

// The sequence behind an identity column, or null.
[[nodiscard]] const catalog::Sequence* identity_sequence(const Context& ctx, const catalog::Table& table,
                                                         const std::string& column);
// `always` or `by default` as the call says it; empty: neither.
[[nodiscard]] std::string written_identity(const Context& ctx);
[[nodiscard]] const std::vector<syntax::SeqOption>* written_options(const Context& ctx);
// Reports options that an identity does not take here.
bool check_identity_options(const Context& ctx);

// From PostgreSQL 17 on partitions share the identity of their parent; before, and for inheritors, it is its own
// table's alone.
[[nodiscard]] std::vector<catalog::Name> identity_tables(const Context& ctx, const catalog::Name& table);
[[nodiscard]] std::vector<sql::Lock> identity_locks(const Context& ctx, const catalog::Name& table);
// Reports a column that comes from a parent; true when it does not.
bool require_own_identity(const Context& ctx, const ColumnAt& at, source::Span span);

[[nodiscard]] sql::Fragment identity_word(const std::string& identity);  // ALWAYS, BY DEFAULT
// ADD GENERATED … AS IDENTITY with the sequence's name and options.
[[nodiscard]] sql::Statement add_identity_statement(const Context& ctx, const catalog::Name& table,
                                                    const std::string& column, const std::string& identity,
                                                    const catalog::Sequence& sequence);
// The sequence goes on behind the last value in the table where that has come as far as `reached`.
[[nodiscard]] sql::Statement after_last_value(const Context& ctx, const catalog::Name& table, const std::string& column,
                                              const catalog::Sequence& sequence, const sql::Fragment& reached);
[[nodiscard]] sql::Fragment identity_is(const catalog::Name& table, const std::string& column,
                                        const std::string& identity);
// Into the model: kind and options on the column and its partitions, and the sequence.
void put_identity(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const std::string& column,
                  const std::string& identity, const catalog::Sequence& sequence);

}  // namespace mig::operations
