// Sending one piece of work: a transaction together with its journal rows, or a statement that is no transaction,
// between its intent and its probe.
#include <algorithm>
#include <chrono>

#include "compiler/plan/messages.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

enum class After { again, done, stop };

struct Attempt {
  Work& work;
  Migration& migration;
  const Piece& piece;
  Took took;
  int losses = 0;     // of the connection
  bool more = false;  // a batch is in, and another follows

  [[nodiscard]] int limit() const { return migration.plan.policy.lock_tries; }
  [[nodiscard]] const sql::Batches* batches() const {
    return piece.instead == nullptr ? std::get_if<sql::Batches>(piece.action) : nullptr;
  }
  [[nodiscard]] const sql::Concurrent* concurrent() const {
    return piece.instead == nullptr ? std::get_if<sql::Concurrent>(piece.action) : nullptr;
  }
};

void rollback_if_open(Work& work) {
  if (work.session->alive() && work.session->in_transaction()) work.ask(sql("ROLLBACK"));
}

void send_transaction(Attempt& a) {
  const bool there = a.piece.ask_first && *a.piece.probe && probe_says_done(a.work, **a.piece.probe);
  if (there) a.took.how = "found";
  const auto opening = a.piece.instead != nullptr ? plan::opening(a.migration.plan, *a.piece.instead)
                                                  : plan::opening(a.migration.plan, *a.piece.action);
  for (const auto& message : opening) a.work.ask(message);
  if (!there) {
    if (a.piece.instead != nullptr) {
      for (const auto& statement : *a.piece.instead) execute(a.work, statement.text, a.piece.id);
    } else {
      for (const auto* statement : sql::statements(*a.piece.action)) execute(a.work, statement->text, a.piece.id);
    }
  }
  look_at_left(a.work, a.migration, a.piece);
  for (const auto& row : a.piece.rows(a.took.tries)) a.work.ask(row);
  a.work.ask(sql("COMMIT"));
}

// The step's row says first that parts of it may be in; the last batch commits with the row that says it is done.
void send_part(Attempt& a) {
  if (a.migration.state_of(a.piece.id) != "started") {
    a.work.ask(plan::journal::step_started(a.migration.plan, a.piece.id, a.migration.run_id()));
    a.migration.set_state_of(a.piece.id, "started");
  }
  for (const auto& message : plan::opening(a.migration.plan, *a.piece.action)) a.work.ask(message);
  a.more = send_batch(a.work, a.migration, a.piece, *a.batches());
  if (!a.more) {
    look_at_left(a.work, a.migration, a.piece);
    for (const auto& row : a.piece.rows(a.took.tries)) a.work.ask(row);
  }
  a.work.ask(sql("COMMIT"));
}

void commit_rows(Attempt& a) {
  a.work.ask(sql("BEGIN"));
  for (const auto& row : a.piece.rows(a.took.tries)) a.work.ask(row);
  a.work.ask(sql("COMMIT"));
}

// A definite "no" of the probe after the statement succeeded: somebody undid it meanwhile, or the plan is wrong.
Outcome not_seen(const Attempt& a) {
  Outcome outcome;
  outcome.exit = 5;
  outcome.code = "R0503";
  outcome.state = a.migration.row.state;
  outcome.what = "step " + a.piece.id + " ran, but its effect is not there";
  outcome.where = a.piece.title;
  outcome.now = position(a.migration.plan, a.migration.row);
  outcome.next = "look whether another session undid it, then: mig apply " + a.migration.plan.migration;
  return outcome;
}

bool clean_up(Work& work, const sql::Concurrent& action, const std::string& step) {
  if (!action.remnant || !action.cleanup || !probe_says_done(work, *action.remnant)) return false;
  work.tell("cleanup", {{"step", step}, {"statement", action.cleanup->text.text()}});
  work.ask(sql("SET lock_timeout = 0"));
  work.ask(sql("SET statement_timeout = 0"));
  execute(work, action.cleanup->text, step);
  return true;
}

void send_concurrent(Attempt& a) {
  const auto& action = *a.concurrent();
  a.work.ask(plan::journal::step_started(a.migration.plan, a.piece.id, a.migration.run_id()));
  a.migration.set_state_of(a.piece.id, "started");
  // What was begun may be done by its cleanup: DETACH … FINALIZE.
  if (probe_says_done(a.work, **a.piece.probe) ||
      (clean_up(a.work, action, a.piece.id) && probe_says_done(a.work, **a.piece.probe))) {
    a.took.how = "found";
  } else {
    for (const auto& message : plan::opening(a.migration.plan, *a.piece.action)) a.work.ask(message);
    execute(a.work, action.statement.text, a.piece.id);
    if (!probe_says_done(a.work, **a.piece.probe)) {
      a.took.stop = not_seen(a);
      return;
    }
  }
  commit_rows(a);
}

