// Backups by pg_dump, which knows every kind of object.
#pragma once

#include "runtime/backup/manifest.hpp"
#include "runtime/backup/tables.hpp"

namespace mig::runtime::backup {

// pg_dump, with pg_restore beside it.
struct Programs {
  std::string dump, restore, version;  // "16.4"
  int major = 0;
};

// The oldest that is at least of the server's major: what a newer one writes, an older server may not take back.
// `wanted`: one to use instead, or "none". major 0: there is none; version: the newest that was found.
[[nodiscard]] Programs find_dump(const std::string& wanted, int server_major);

// One archive in pg_dump's custom format: of the tables, or of the whole database where there are none. Throws Failed.
[[nodiscard]] Entry dump(Work& work, const Programs& programs, const std::string& snapshot,
                         const std::vector<Table>& tables, const std::filesystem::path& folder);

// Reads the archive: its list, then every row in it; then, where a server of the same major is at hand and the disk has
// room, restores it there and compares the numbers of rows. Returns which of the two was done. Throws Failed where it
// cannot be read, or holds other rows.
[[nodiscard]] std::string read_back(const Work& work, const BackupOptions& options, const Programs& programs,
                                    const std::filesystem::path& archive, const std::vector<Table>& tables,
                                    const std::map<std::string, long long>& rows);

// The archive into a throwaway server: what came of it, or, where that is empty, why it could not be done. Throws
// Failed where the rows are others.
struct Elsewhere {
  std::string said, why;
};
[[nodiscard]] Elsewhere restore_elsewhere(const Work& work, const BackupOptions& options, const Programs& programs,
                                          const std::filesystem::path& archive, const std::vector<Table>& tables,
                                          const std::map<std::string, long long>& rows);

// The command that brings the archive back, without a password.
[[nodiscard]] std::string restore_command(const Work& work, bool database, const std::string& archive);
// The same for mig's own form in this folder.
[[nodiscard]] std::string own_restore_command(const Work& work, const std::string& folder);

}  // namespace mig::runtime::backup
