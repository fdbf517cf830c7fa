// Backups as a command sees them: which files a backup copied, and how they stand now.
#pragma once

#include <string>
#include <vector>

#include "runtime/journal.hpp"

namespace mig::runtime {

// A file that a backup copied. damaged: the copy is gone, or not what was written.
struct CopiedFile {
  enum class State { same, gone, changed, damaged };
  std::string path;  // in the project
  State state = State::same;
};

// The newest backup of this migration that copied files, of those; null: none.
[[nodiscard]] const BackupRow* newest_with_files(const std::vector<BackupRow>& backups, const std::string& migration,
                                                 const std::string& project);
// Reads each copy, and each file as it is now.
[[nodiscard]] std::vector<CopiedFile> copied_files(const BackupRow& backup, const std::string& project);

}  // namespace mig::runtime
