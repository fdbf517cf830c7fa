// Tables without pg_dump: their definition as a snapshot, their rows as PostgreSQL's binary COPY, and a script for psql
// that brings the rows back.
#pragma once

#include "runtime/backup/manifest.hpp"
#include "runtime/backup/tables.hpp"

namespace mig::runtime::backup {

// All in the transaction of open_snapshot(). Throws Failed, DatabaseError.
[[nodiscard]] std::vector<Entry> own_form(Work& work, const std::vector<Table>& tables,
                                          const std::filesystem::path& folder, const std::string& made);

// Reads each file to its end: its hash, and of rows how many the format holds. Throws Failed.
void read_own_form(const std::vector<Entry>& entries, const std::filesystem::path& folder);

// How many rows a file of binary COPY holds (PostgreSQL's manual, COPY, "Binary Format"). Throws Failed where it is cut
// off or is none.
[[nodiscard]] long long rows_in(const std::filesystem::path& file);

// restore.sql for these rows, in an order in which foreign keys hold.
[[nodiscard]] std::string restore_script(const Work& work, const std::vector<Entry>& rows,
                                         const std::vector<Table>& tables, const std::string& made);

}  // namespace mig::runtime::backup
