// Runs plans: journal, lock, steps, retries, resume, rollback. Knows plans, not syntax.
#pragma once

#include <functional>
#include <map>

#include "compiler/plan/journal.hpp"
#include "compiler/plan/plan.hpp"
#include "runtime/database.hpp"

namespace mig::runtime {

// One thing that happened, for people (text) and tools (jsonl): the command line prints them, tests read them. Each has
// `migration` where it concerns one; the rest by name:
//   connected      display, version, role
//   lock_busy      pid user application client state since query: who holds mig's lock
//   crashed_run    run who host started: an earlier run that ended without a word
//   run_started    run command title
//   plan_used      hash: the stored plan is used
//   phase_started  phase            phase_done  phase state
//   step_started   step title phase
//   step_done      step title ms tries how (ran, found, revived, purged)
//   step_undone    step title ms tries how (ran, found)
//   batch_done     step title number cursor read written: a part of a step is in (or undone)
//   rows_left      step relation rows keys kept: rows that others changed since, which a way back left alone
//   in_doubt       step title found (done, remnant, not done)
//   cleanup        step statement
//   lock_wait      step statement ms try tries blocked (true when the lock was not taken) and, for each blocker, one
//                  event blocker: step pid user application client state since query
//   retry          step sqlstate wait_ms try tries
//   step_failed    step sqlstate message detail
//   connection_lost step message    reconnected  step
//   drift          key known now
//   would_run      step title phase statements locks found (true: already there)     (dry run)
//   would_undo     step title                                                        (dry run)
//   not_held       step title known (false: not answered in time) rows (what stands against it, eleven at most)
//   measured       step name value: a baseline, in milliseconds
//   approved       step name who
//   waits          step for (approval, time, condition, window, in the order of what is missing) until (UTC, or empty)
//   paused         step measure why value limit ms: `pause when` holds; told at each look, ms says for how long already
//   went_on        step measure why ms: what it paused for is over
//   found, not_found  step title why: what adopt asked
//   missing_right  step grant: this statement would let the role run the step, now or in a later phase
//   would_back_up  step files bytes to how: what a backup would take                   (dry run)
//   backing_up     step what: a table, a file, the reading back
//   backup_made    step files bytes directory how read_back
//   backup_purged  directory days: its time was over
//   backup_left    directory why: its time is over, and it was not removed
//   file_put_back  path       file_left  path why       (rollback --files)
//   run_ended      run exit state
struct Event {
  std::string name;
  std::map<std::string, std::string> fields;
};
using Observer = std::function<void(const Event&)>;

// How a run ended: an exit code of docs (0 done, 1 an expectation does not hold, 3 not yet, 4 stopped by the
// policy, 5 refused, 6 busy, 7 no
// connection, 8 a person decides, 130 interrupted) with the four parts of a failure.
struct Outcome {
  int exit = 0;
  std::string code;   // "R0601", of codes.def; empty at exit 0
  std::string state;  // of the migration now
  std::string what, where, now, next;
};

// Where backups go, and with what they are made.
struct BackupOptions {
  std::string project;      // the directory that their paths are relative to; empty: the working directory
  std::string pg_dump;      // the program to use; empty: the newest that is found; "none": tables in mig's own form
  std::string sandbox_bin;  // programs of a server for reading back; empty: looked for
  bool restore = true;      // into a throwaway server of the same major where one is at hand: the best reading back
};

struct ApplyOptions {
  // The last phase to run; none: verify, or contract where somebody has approved it or it has begun.
  std::optional<sql::Phase> through;
  std::vector<std::string> approve;  // gates that the caller lets pass when they are reached: "contract", checkpoints
  std::string note;
  bool dry_run = false;
  int reconnect_ms = 15'000;  // how long a lost connection is looked for again
  BackupOptions backup;
};

// Asked before a step runs and while waiting: 0 go on, 1 end after the current statement, 2 cancel it.
using Interrupt = std::function<int()>;

class Executor {
 public:
  // Connects at the first call of the others.
  Executor(Target target, Observer observer, Interrupt interrupt);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Takes mig's lock by polling for at most this long; kept until the end. Nothing: it is ours; else why not (exit 6
  // another mig holds it, 7 no connection, standby, pooler). The calls below take it themselves (without waiting) where
  // it is not held yet.
  [[nodiscard]] std::optional<Outcome> lock(int wait_ms);
  // Runs or resumes this plan. A migration in flight goes by its stored plan; a different one is refused.
  [[nodiscard]] Outcome apply(const plan::Plan& plan, const ApplyOptions& options = {});
  // Resumes a migration of the journal by its stored plan.
  [[nodiscard]] Outcome resume(const std::string& migration, const ApplyOptions& options = {});
  // Records this plan as applied up to options.through (none: expand) where the probes of all its steps say that the
  // database has what they make. Runs none of them. Exit 1 where one does not hold: `where` lists those.
  [[nodiscard]] Outcome adopt(const plan::Plan& plan, const ApplyOptions& options = {});
  // Goes back to `to` by the stored plan, in reverse dependency order, from whatever state it is in.
  [[nodiscard]] Outcome rollback(const std::string& migration, plan::journal::State to,
                                 const ApplyOptions& options = {});

  // Removes the backups of these migrations (none named: of all) whose time is over, and says so in the journal.
  [[nodiscard]] Outcome purge_backups(const std::vector<std::string>& migrations, const ApplyOptions& options = {});
  // Puts back the files that the newest backup of this migration copied: those that are gone, and with `overwrite`
  // those that were changed since. Each copy is held against its hash before, each file after. The database stays.
  [[nodiscard]] Outcome restore_files(const std::string& migration, bool overwrite, const ApplyOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mig::runtime
