// Back: by the stored plan, in reverse run order, which is a reverse order of the dependencies.
#include <algorithm>

#include "runtime/backup/plan.hpp"
#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using plan::journal::before_phase;
using plan::journal::State;
using sql::Phase;

// What was asked before expand is forgotten when the migration is pending (journal::set_state).
constexpr Phase phases_back[] = {Phase::purge, Phase::contract, Phase::verify, Phase::map, Phase::expand};

// Whatever left a trace of its action: done, done in part, or not transactional and in doubt.
bool to_undo(const Migration& m, const sql::Step& step) {
  const auto state = m.state_of(step.id);
  return state == "done" || half_undone(m, step) || partly_done(m, step) ||
         (!sql::transactional(step.action) && (state == "started" || state == "failed"));
}

Outcome not_a_state_behind(const Migration& m, State to) {
  Outcome outcome;
  outcome.exit = 64;
  outcome.code = "R0804";
  outcome.state = m.row.state;
  outcome.what =
      m.plan.migration + " is " + m.row.state + ": " + plan::journal::to_string(to) + " is not a state behind it";
  outcome.where = "--to " + std::string(plan::journal::to_string(to));
  outcome.now = "nothing was changed";
  outcome.next = "mig rollback " + m.plan.migration + " --to pending";
  return outcome;
}

// Nothing is begun that cannot be finished.
Stop no_way_back(Work& work, const Migration& m, const std::vector<const sql::Step*>& steps) {
  for (const auto* step : steps) {
    const bool gone = std::holds_alternative<sql::Purge>(step->action) ||
                      (step->back.empty() && step->reversibility == sql::Reversibility::irreversible);
    if (!gone) continue;
    Outcome outcome;
    outcome.exit = 8;
    outcome.code = "R0805";
    outcome.state = m.row.state;
    outcome.what = "there is no way back behind step " + step->id + ": " + step->title;
    for (const auto& loss : step->loss) outcome.what += "\n" + loss;
    outcome.where = step->origin;
    outcome.now = "nothing was changed by this call; " + position(m.plan, m.row);
    outcome.next = "write a migration that makes it anew: mig new NAME" + from_backup(work, m.plan.migration);
    return outcome;
  }
  return std::nullopt;
}

// How many rows stand in the way. A later step that is done, or one that is not, may have changed what the question
// names: then nobody can tell now, and the way back itself is refused by the server when it comes to the rows.
long long rows_in_the_way(const Work& work, const sql::Condition& condition) {
  try {
    return std::stoll(work.ask(sql::sql("SELECT count(*) FROM ({}) q", condition.query)).value());
  } catch (const DatabaseError& error) {
    for (const auto* gone : {"42P01", "42703", "3F000"})
      if (error.sqlstate == gone) return 0;
    throw;
  }
}

// Rows that a way back would have to refuse are found before it begins. One that has begun goes on.
Stop refuse_rows(Work& work, const Migration& m, const std::vector<const sql::Step*>& steps) {
  for (const auto* step : steps) {
    if (m.state_of(step->id) != "done" || half_undone(m, *step)) continue;
    for (const auto& back : step->back) {
      if (!back.condition) continue;
      const auto count = rows_in_the_way(work, *back.condition);
      if (count == 0) continue;
      Outcome outcome;
      outcome.exit = 8;
      outcome.code = "R0806";
      outcome.state = m.row.state;
      outcome.what = "rows written since stand in the way of going back from step " + step->id + ": " +
                     std::to_string(count) + "; it needs that " + back.condition->text;
      outcome.where = step->origin;
      outcome.now = "nothing was changed by this call; " + position(m.plan, m.row);
      outcome.next =
          "mend them, then call mig again:  " + back.condition->query.text() + from_backup(work, m.plan.migration);
      return outcome;
    }
  }
  return std::nullopt;
}

bool goes_back(const plan::Plan& plan, Phase phase, State to) {
  return phase >= Phase::expand && before_phase(plan, phase) >= to;
}

std::vector<const sql::Step*> steps_back(const Migration& m, State to) {
  std::vector<const sql::Step*> steps;
  for (auto step = m.plan.steps.rbegin(); step != m.plan.steps.rend(); ++step)
    if (goes_back(m.plan, step->phase, to) && to_undo(m, *step)) steps.push_back(&*step);
  return steps;
}

bool reachable(const Migration& m, State to) {
  const auto now = plan::journal::state(m.row.state);
  const bool resting = std::any_of(plan::journal::phases.begin(), plan::journal::phases.end(), [&](auto phase) {
    return plan::journal::has_phase(m.plan, phase) && before_phase(m.plan, phase) == to;
  });
  return now && to <= *now && (resting || m.row.state == plan::journal::to_string(to));
}

Stop undo_phase(Work& work, Migration& m, Phase phase, const std::vector<const sql::Step*>& steps) {
  if (!plan::journal::has_phase(m.plan, phase)) return std::nullopt;
  const auto before = before_phase(m.plan, phase);
  std::vector<const sql::Step*> mine;
  for (const auto* step : steps)
    if (step->phase == phase) mine.push_back(step);
  if (const auto withdrawn = plan::journal::withdraw(m.plan, phase); !withdrawn.empty()) work.ask(withdrawn);
  if (!mine.empty()) set_state(work, m, plan::journal::while_phase(phase));
  for (const auto* step : mine) {
    if (work.asked_to_stop() != 0) return interrupted(m, step->id);
    const auto then = step == mine.back() ? std::optional(before) : std::nullopt;
    if (auto stop = undo_step(work, m, *step, then)) return stop;
  }
  if (mine.empty()) set_state(work, m, before);
  return std::nullopt;
}

Outcome backward(Work& work, Migration& m, State to, const std::vector<const sql::Step*>& steps) {
  for (const auto phase : phases_back)
    if (goes_back(m.plan, phase, to))
      if (auto stop = undo_phase(work, m, phase, steps)) return *stop;
  return finished(m);
}

}  // namespace

Outcome rollback(Work& work, const std::string& name, State to, const ApplyOptions& options) {
  Migration m;
  m.command = "rollback";
  if (auto stop = load(work, name, m)) return *stop;
  if (!reachable(m, to)) return not_a_state_behind(m, to);
  const auto steps = steps_back(m, to);
  if (m.row.state == plan::journal::to_string(to)) return finished(m);
  if (auto stop = no_way_back(work, m, steps)) return *stop;
  if (to == State::pending)
    if (auto stop = refuse_later_migrations(work, m)) return *stop;
  if (auto stop = refuse_drift(work, m, steps)) return *stop;
  prepare_session(work, m.plan);
  if (auto stop = refuse_rows(work, m, steps)) return *stop;
  if (options.dry_run) {
    for (const auto* step : steps)
      work.tell("would_undo", {{"migration", name}, {"step", step->id}, {"title", step->title}});
    return finished(m);
  }
  tell_crashed_run(work, m);
  start_run(work, m, options);
  backup::clear_unfinished(work, name, options.backup.project);
  const auto outcome = backward(work, m, to, steps);
  end_run(work, m, outcome);
  return outcome;
}

}  // namespace mig::runtime
