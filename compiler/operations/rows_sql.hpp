// The SQL of row operations, a statement each: keeping rows, changing them, and the way back. Rows of a batch carry its
// number in every kept table, so that a way back undoes the batches last first, each as a whole.
#pragma once

#include <vector>

#include "compiler/operations/rows.hpp"

namespace mig::operations::rows {

// ---- parts of statements ----
[[nodiscard]] sql::Fragment relation(const RowsOf& of);  // [ONLY] schema.name
// "t.a, t.b"; "a, b" without an alias.
[[nodiscard]] sql::Fragment list(const std::vector<std::string>& columns, std::string_view alias = {});
// ROW(t.a, t.b)::record: compared by *=, byte by byte, for types without an equality too.
[[nodiscard]] sql::Fragment image(const std::vector<std::string>& columns, std::string_view alias);
// t.a = k.a AND t.b = k.b
[[nodiscard]] sql::Fragment same(const std::vector<std::string>& columns, std::string_view a, std::string_view b);
// The number of the batch that is being done or undone.
[[nodiscard]] sql::Fragment number(const RowWork& work);

// ---- tables of mig's ----
[[nodiscard]] std::vector<sql::Statement> make_tables(const Context& ctx, const RowWork& work);
[[nodiscard]] std::vector<sql::Statement> drop_tables(const RowWork& work);
[[nodiscard]] std::vector<sql::Statement> purge_tables(const RowWork& work);

// ---- a batch, along the key of the first part (rows_batch.cpp) ----
// Where the first batch begins, and the last key that there is: rows that come later are nobody's business.
[[nodiscard]] sql::Statement begin_batches(const Context& ctx, const RowWork& work);
[[nodiscard]] sql::Statement bounds_of_batch(const Context& ctx, const RowWork& work);
[[nodiscard]] sql::Statement end_of_batch(const Context& ctx, const RowWork& work);
// After a batch was undone: its kept rows go, and the way forward would begin anew.
[[nodiscard]] std::vector<sql::Statement> forget_batch(const RowWork& work);
// The rows of the batch are within these bounds: `t.id >= (SELECT …) AND t.id <= (SELECT …)`.
[[nodiscard]] sql::Fragment within_batch(const RowWork& work, std::string_view alias);

// ---- forward (rows_keep.cpp) ----
// Locks the rows for which the condition holds and keeps them as they are. Race-free: FOR UPDATE reads the newest
// version of a row that others have just changed, and nobody changes it after that.
[[nodiscard]] sql::Statement keep_rows(const Context& ctx, const RowWork& work, const sql::Fragment& condition);
// The same for what goes along; in parents-first order.
[[nodiscard]] std::vector<sql::Statement> keep_along(const Context& ctx, const RowWork& work);
// Keeps the rows of this part as they are now, after the change.
[[nodiscard]] sql::Statement keep_changed(const Context& ctx, const RowWork& work, const RowPart& part);

// ---- back (rows_back.cpp, rows_return.cpp) ----
// Undoes the batch of this number in all parts. Rows that others changed since are left alone and written down.
[[nodiscard]] std::vector<sql::Statement> undo(const Context& ctx, const RowWork& work);
// SELECT relation, rows, keys, kept of what was left alone.
[[nodiscard]] sql::Fragment left(const RowWork& work);

// ---- locks ----
void add(std::vector<sql::Lock>& locks, std::vector<sql::Lock> more);
// What a change of rows of this part takes: on its tree, on what its foreign keys ask, and what asks it.
[[nodiscard]] std::vector<sql::Lock> change_locks(const Context& ctx, const RowPart& part);
[[nodiscard]] std::vector<sql::Lock> read_locks(const Context& ctx, const RowsOf& of, sql::LockMode mode);

}  // namespace mig::operations::rows
