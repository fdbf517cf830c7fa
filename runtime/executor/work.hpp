// What the executor's parts share: the session that does the work, a migration in it, and how a run stops.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/catalog/catalog.hpp"
#include "runtime/database.hpp"
#include "runtime/executor.hpp"
#include "runtime/journal_rows.hpp"

namespace mig::runtime {

// The session that holds mig's lock and runs every statement, and what stands around it.
struct Work {
  Target target;
  Observer observer;
  Interrupt interrupt;
  std::unique_ptr<Session> session;
  std::unique_ptr<Session> onlooker;  // looks who blocks us while `session` waits
  bool locked = false;
  int reconnect_ms = 0;
  bool cancelled = false;            // the user asked to cancel, and we did
  std::vector<SessionRow> blockers;  // seen while the last statement waited
  long took_ms = 0;                  // of the last statement of a step, also where it was refused

  // The schema as it was under the lock, before this process changed anything: read once, by need.
  mutable std::optional<catalog::Catalog> seen;
  // What this process has changed since, and the keys of each migration that it ran: recorded once, at its end.
  std::set<std::string> changed;
  std::map<std::string, std::set<std::string>> ran;

  void tell(const std::string& name, std::map<std::string, std::string> fields) const;
  [[nodiscard]] int asked_to_stop() const { return interrupt ? interrupt() : 0; }
  // A short statement of our own: journal, probes, settings.
  Rows ask(const sql::Fragment& statement) const { return session->run(statement); }
  [[nodiscard]] Ask asker() const;
};

// A migration under the lock: its plan and its rows, kept as the journal has them.
struct Migration {
  plan::Plan plan;
  MigrationRow row;
  std::string command = "apply";     // what goes on after a stop: apply or rollback
  long long run = 0;                 // id in mig.run
  std::string left;                  // what ways back left alone, a line for each table
  std::vector<std::string> approve;  // gates that this call lets pass
  std::string note;                  // of the call, kept with what it approves
  BackupOptions backup;              // of the call

