// Backups on the command line: with what they are made, what there is of them, and putting files back.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/connection.hpp"
#include "runtime/executor.hpp"
#include "runtime/journal.hpp"

namespace mig::cli {

// From mig.toml and the environment: MIG_PG_DUMP names the pg_dump to use, or "none".
[[nodiscard]] runtime::BackupOptions backup_options(const Project& project);

// What the journal knows, oldest first; none where there is no journal.
[[nodiscard]] std::vector<runtime::BackupRow> read_backups(const Connection& connection);
// Those whose time is over, of these migrations (none named: of all).
[[nodiscard]] std::vector<runtime::BackupRow> due_backups(const Connection& connection,
                                                          const std::vector<std::string>& migrations);
// "1 backup (31 days old)", "2 backups (31 and 40 days old)".
[[nodiscard]] std::string age_words(const std::vector<runtime::BackupRow>& backups);

// Where each backup of this migration is, how it was read back, and what brings it back; empty: it has none.
[[nodiscard]] std::string backup_text(const std::vector<runtime::BackupRow>& backups, const std::string& migration,
                                      const Connection& connection);
[[nodiscard]] nlohmann::ordered_json as_json(const runtime::BackupRow& backup);

// mig rollback NAME --files: says what would be put back, asks, puts it back. Returns the exit code.
[[nodiscard]] int put_files_back(const Invocation& call, const Project& project, const Connection& connection,
                                 const std::string& migration, const Output& output);

}  // namespace mig::cli
