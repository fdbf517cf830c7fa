// The journal's queries and the values made of their rows, for any way of asking (libpqxx, the executor's session).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/journal.hpp"

namespace mig::runtime {

using Ask = std::function<Rows(const sql::Fragment&)>;

// 0: there is no journal.
[[nodiscard]] int read_format(const Ask& ask);
// All migrations by name, or the one of this name.
[[nodiscard]] std::vector<MigrationRow> read_migrations(const Ask& ask, const std::optional<std::string>& name);
[[nodiscard]] std::optional<std::string> read_plan_text(const Ask& ask, const std::string& hash);
[[nodiscard]] std::vector<KeptRow> read_kept(const Ask& ask);
// Backups that were made and not purged, oldest first.
[[nodiscard]] std::vector<BackupRow> read_backups(const Ask& ask);
// A backup that a run began and never made.
struct UnfinishedBackup {
  std::string directory, database;
  long long run = 0;
};
[[nodiscard]] std::vector<UnfinishedBackup> read_unfinished_backups(const Ask& ask, const std::string& migration);
// Runs of a migration, newest first.
[[nodiscard]] std::vector<RunRow> read_runs(const Ask& ask, const std::string& migration);

// A session as a person needs it to find who it is.
struct SessionRow {
  int pid = 0;
  std::string user, application, client, state, query;
  long long seconds = 0;  // since its transaction began
};
// Who holds mig's lock in this database, if anybody.
[[nodiscard]] std::optional<SessionRow> read_lock_holder(const Ask& ask);
// Who keeps this backend waiting now, nearest first.
[[nodiscard]] std::vector<SessionRow> read_blockers(const Ask& ask, int waiting_pid);

}  // namespace mig::runtime
