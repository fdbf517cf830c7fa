// What a backup will take, looked at before anything is written.
#pragma once

#include "runtime/backup/dump.hpp"

namespace mig::runtime::backup {

struct Intent {
  std::vector<std::string> files;
  std::vector<Table> tables;
  long long bytes = 0;                    // an estimate: of tables, what they take in the database
  Programs programs;                      // major 0: tables go in mig's own form
  [[nodiscard]] std::string way() const;  // "copies", "pg_dump 16.4", "mig"
};

// Throws Stopped where it cannot be carried out: files, rights, programs, room on the disk.
struct Stopped {
  const char* code;
  std::string what, next;
};
[[nodiscard]] Intent intent_of(const Work& work, const BackupOptions& options, const sql::Backup& action);

// `to` with its parts filled in; {timestamp} stays where none is given. A migration's name may hold what a path may
// not.
[[nodiscard]] std::string directory_of(const sql::Backup& action, const std::string& migration,
                                       const std::string& timestamp);
// The folder in which it is made, until it gets its name.
[[nodiscard]] std::filesystem::path unfinished(const std::filesystem::path& folder, int process);
// Removes what killed runs of this migration left: folders that are unfinished, or that no row of the journal knows.
void clear_unfinished(const Work& work, const std::string& migration, const std::filesystem::path& project);

// This machine, as mig.run has it.
[[nodiscard]] std::string host();

}  // namespace mig::runtime::backup
