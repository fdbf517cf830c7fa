// mig's session lock: polled, because a session that waits in pg_advisory_lock() holds a snapshot, and CREATE INDEX
// CONCURRENTLY of the lock's holder would wait for that: a deadlock.
#include <chrono>
#include <thread>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::map<std::string, std::string> fields_of(const SessionRow& session) {
  return {{"pid", std::to_string(session.pid)},
          {"user", session.user},
          {"application", session.application},
          {"client", session.client},
          {"state", session.state},
          {"since", std::to_string(session.seconds)},
          {"query", session.query}};
}

Outcome busy(const std::optional<SessionRow>& holder) {
  Outcome outcome;
  outcome.exit = 6;
  outcome.code = "R0602";
  outcome.what = "another mig holds the lock of this database";
  if (holder)
    outcome.where = "pid " + std::to_string(holder->pid) + "  " + holder->user + "@" + holder->client + "  " +
                    holder->state + "  " + holder->query;
  outcome.now = "nothing was changed by this call";
  outcome.next = "wait for it, then call mig again; it may also be a statement that outlived its mig";
  return outcome;
}

Outcome interrupted_while_waiting() {
  Outcome outcome;
  outcome.exit = 130;
  outcome.code = "R0901";
  outcome.what = "interrupted while waiting for mig's lock";
  outcome.now = "nothing was changed by this call";
  outcome.next = "call mig again";
  return outcome;
}

bool try_lock(Work& work) { return work.ask(plan::journal::try_lock()).truth(); }

// Says once who holds it; afterwards only when that changes.
std::optional<SessionRow> tell_holder(Work& work, int& told) {
  auto holder = read_lock_holder(work.asker());
  if (holder && holder->pid != told) {
    told = holder->pid;
    work.tell("lock_busy", fields_of(*holder));
  }
  return holder;
}

// Our own old session may still run its statement, or be committing: only its end makes the catalog worth looking at.
Stop wait_for_old_session(Work& work, const Migration& migration, int old_pid, const std::string& step) {
  int told = 0;
  const auto begin = clock::now();
  while (!try_lock(work)) {
    const auto holder = tell_holder(work, told);
    if (work.asked_to_stop() != 0) return interrupted(migration, step);
    if (holder && holder->pid != old_pid && clock::now() - begin > 2s) return busy(holder);
    std::this_thread::sleep_for(100ms);
  }
  work.locked = true;
  return std::nullopt;
}

// The server may be restarting.
Stop reconnect(Work& work, const Migration& migration, const DatabaseError& error, const std::string& step) {
  const auto begin = clock::now();
  const auto patience = std::chrono::milliseconds(work.reconnect_ms);
  for (auto pause = 50ms; clock::now() - begin < patience; pause = std::min(pause * 2, 1000ms)) {
    if (work.asked_to_stop() != 0) return interrupted(migration, step);
    try {
      if (auto stop = open(work); !stop) return std::nullopt;
    } catch (const DatabaseError& again) {
      if (!again.connection_lost()) throw;
    }
    std::this_thread::sleep_for(pause);
  }
  return connection_gone(migration, error, step);
}

}  // namespace

Stop take_lock(Work& work, int wait_ms) {
  int told = 0;
  const auto end = clock::now() + std::chrono::milliseconds(wait_ms);
  while (!try_lock(work)) {
    const auto holder = tell_holder(work, told);
    if (work.asked_to_stop() != 0) return interrupted_while_waiting();
    if (clock::now() >= end) return busy(holder);
    std::this_thread::sleep_for(100ms);
  }
  work.locked = true;
  return std::nullopt;
}

Stop recover(Work& work, Migration& migration, const DatabaseError& error, const std::string& step) {
  work.tell("connection_lost", {{"migration", migration.plan.migration}, {"step", step}, {"message", error.message}});
  const int old_pid = work.session->backend_pid();
  work.session.reset();
  if (auto stop = reconnect(work, migration, error, step)) return stop;
  if (auto stop = wait_for_old_session(work, migration, old_pid, step)) return stop;
  prepare_session(work, migration.plan);
  if (auto row = read_row(work, migration.plan.migration)) migration.row = std::move(*row);
  work.tell("reconnected", {{"migration", migration.plan.migration}, {"step", step}});
  if (error.ended_by_admin()) return session_ended(migration, error, step);
  return std::nullopt;
}

}  // namespace mig::runtime