  [[nodiscard]] sql::Fragment run_id() const { return sql::fragment(run); }
  // The state of a step's row, "" where there is none.
  [[nodiscard]] std::string state_of(const std::string& step) const;
  void set_state_of(const std::string& step, const std::string& state);
  void forget(const std::string& prefix);  // rows of steps that begin with this
};

// Why a run ends before its aim; nothing: it goes on.
using Stop = std::optional<Outcome>;

// ---- open.cpp: connecting, what kind of server this is, settings of the session ----
[[nodiscard]] Stop open(Work& work);
void prepare_session(Work& work, const plan::Plan& plan);

// ---- lock.cpp ----
[[nodiscard]] Stop take_lock(Work& work, int wait_ms);
// After a lost connection: connects again, waits until our old session is gone, reads the migration's rows.
[[nodiscard]] Stop recover(Work& work, Migration& migration, const DatabaseError& error, const std::string& step);

// ---- watch.cpp ----
// Runs a step's statement: looks who blocks it while it waits, cancels it when the user asks twice.
Rows execute(Work& work, const sql::Fragment& statement, const std::string& step);

// ---- retry.cpp ----
// Another try may succeed: lock not available, deadlock, a row that moved.
[[nodiscard]] bool worth_retrying(const DatabaseError& error);
// Waits with jitter before try `next`; true: the user asked to stop meanwhile.
[[nodiscard]] bool pause_before(const Work& work, int next);
// Says that this try was refused, and by whom.
void tell_refused_try(const Work& work, const std::string& step, const DatabaseError& error, int attempt, int tries);

// ---- piece.cpp: one step, or one step of a way back, as it is sent ----
// What is run: either the action, or (a revival) other statements in a transaction.
struct Piece {
  std::string id;  // whose row in the journal
  std::string title;
  const sql::Action* action = nullptr;
  const std::vector<sql::Statement>* instead = nullptr;  // run in a transaction in place of the action's statements
  const std::optional<sql::Probe>* probe = nullptr;
  bool ask_first = false;  // a transaction whose effect may be there already (its step was in doubt)
  // The journal's rows that commit with it, by the number of tries.
  std::function<std::vector<sql::Fragment>(int tries)> rows;
  // Do the journal's rows, read again, say that it is done?
  std::function<bool(const MigrationRow&)> done;
  const std::optional<sql::Fragment>* left = nullptr;  // sql::Step::left
};
struct Took {
  Stop stop;
  int tries = 1;  // of batches: of the one that took the most
  long ms = 0;
  std::string how = "ran";  // or "found"
};
[[nodiscard]] Took run_piece(Work& work, Migration& migration, const Piece& piece);
// Runs a Concurrent action's cleanup if its remnant is there. What was found: done, remnant, not done.
[[nodiscard]] std::string settle(Work& work, const sql::Step& step);
[[nodiscard]] bool probe_says_done(const Work& work, const sql::Probe& probe);

// ---- batch.cpp: one batch of a step that is done in parts ----
// The statements of a batch in an open transaction, and its row in the journal. True: another one follows.
[[nodiscard]] bool send_batch(Work& work, Migration& migration, const Piece& piece, const sql::Batches& action);
// Asks what a way back left alone, and tells it.
void look_at_left(Work& work, Migration& migration, const Piece& piece);
// The rest between two batches; true: the user asked to stop.
[[nodiscard]] bool rest(const Work& work, const Migration& migration);

// ---- look.cpp: actions that only look ----
// Asks what the piece's action asks, and commits its rows where the answer lets the migration go on.
[[nodiscard]] Stop look(Work& work, Migration& migration, const Piece& piece, int tries);
// An expectation that was not answered in time.
[[nodiscard]] Outcome not_known(Work& work, Migration& migration, const Piece& piece);

// ---- ../backup/make.cpp, before.cpp, keep.cpp, put_back.cpp ----
// Why the backups among these steps cannot be made: programs, room on the disk, files, rights. Asked before anything
// runs. One that was made already and is not as it was made is made again.
[[nodiscard]] Stop refuse_backups(Work& work, Migration& migration, const std::vector<const sql::Step*>& remaining);
[[nodiscard]] Stop make_backup(Work& work, Migration& migration, const Piece& piece, const sql::Backup& action,
                               int tries);
// What a dry run says of a backup.
void tell_backup(Work& work, const Migration& migration, const sql::Step& step);
[[nodiscard]] Outcome purge_backups(Work& work, const std::vector<std::string>& migrations, const std::string& project);
[[nodiscard]] Outcome restore_files(Work& work, const std::string& migration, bool overwrite,
                                    const ApplyOptions& options);
// "\nfrom its backup: pg_restore …": how to bring back what this migration backed up; empty: nothing.
[[nodiscard]] std::string from_backup(Work& work, const std::string& migration);

// ---- waiting.cpp: gates and the window ----
// What a gate waits for now; nothing of it: it is open. An approval that this call gives is written down first.
struct Waits {
  std::string until;       // UTC; empty: its time is over
  bool approval = false;   // somebody must approve it
  bool condition = false;  // its condition does not hold
  [[nodiscard]] bool any() const { return !until.empty() || approval || condition; }
};
[[nodiscard]] Waits look_at_gate(Work& work, const Migration& migration, const std::string& step,
                                 const sql::Gate& gate);
// Tells and writes down what the run ends for.
[[nodiscard]] Outcome gate_is_shut(Work& work, const Migration& migration, const Piece& piece, const sql::Gate& gate,
                                   const Waits& waits);
// Steps and batches begin only in the window of the policy.
[[nodiscard]] Stop outside_window(Work& work, const Migration& migration, const std::string& step);
// Names that no gate of the plan knows.
[[nodiscard]] Stop unknown_approval(const Migration& migration);

// ---- limits.cpp: `pause when` and `stop when` of the policy ----
// Before a step and between two batches: waits while the server is over what the policy lets it wait for; a stop where
// it is over what the policy stops at (4), the user asked to stop, or the role may not see what is measured (7).
[[nodiscard]] Stop within_limits(Work& work, Migration& migration, const std::string& step);

// ---- phase.cpp: the steps of one phase ----
// Steps to run up to this phase. What is asked before anything runs is asked anew while the migration is pending.
[[nodiscard]] std::vector<const sql::Step*> remaining_steps(const Migration& migration, sql::Phase through);
[[nodiscard]] Stop run_phase(Work& work, Migration& migration, sql::Phase phase);
// The words of the states stand in their order.
[[nodiscard]] bool far_enough(const std::string& state, plan::journal::State least);

// ---- forward.cpp and back.cpp: one step ----
[[nodiscard]] Stop do_step(Work& work, Migration& migration, const sql::Step& step,
                           std::optional<plan::journal::State> then);
[[nodiscard]] Stop undo_step(Work& work, Migration& migration, const sql::Step& step,
                             std::optional<plan::journal::State> then);
// Its row says that parts of it are in: it commits more than once, and was not finished.
[[nodiscard]] bool partly_done(const Migration& migration, const sql::Step& step);
// A way back that was begun and not finished.
[[nodiscard]] bool half_undone(const Migration& migration, const sql::Step& step);

// ---- whole runs ----
[[nodiscard]] Outcome apply(Work& work, const plan::Plan& plan, const ApplyOptions& options);
[[nodiscard]] Outcome resume(Work& work, const std::string& name, const ApplyOptions& options);
// Records a migration as applied up to options.through where every probe holds, and runs nothing. Exit 1 with the list
// of steps that do not hold.
[[nodiscard]] Outcome adopt(Work& work, const plan::Plan& plan, const ApplyOptions& options);
// `after X`, `after X done`: not yet (3) while X is not far enough.
[[nodiscard]] Stop refuse_out_of_order(Work& work, const Migration& migration);
[[nodiscard]] Outcome dry_run(Work& work, Migration& migration, sql::Phase through);
[[nodiscard]] Outcome rollback(Work& work, const std::string& name, plan::journal::State to,
                               const ApplyOptions& options);

// ---- story.cpp: the journal around a run ----
// Creates the journal, or refuses one that a newer mig made. `present` is left false in a read-only look at none.
[[nodiscard]] Stop prepare_journal(Work& work);
[[nodiscard]] Stop refuse_newer(int format);
// Who calls, for the journal: user@host.
[[nodiscard]] std::string who();
[[nodiscard]] std::optional<MigrationRow> read_row(Work& work, const std::string& name);
// The plan of this hash in the journal.
[[nodiscard]] Stop load(Work& work, const std::string& name, Migration& migration);
[[nodiscard]] Stop stored_plan(Work& work, const std::string& name, const std::string& hash, plan::Plan& plan);
void tell_crashed_run(Work& work, const Migration& migration);
void start_run(Work& work, Migration& migration, const ApplyOptions& options);
// Records fingerprints and the exit code, as far as there still is a session.
void end_run(Work& work, Migration& migration, const Outcome& outcome);
void set_state(Work& work, Migration& migration, plan::journal::State state);

// ---- drift.cpp ----
// Notes that a run of this plan begins: what it touches is known again only when it is recorded.
void note_run(Work& work, const plan::Plan& plan);
// Reads the schema once more and writes the fingerprints of what this process changed into the rows of all migrations
// that know it. One introspection, however many migrations ran.
void record_what_changed(Work& work);
// Whether a migration that came later stands on this one: it must go back first.
[[nodiscard]] Stop refuse_later_migrations(Work& work, const Migration& migration);
// `remaining` are the steps that a run is about to do or undo.
[[nodiscard]] Stop refuse_drift(Work& work, const Migration& migration, const std::vector<const sql::Step*>& remaining);

// ---- grammar.cpp ----
// Statements that mig's own parser is too old for are parsed by the server, those of the ways back too, before anything
// runs; one that it refuses ends the run.
[[nodiscard]] Stop refuse_unparsed(Work& work, const Migration& migration,
                                   const std::vector<const sql::Step*>& remaining);

// ---- rights.cpp ----
// The GRANTs that would let these statements pass, as far as the catalog tells.
[[nodiscard]] std::vector<std::string> missing_rights(Work& work, const std::vector<const sql::Statement*>& statements);
// Tells what the role lacks for steps to come, so that nobody finds out in the middle of a contract. A right that an
// earlier step of the plan gives is told too.
void tell_missing_rights(Work& work, const Migration& migration, const std::vector<const sql::Step*>& steps);
[[nodiscard]] std::vector<std::string> missing_journal_rights(Work& work);

// ---- report.cpp: the four parts ----
[[nodiscard]] std::string position(const plan::Plan& plan,
                                   const MigrationRow& row);  // "expand 1 is in, 2 to 5 are not"
[[nodiscard]] Outcome finished(const Migration& migration);
[[nodiscard]] Outcome no_connection(const DatabaseError& error);
[[nodiscard]] Outcome connection_gone(const Migration& migration, const DatabaseError& error, const std::string& step);
[[nodiscard]] Outcome session_ended(const Migration& migration, const DatabaseError& error, const std::string& step);
[[nodiscard]] Outcome interrupted(const Migration& migration, const std::string& step);
[[nodiscard]] Outcome lock_not_taken(const Work& work, const Migration& migration, const std::string& step);
// The four parts of a stop before or at this step, what is true now filled in.
[[nodiscard]] Outcome stopped(const Migration& migration, int exit, const char* code);
[[nodiscard]] std::string place(const Migration& migration, const std::string& step);
[[nodiscard]] std::string again(const Migration& migration);  // "mig apply NAME"
[[nodiscard]] Outcome refused(Work& work, const Migration& migration, const Piece& piece, const DatabaseError& error);
[[nodiscard]] Outcome outside_a_step(Work& work, const DatabaseError& error);

}  // namespace mig::runtime
