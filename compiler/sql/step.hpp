// Steps as data: what the runtime executes and the printers print. Nothing here knows the language.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/sql/sql.hpp"

namespace mig::sql {

// PostgreSQL's table lock modes, weakest first (manual 13.3.1).
enum class LockMode {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
[[nodiscard]] const char* to_string(LockMode mode);  // "ACCESS EXCLUSIVE"
[[nodiscard]] std::optional<LockMode> lock_mode(std::string_view text);

// How long a lock is held: catalog work only, or while all rows are read or rewritten.
enum class Work { instant, scan, rewrite, build };
[[nodiscard]] const char* to_string(Work work);

// A lock that a statement takes on a relation that existed before it. Locks on relations that the statement itself
// creates are not listed: nobody can wait for them. Indexes are listed only where the lock is AccessExclusive.
struct Lock {
  Qualified relation;
  LockMode mode = LockMode::access_share;
};

// A question to the catalog with one boolean answer: has this already happened? Read-only, safe at any time.
struct Probe {
  Fragment query;  // SELECT … AS done, one row, one boolean column
};

// One statement: one message to the server.
struct Statement {
  Fragment text;
  std::vector<Lock> locks;
  Work work = Work::instant;
  std::string reason;  // why this form was chosen, one line; empty where there was no choice
};

// How much of what was there before comes back.
enum class Reversibility { exact, exact_until_purged, lossy, irreversible };
[[nodiscard]] const char* to_string(Reversibility reversibility);

// Something set aside instead of destroyed, so that a way back exists (journal table mig.kept).
struct Kept {
  std::string kind;    // "column", "table"
  Qualified original;  // table, or table of the column
  std::string column;  // for a column: its name
  Qualified kept;      // where it is now: same table for a column
  std::string kept_column;
};

// All statements in one transaction together with the step's journal row.
struct Transaction {
  std::vector<Statement> statements;
};

// One statement that PostgreSQL refuses inside a transaction. Its intent is journalled first; afterwards, and after
// any crash, `Step::probe` decides whether it happened.
struct Concurrent {
  Statement statement;
  std::optional<Probe> remnant;      // true: a half-done remnant (an INVALID index) is in the way
  std::optional<Statement> cleanup;  // removes the remnant; itself non-transactional
};

// Like Transaction, and `kept` is recorded in the same transaction.
struct Park {
  std::vector<Statement> statements;
  std::vector<Kept> kept;
};

// Destroys what was parked; after it there is no way back. `released` are the kept names of the rows to close.
struct Purge {
  std::vector<Statement> statements;
  std::vector<Kept> released;
};

// The same statements again and again, each time in a transaction of its own, until `more` says no: work on many rows
// that holds no lock for long. Where it stands is kept in a table that the statements themselves read and write, so
// that it commits with the rows: whoever runs the next batch, and whenever, none is done twice and none is left out.
// How many rows a batch has stands in the setting mig.batch, which the messages around a batch set (plan::opening).
struct Batches {
  std::vector<Statement> statements;  // one batch; a Lock is one that it may take: that depends on the rows
  Probe more;                         // asked after them, in the same transaction: does another batch follow?
  Fragment progress;                  // SELECT number, cursor, read, written: this batch, for the journal's chunk
};

// What must hold before the plan goes on (require, verify): asked in a read-only transaction of its own, anew each time
// that its phase is entered. The last statement is the question, SELECT … AS holds: one row, one boolean, null is no.
// Those before it (a measurement, an EXPLAIN) leave what they found in settings `mig.…` of the transaction. An answer
// that does not come in time is not known, and what is not known does not hold.
struct Assert {
  std::vector<Statement> statements;
  std::optional<Fragment> rows;  // SELECT of what contradicts, keys first, eleven rows at most; asked where it is "no"
  int timeout_ms = 0;            // for each statement; at least 1
};

// A time that is measured before anything runs, in milliseconds, as the baseline of assertions (journal: mig.metric).
// The statements are as in Assert; the last one is SELECT … AS value.
struct Measure {
  std::string name;
  std::vector<Statement> statements;
  int timeout_ms = 0;
};

// A place where the migration waits and holds nothing: everything that is said must hold at once for it to go on.
struct Gate {
  long long after_seconds = 0;  // since the migration came into the state that it is in; 0: at once
  std::string approval;       // under which name a person lets it pass (mig.approval): "contract", a checkpoint's name
  std::string text;           // what that person must have done or seen; may be empty
  std::optional<Probe> when;  // polled: SELECT … AS holds, null is no
  std::string condition;      // `when` as it was written
};

// Copies that are made before anything runs.
struct Backup {
  bool database = false;           // the whole database, or
  std::vector<Qualified> tables;   // these tables with their rows
  std::vector<std::string> files;  // patterns of files as written, relative to the project
  std::string to;                  // a directory as written; {timestamp} and {migration} are filled when it is made
  long long keep_seconds = -1;     // how long it is kept; -1: until somebody deletes it
};

// What runs instead of a step's action when an earlier rollback kept the thing aside: it is brought back, with all that
// was written while it lived, instead of being made anew. One transaction, like Transaction; `released` closes the rows
// of mig.kept in it.
struct Revival {
  Probe when;  // asked just before the step: true while the kept thing exists
  std::vector<Statement> statements;
  std::vector<Kept> released;
};

// What the rows must be like for a step to work, as a query that returns those in the way. It stands on steps of a way
// back (a constraint that newer rows may break) and is asked before the rollback begins: any row, and the rollback is
// refused with their number and the query, before it has changed anything. The query names things as they are while the
// step is done and its way back has not begun: of a way back that was begun already it is not asked again.
struct Condition {
  std::string text;  // "no row of public.orders has note null"
  Fragment query;    // SELECT … the rows in the way; its text is shown to the user
};

// The closed set of things that a step does. Later kinds (load, publish) are added here with their own members; nothing
// else changes shape.
using Action = std::variant<Transaction, Concurrent, Park, Purge, Batches, Assert, Measure, Gate, Backup>;

// In run order. Before `expand` nothing is changed; `verify` begins with the checkpoints, `contract` with its gate.
enum class Phase { measure, backup, require, expand, map, verify, contract, purge };
[[nodiscard]] const char* to_string(Phase phase);
[[nodiscard]] std::optional<Phase> phase(std::string_view text);

// A step of a plan.  `back` undoes it: its steps run in the given order, each with its own transaction and probe.
struct Step {
  std::string id;  // "expand/2", unique in its plan; steps of `back`: "expand/2/back/1"
  Phase phase = Phase::expand;
  std::string title;               // "add column "QRCode".used boolean": one line for people
  std::vector<std::string> after;  // ids that must be done first
  Action action;
  std::optional<Revival> revival;  // only on the way forward: create table, add column
  std::optional<Condition> condition;
  std::optional<Probe> probe;  // false before, true after; required for Concurrent
  std::vector<Step> back;      // empty: irreversible, or nothing to undo (Purge)
  Reversibility reversibility = Reversibility::exact;
  std::vector<std::string> loss;     // what is lost, one line each (lossy, irreversible)
  std::vector<std::string> hazards;  // findings about this step, "H0101 text"
  std::vector<std::string> touches;  // catalog keys (see catalog::key) that the step reads or changes, for drift
  std::string needs_runtime;         // not empty: why psql cannot run it, and the command that does
  std::string origin;                // file:line of the operation
  // Of a way back that restores rows: SELECT relation, rows, keys, kept, one row for each table of which rows were
  // changed by others since and are left as they are. Asked after the (last) statements, in their transaction.
  std::optional<Fragment> left;
};

// The statements of an action in execution order (cleanup excluded); of a gate and a backup none.
[[nodiscard]] std::vector<const Statement*> statements(const Action& action);
[[nodiscard]] bool transactional(const Action& action);
// Commits more than once: a row `started` or `failed` in the journal means that a part of it is in.
[[nodiscard]] bool in_parts(const Action& action);
// Changes nothing in the database: an assertion, a measurement, a gate, a backup.
[[nodiscard]] bool only_looks(const Action& action);
// Its answer counts for the moment in which it was given: an assertion, a measurement.
[[nodiscard]] bool asked_anew(const Action& action);

}  // namespace mig::sql
