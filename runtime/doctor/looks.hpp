// The looks that an examination is made of, one file for each subject.
#pragma once

#include "runtime/doctor.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime::doctor {

// What the looks share: the session (read-only), what the caller knows, the journal as it stands, and the findings.
struct Look {
  Work work;
  const Background& background;
  std::vector<MigrationRow> migrations;        // empty where there is no journal
  std::map<std::string, plan::Plan> in_place;  // stored plans of the migrations that are not pending
  bool journal = false;
  bool running = false;  // another mig holds the lock
  std::vector<Finding> findings;

  explicit Look(const Background& known) : background(known) {}
  void add(const char* topic, const char* code, Grade grade, std::string text, std::vector<std::string> type = {},
           std::vector<sql::Fragment> mend = {});
  // One finding that all is well, unless there is one of this topic already.
  void fine(const char* topic, std::string text);
  [[nodiscard]] std::vector<std::vector<std::optional<std::string>>> rows(const sql::Fragment& query) const {
    return work.ask(query).rows;
  }
  // The migration in flight one of whose steps not done touches this catalog key; empty: none.
  [[nodiscard]] std::string owner_of(const std::string& key) const;
  // Does any plan in the journal name this? Also those of migrations that went back: what their way back kept aside is
  // theirs.
  [[nodiscard]] bool known(const std::string& name);

 private:
  std::optional<std::vector<std::string>> plans_;  // texts of all stored plans, read by need
};

// A value of a row; a null is empty.
[[nodiscard]] const std::string& text(const std::optional<std::string>& value);
// A statement to paste.
[[nodiscard]] std::string pasted(const sql::Fragment& statement);
// "12 min", "3d 4h".
[[nodiscard]] std::string time_words(long long seconds);

// server.cpp: standby, pooler, version, rights
void look_at_server(Look& look, const Stop& refused);
void look_at_rights(Look& look);
// journal.cpp: runs without an end, steps in doubt, kept things
void look_at_journal(Look& look);
// leftovers.cpp
void look_at_indexes(Look& look);
void look_at_remains(Look& look);
// constraints.cpp
void look_at_constraints(Look& look);
// sessions.cpp: who waits for whom, the oldest transactions, prepared ones, slots
void look_at_sessions(Look& look);
// settings.cpp
void look_at_settings(Look& look);
// statistics.cpp
void look_at_statistics(Look& look);
// manifests.cpp: backups that migrations made, re-hashed
void look_at_manifests(Look& look);
// backups.cpp
void look_at_backups(Look& look);

}  // namespace mig::runtime::doctor
