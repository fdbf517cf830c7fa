// mig.lock: what each migration's text was when it was written, and when it was applied. Committed beside mig.toml; one
// line a migration, so that a merge keeps the lines of both sides. mig new and mig apply write it, every command that
// compiles holds the files against it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/project.hpp"
#include "compiler/compile.hpp"

namespace mig::cli {

struct LockRow {
  bool applied = false;  // on a target that is no sandbox; else: written by mig new
  std::string hash;      // SHA-256 of the file and all that it includes, 64 hex digits
  std::string name;
  int line = 0;  // of the file, from 1

  friend bool operator==(const LockRow& a, const LockRow& b) {
    return a.applied == b.applied && a.hash == b.hash && a.name == b.name;
  }
};

// What does not read, with its line.
struct LockMistake {
  int line = 0;
  std::string what;
};

struct LockFile {
  std::vector<LockRow> rows;  // by name; of two about one migration the applied one
  std::vector<LockMistake> mistakes;
  [[nodiscard]] const LockRow* find(const std::string& name) const;
  // Sets the row of this name; an applied one stays applied.
  void put(LockRow row);
};

// Lines in any order, each any number of times: a merge by union leaves them so.
[[nodiscard]] LockFile read_lock(const std::string& text);
[[nodiscard]] std::string print_lock(const LockFile& lock);

// Reports into `compiled` what contradicts mig.lock: a changed file (E0515), a damaged line (E0516) and, where all
// files of the project were given, a migration that no file has (W0515). Nothing where there is no mig.lock.
void hold_lock(const Project& project, mig::Output& compiled, bool all_files);

// Adds or changes these rows in the project's mig.lock, which is made where there is none. False: nothing changed.
// Throws Failure where it cannot be written.
bool update_lock(const Project& project, const std::vector<LockRow>& rows);

// The migrations that stand in these files, with their hashes; repeatables are not among them. Mistakes are passed
// over.
[[nodiscard]] std::vector<LockRow> rows_of(const Project& project,
                                           const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace mig::cli
