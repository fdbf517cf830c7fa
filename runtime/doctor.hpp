// What a person wants to know of a database before and after migrations run in it: read-only looks, each with what to
// type. Only mend() changes anything.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.hpp"
#include "runtime/executor.hpp"

namespace mig::runtime {

// good: as it should be; warning: works, but somebody should look; bad: mig cannot do its work, or something is broken.
enum class Grade { good, warning, bad };
[[nodiscard]] const char* to_string(Grade grade);

// One thing that was looked at.
struct Finding {
  std::string topic;  // "leftovers": the word in front of the line
  std::string code;   // "invalid_index": for scripts; a word is never given another meaning
  Grade grade = Grade::good;
  std::string text;                   // one line
  std::vector<std::string> type;      // statements and commands to paste, in order
  std::vector<sql::Fragment> mend{};  // what mig itself may run for it: loses no row, touches nothing that is not mig's
};

// What the caller knows beside the database.
struct Background {
  std::vector<plan::Plan> pending;  // what `mig apply` would run: are there the rights for it, does it wait too long?
  ir::Policy policy;                // the project's defaults
  std::string project;              // where the paths of backups begin
  bool throwaway = false;           // a sandbox: that it would not survive a crash is as it should be
};

// Looks at the server, the role's rights, the journal, leftovers, constraints, other sessions, settings, statistics and
// what is known of backups, in this order. A server that mig would refuse is looked at as far as it answers. Throws
// DatabaseError where there is no connection.
[[nodiscard]] std::vector<Finding> examine(const Target& target, const Background& background);

// Runs what the findings have to mend, one statement after the other under mig's lock; an event `mended` (statement,
// code) for each. Exit 6 where another mig runs or somebody holds a lock for more than two seconds, 5 where the
// database refuses: what was not reached is as it was.
[[nodiscard]] Outcome mend(const Target& target, const std::vector<Finding>& findings, const Observer& observer);

// A setting of the server as this role's session meets it.
struct Setting {
  std::string name, value;
  std::string origin;  // "default", "database", "postgresql.conf:12", "environment variable" …
};
// Those that decide how migrations run, sorted by name.
[[nodiscard]] std::vector<Setting> server_settings(const Target& target);

// SQL that removes all that mig made, for psql: journal, what is kept aside, everything whose name begins with _mig_.
// The schema stays as it is now. One transaction, refused while a mig runs; its head says what would be destroyed.
[[nodiscard]] std::string removal_script(const Target& target);

}  // namespace mig::runtime
