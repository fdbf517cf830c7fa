// The journal's SQL as typed fragments: the runtime sends these, up.sql and down.sql print the same ones, so that a
// migration run by psql leaves the same rows. Tables in schema mig; the protocol (which rows, when) is docs/journal.md.
#pragma once

#include <array>
#include <map>

#include "compiler/plan/plan.hpp"

namespace mig::plan::journal {

inline constexpr int format = 1;

// One pg_advisory_lock key for all of mig in a database (held by a session, polled with pg_try_advisory_lock).
inline constexpr long long lock_key = 0x6d69670000000001;  // "mig"

// ---- the session ----
[[nodiscard]] sql::Fragment try_lock();  // SELECT … AS locked
[[nodiscard]] sql::Fragment unlock();
// SELECT … AS present: is there a journal? Asked before create(), which needs CREATE on the database.
[[nodiscard]] sql::Fragment present();
// SELECT … AS format: what made it; greater than `format` is a newer mig's.
[[nodiscard]] sql::Fragment stored_format();
// Statements that create schema mig and its tables where they are missing. Idempotent, one transaction.
[[nodiscard]] std::vector<sql::Fragment> create();

// ---- states ----
// State words (docs/journal.md): a closed set.
enum class State {
  pending,
  expanding,
  expanded,
  mapping,
  mapped,
  verifying,
  verified,
  contracting,
  contracted,
  purging,
  done
};
[[nodiscard]] const char* to_string(State state);
[[nodiscard]] std::optional<State> state(std::string_view text);
// All phases in run order.
inline constexpr std::array<sql::Phase, 8> phases{sql::Phase::measure,  sql::Phase::backup, sql::Phase::require,
                                                  sql::Phase::expand,   sql::Phase::map,    sql::Phase::verify,
                                                  sql::Phase::contract, sql::Phase::purge};
// Does this plan have it? Expand it always has, also without steps; contract by its section.
[[nodiscard]] bool has_phase(const Plan& plan, sql::Phase phase);
// The state that a phase ends in, given the plan: expand of a plan without contract ends in done. What stands before
// expand leaves the migration pending.
[[nodiscard]] State after_phase(const Plan& plan, sql::Phase phase);
[[nodiscard]] State while_phase(sql::Phase phase);
// The state in which a phase of this plan begins.
[[nodiscard]] State before_phase(const Plan& plan, sql::Phase phase);
// The state of a migration that has run as far as this phase, whether its plan has that phase or not.
[[nodiscard]] State reached(const Plan& plan, sql::Phase through);
// The state in which `after` of another migration is content: maps complete, expectations held.
[[nodiscard]] State complete(const Plan& plan);
// Sets the migration's state (back to pending also forgets what was asked before expand), in a transaction of its own
// or with the step that ends the phase.
[[nodiscard]] sql::Fragment set_state(const Plan& plan, State state);

// ---- plans, migrations, runs ----
// Inserts the plan (its JSON with the source text in it, compressed) unless a row with its hash exists, and the event
// `planned` that says what it stands on.
[[nodiscard]] sql::Fragment insert_plan(const Plan& plan);
// A condition: a migration that is in comes after this one, or came later and touches a relation that this one touches.
// Plans that were stored before the event `planned` was known are not seen.
[[nodiscard]] sql::Fragment has_later(const Plan& plan);
// Makes the migration's row, or hands it this plan while it is pending. Any other row is left as it is.
[[nodiscard]] sql::Fragment start_migration(const Plan& plan);
// Starts a run of a migration that has a row; RETURNING its id AS run.
[[nodiscard]] sql::Fragment start_run(std::string_view migration, std::string_view command, std::string_view who,
                                      std::string_view host, std::string_view version, std::string_view note);
// The same with values that are SQL already (psql variables).
[[nodiscard]] sql::Fragment start_run(std::string_view migration, std::string_view command, const sql::Fragment& who,
                                      const sql::Fragment& host, const sql::Fragment& version,
                                      const sql::Fragment& note);
[[nodiscard]] sql::Fragment end_run(const sql::Fragment& run, int exit_code);

// ---- steps. `run` is a number or a psql variable; each also leaves an event ----
// The intent: before a statement that is no transaction of its own, and before the way back of one.
[[nodiscard]] sql::Fragment step_started(const Plan& plan, std::string_view step, const sql::Fragment& run);
// In the step's own transaction, or after the statement's probe said yes. What is known of the objects that the step
// touches is forgotten: until the end of the run only probes speak for them.
[[nodiscard]] sql::Fragment step_done(const Plan& plan, std::string_view step, const sql::Fragment& run, int tries = 1);
// With the last step of the way back: rows of the steps of the way back go, what was kept is marked as returned.
[[nodiscard]] sql::Fragment step_undone(const Plan& plan, std::string_view step, const sql::Fragment& run);
[[nodiscard]] sql::Fragment step_failed(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                        std::string_view sqlstate, int tries);

// What an assertion said where it did not hold: its row is `failed`, the event tells how many rows stood against it (at
// most eleven were asked for) and whether it was answered at all.
[[nodiscard]] sql::Fragment step_not_held(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                          long long rows, bool known);
// A baseline, with the row of its step: `value` is SQL, in milliseconds.
[[nodiscard]] sql::Fragment measured(const Plan& plan, std::string_view name, const sql::Fragment& run,
                                     const sql::Fragment& value);
// A backup is about to be made in this directory: what a killed run leaves of it is found by this event.
[[nodiscard]] sql::Fragment backup_begun(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                         std::string_view directory);
// A backup that was made and read back, as its event tells it. Paths are relative to the project.
struct Backed {
  std::string directory;
  std::string manifest;        // SHA-256 of the manifest file
  std::string way, read_back;  // how it was made ("pg_dump 16.4", "mig"), and read
  long long bytes = 0, files = 0;
  long long keep_seconds = -1;  // -1: until somebody deletes it
  std::string restore;          // commands that bring it back, a line each
};
[[nodiscard]] sql::Fragment backed_up(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                      const Backed& backup);
// Its time was over and it was removed.
[[nodiscard]] sql::Fragment backup_purged(std::string_view migration, std::string_view directory);
// A person lets a gate or checkpoint pass; `who` and `note` are SQL. The first approval counts; the event
// remains when it is withdrawn.
[[nodiscard]] sql::Fragment approve(const Plan& plan, std::string_view name, const sql::Fragment& run,
                                    const sql::Fragment& who, const sql::Fragment& note);
// Before a phase is undone: what was approved in it counts no longer. Empty where it has no approvals.
[[nodiscard]] sql::Fragment withdraw(const Plan& plan, sql::Phase phase);
// A run ends at this step, which waits: for `approval`, `time`, `condition` or `window`.
[[nodiscard]] sql::Fragment waits(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                  std::string_view what);

// A batch of a step that is done in parts, in its transaction: what Batches::progress said. A step that is undone
// loses its chunks.
struct Chunk {
  long long number = 0, read = 0, written = 0;
  std::string cursor;  // JSON
};
[[nodiscard]] sql::Fragment chunk_done(const Plan& plan, std::string_view step, const sql::Fragment& run,
                                       const Chunk& chunk);

// What a step set aside, in its transaction; retain_seconds < 0: until purge is asked for.
[[nodiscard]] sql::Fragment keep(const Plan& plan, std::string_view step, const sql::Kept& kept,
                                 long long retain_seconds);
// What a purge destroyed.
[[nodiscard]] sql::Fragment release(const sql::Kept& kept);
// What a revival brought back.
[[nodiscard]] sql::Fragment give_back(const sql::Kept& kept);

// ---- drift ----
// Fingerprints (by catalog key) of what the plan touches, as they are now: at the end of each run, also a failed one.
[[nodiscard]] sql::Fragment record_fingerprints(std::string_view migration,
                                                const std::map<std::string, std::string>& now);
// The same as one step left them.
[[nodiscard]] sql::Fragment step_fingerprints(const Plan& plan, std::string_view step,
                                              const std::map<std::string, std::string>& now);

}  // namespace mig::plan::journal