// What a refused CREATE INDEX CONCURRENTLY leaves costs every write, and enforces uniqueness: it goes at once.
void clean_up_after_error(Attempt& a) {
  const auto* action = a.concurrent();
  if (action == nullptr || a.work.cancelled) return;
  try {
    clean_up(a.work, *action, a.piece.id);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    // Still there: the next run finds it by the same probe.
  }
}

After after_error(Attempt& a, const DatabaseError& error) {
  if (error.connection_lost() || !a.work.session->alive()) {
    if (auto stop = recover(a.work, a.migration, error, a.piece.id)) {
      a.took.stop = std::move(stop);
      return After::stop;
    }
    a.more = false;
    if (a.piece.done(a.migration.row)) return After::done;
    // A server that falls at this statement again and again is not helped by more of it.
    if (++a.losses < 3) return After::again;
    a.took.stop = connection_gone(a.migration, error, a.piece.id);
    return After::stop;
  }
  rollback_if_open(a.work);
  if (a.work.cancelled && error.sqlstate == "57014") {
    a.took.stop = interrupted(a.migration, a.piece.id);
    return After::stop;
  }
  if (error.sqlstate == "57014" && a.piece.instead == nullptr && sql::asked_anew(*a.piece.action)) {
    a.took.stop = not_known(a.work, a.migration, a.piece);
    return After::stop;
  }
  if (worth_retrying(error)) tell_refused_try(a.work, a.piece.id, error, a.took.tries, a.limit());
  const auto blockers = a.work.blockers;
  clean_up_after_error(a);
  a.work.blockers = blockers;
  if (worth_retrying(error) && a.took.tries < a.limit()) {
    if (!pause_before(a.work, ++a.took.tries)) return After::again;
    a.took.stop = interrupted(a.migration, a.piece.id);
    return After::stop;
  }
  a.work.ask(
      plan::journal::step_failed(a.migration.plan, a.piece.id, a.migration.run_id(), error.sqlstate, a.took.tries));
  if (a.migration.state_of(a.piece.id) != "done") a.migration.set_state_of(a.piece.id, "failed");
  a.took.stop = worth_retrying(error) ? lock_not_taken(a.work, a.migration, a.piece.id)
                                      : refused(a.work, a.migration, a.piece, error);
  return After::stop;
}

// Errors of the handling itself (the connection goes while we look) are handled in the same way, a bounded number of
// times.
After send(Attempt& a) {
  try {
    if (a.piece.instead == nullptr && sql::only_looks(*a.piece.action))
      a.took.stop = look(a.work, a.migration, a.piece, a.took.tries);
    else if (a.concurrent() != nullptr)
      send_concurrent(a);
    else if (a.batches() != nullptr)
      send_part(a);
    else
      send_transaction(a);
    return a.took.stop ? After::stop : After::done;
  } catch (const DatabaseError& error) {
    for (int again = 0;; ++again) {
      try {
        return after_error(a, error);
      } catch (const DatabaseError& second) {
        if (again == 3 || !second.connection_lost()) throw;
      }
    }
  }
}

// Between two batches. A way back is not bound to it.
Stop may_go_on(Work& work, Migration& m, const std::string& step) {
  if (auto stop = within_limits(work, m, step)) return stop;
  return outside_window(work, m, step);
}

}  // namespace

bool probe_says_done(const Work& work, const sql::Probe& probe) { return work.ask(probe.query).truth(); }

std::string settle(Work& work, const sql::Step& step) {
  const auto* action = std::get_if<sql::Concurrent>(&step.action);
  if (action == nullptr || !step.probe) return "not done";
  if (probe_says_done(work, *step.probe)) return "done";
  if (!clean_up(work, *action, step.id)) return "not done";
  // A half-done DROP is finished by its cleanup.
  return probe_says_done(work, *step.probe) ? "done" : "remnant";
}

Took run_piece(Work& work, Migration& migration, const Piece& piece) {
  const auto begin = std::chrono::steady_clock::now();
  Attempt attempt{work, migration, piece, {}, 0};
  int most = 1;
  do {
    attempt.took.tries = 1;
    attempt.losses = 0;
    while (send(attempt) == After::again) {
    }
    most = std::max(most, attempt.took.tries);
    if (attempt.took.stop || !attempt.more) break;
    if (rest(work, migration))
      attempt.took.stop = interrupted(migration, piece.id);
    else if (migration.command == "apply")
      attempt.took.stop = may_go_on(work, migration, piece.id);
  } while (!attempt.took.stop && attempt.more);
  attempt.took.tries = most;
  const auto took = std::chrono::steady_clock::now() - begin;
  attempt.took.ms = static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  return std::move(attempt.took);
}

}  // namespace mig::runtime
