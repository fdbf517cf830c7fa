// Runs plans: journal, lock, steps, retries, resume, rollback. Knows plans, not syntax.
#pragma once

#include <functional>
#include <map>

#include "compiler/plan/journal.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

// One thing that happened, for people (text) and tools (jsonl): the command line prints them, tests read them.
struct Event {
  std::string name;                           // run_started step_started step_done step_failed lock_wait resumed …
  std::map<std::string, std::string> fields;  // migration, step, ms, tries, blocker …
};
using Observer = std::function<void(const Event&)>;

// How a run ended: an exit code of docs (0 done, 3 not yet, 5 refused, 6 busy, 7 no connection, 8 a person decides,
// 130 interrupted) with the four parts of a failure.
struct Outcome {
  int exit = 0;
  std::string state;  // of the migration now
  std::string what, where, now, next;
};

struct ApplyOptions {
  std::optional<sql::Phase> through;  // the last phase to run
  std::string note;
  bool dry_run = false;
};

// Asked before a step runs and while waiting: 0 go on, 1 end after the current statement, 2 cancel it.
using Interrupt = std::function<int()>;

class Executor {
 public:
  Executor(const Target& target, Observer observer, Interrupt interrupt);
  ~Executor();

  // Takes the session lock by polling; false: another mig holds it (who is said in an event).
  bool lock(int wait_ms);
  // Runs or resumes this plan. Uses the stored plan of an in-flight migration of the same name; a different one is
  // refused.
  Outcome apply(const plan::Plan& plan, const ApplyOptions& options);
  // Goes back to `to` by the stored plan, in reverse dependency order, from whatever state it is in.
  Outcome rollback(const std::string& migration, plan::journal::State to);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mig::runtime
