// Reading the journal: what is applied, in flight, kept; stored plans. Writing is compiler/plan/journal.hpp's SQL.
#pragma once

#include "compiler/catalog/objects.hpp"
#include "compiler/plan/journal.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

struct StepRow {
  std::string step, state, started, ended, sqlstate;  // state: started done failed undone
  long long run = 0;
  int tries = 0;
};
struct MigrationRow {
  std::string name, title, state, since, source_hash, plan_hash;
  std::vector<StepRow> steps;
};
struct KeptRow {
  sql::Kept kept;
  std::string migration, step, since, until;
};

class JournalReader {
 public:
  explicit JournalReader(const Target& target);  // libpqxx, read-only transactions
  ~JournalReader();
  // 0: there is no journal; greater than plan::journal::format: made by a newer mig, refuse.
  [[nodiscard]] int format() const;
  [[nodiscard]] std::vector<MigrationRow> migrations() const;
  [[nodiscard]] std::optional<MigrationRow> migration(const std::string& name) const;
  // The stored plan.json text by hash.
  [[nodiscard]] std::optional<std::string> plan_text(const std::string& hash) const;
  [[nodiscard]] std::vector<KeptRow> kept() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mig::runtime
