// Reading the journal: what is applied, in flight, kept; stored plans. Writing is compiler/plan/journal.hpp's SQL.
#pragma once

#include <map>

#include "compiler/catalog/objects.hpp"
#include "compiler/plan/journal.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

struct StepRow {
  std::string step, state, started, ended, sqlstate;  // state: started done failed undone
  long long run = 0;
  int tries = 0;
};
struct ApprovalRow {
  std::string name, who, at, note;
};
struct MigrationRow {
  std::string name, title, state, since, source_hash, plan_hash;
  std::vector<StepRow> steps;
  std::vector<ApprovalRow> approvals;               // of its plan
  std::map<std::string, std::string> fingerprints;  // newest known, by catalog key
};
struct KeptRow {
  sql::Kept kept;
  std::string migration, step, since, until;
};
// `ended` is empty and `exit` is nothing while it runs or after a crash.
struct RunRow {
  long long id = 0;
  std::string command, who, host, version, note, started, ended;
  std::optional<int> exit;
};

// A backup that was made and is still to be there.
struct BackupRow {
  std::string migration, made, host;                                // when, in UTC, and on which machine
  std::string directory, manifest, way, read_back, restore, until;  // as journal::Backed; until when it is kept
  long long run = 0, bytes = 0, files = 0, days = 0;                // days: its age
  bool due = false;                                                 // its time is over
};

// Reads in read-only transactions, by libpqxx. Throws DatabaseError; a missing right is said with the GRANT in `hint`.
class JournalReader {
 public:
  explicit JournalReader(const Target& target);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  // 0: there is no journal; greater than plan::journal::format: made by a newer mig, refuse.
  [[nodiscard]] int format() const;
  // The calls below are for a journal of a known format.
  [[nodiscard]] std::vector<MigrationRow> migrations() const;
  [[nodiscard]] std::optional<MigrationRow> migration(const std::string& name) const;
  // The stored plan.json text by hash.
  [[nodiscard]] std::optional<std::string> plan_text(const std::string& hash) const;
  [[nodiscard]] std::vector<KeptRow> kept() const;
  // Oldest first.
  [[nodiscard]] std::vector<BackupRow> backups() const;
  [[nodiscard]] std::vector<RunRow> runs(const std::string& migration) const;
  // Is mig's lock held by another session now?
  [[nodiscard]] bool running() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mig::runtime
