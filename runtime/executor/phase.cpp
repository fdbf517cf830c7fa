// One phase of a migration: what is asked before it, its gates, its steps, the state that it ends in.
#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using plan::journal::State;
using sql::Phase;

// What is kept may be destroyed only when its time is over.
Stop purge_not_open(Work& work, const Migration& m) {
  const auto until =
      work.ask(sql::sql("SELECT to_char(max(k.until) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')\n"
                        "FROM mig.kept k JOIN mig.plan p ON p.id = k.plan\n"
                        "WHERE p.hash = {} AND k.state = 'kept' AND k.until > now()",
                        sql::Literal{plan::hash(m.plan)}))
          .rows.at(0)
          .at(0);
  if (!until) return std::nullopt;
  Outcome outcome;
  outcome.exit = 3;
  outcome.code = "R0302";
  outcome.state = m.row.state;
  outcome.what = "purge opens at " + *until + ": what was dropped is kept until then";
  outcome.where = m.plan.file;
  outcome.now = m.plan.migration + " is " + m.row.state + " and can go back exactly";
  outcome.next = "after " + *until + ": mig apply " + m.plan.migration + " --through purge";
  return outcome;
}

bool to_run(const Migration& m, const sql::Step& step) {
  const bool before = step.phase < Phase::expand;
  if (before && m.row.state != plan::journal::to_string(State::pending)) return false;
  return m.state_of(step.id) != "done" || half_undone(m, step) || (before && sql::asked_anew(step.action));
}

std::vector<const sql::Step*> steps_of(const Migration& m, Phase phase) {
  std::vector<const sql::Step*> steps;
  for (const auto& step : m.plan.steps)
    if (step.phase == phase && to_run(m, step)) steps.push_back(&step);
  return steps;
}

// What verify found held at its time; contract needs it now. A gate that is shut ends the run before anything is asked.
Stop hold_again(Work& work, Migration& m) {
  if (m.row.state != plan::journal::to_string(plan::journal::before_phase(m.plan, Phase::contract)))
    return std::nullopt;
  for (const auto* step : steps_of(m, Phase::contract)) {
    const auto* gate = std::get_if<sql::Gate>(&step->action);
    if (gate == nullptr || !look_at_gate(work, m, step->id, *gate).any()) continue;
    if (auto stop = do_step(work, m, *step, std::nullopt)) return stop;
  }
  for (const auto& step : m.plan.steps) {
    if (step.phase != Phase::verify || !sql::asked_anew(step.action)) continue;
    auto stop = do_step(work, m, step, std::nullopt);
    if (!stop) continue;
    set_state(work, m, State::verifying);
    stop->state = m.row.state;
    return stop;
  }
  return std::nullopt;
}

Stop run_steps(Work& work, Migration& m, Phase phase, const std::vector<const sql::Step*>& steps) {
  const bool before = phase < Phase::expand;
  for (const auto* step : steps) {
    if (work.asked_to_stop() != 0) return interrupted(m, step->id);
    const bool waits = std::holds_alternative<sql::Gate>(step->action);
    if (!waits)
      if (auto stop = within_limits(work, m, step->id)) return stop;
    if (!waits)
      if (auto stop = outside_window(work, m, step->id)) return stop;
    if (!waits) set_state(work, m, plan::journal::while_phase(phase));
    const bool last = step == steps.back() && !before;
    const auto then = last ? std::optional(plan::journal::after_phase(m.plan, phase)) : std::nullopt;
    if (auto stop = do_step(work, m, *step, then)) return stop;
  }
  return std::nullopt;
}

}  // namespace

bool far_enough(const std::string& state, State least) {
  const auto known = plan::journal::state(state);
  return known && *known >= least;
}

std::vector<const sql::Step*> remaining_steps(const Migration& m, Phase through) {
  std::vector<const sql::Step*> remaining;
  for (const auto& step : m.plan.steps)
    if (step.phase <= through && to_run(m, step)) remaining.push_back(&step);
  return remaining;
}

Stop run_phase(Work& work, Migration& m, Phase phase) {
  if (!plan::journal::has_phase(m.plan, phase)) return std::nullopt;
  const auto end = plan::journal::after_phase(m.plan, phase);
  const bool over = phase >= Phase::expand && far_enough(m.row.state, end);
  const auto steps = steps_of(m, phase);
  if (steps.empty() && (over || phase < Phase::expand)) return std::nullopt;
  if (phase == Phase::contract)
    if (auto stop = hold_again(work, m)) return stop;
  if (steps.empty()) {
    set_state(work, m, end);
    return std::nullopt;
  }
  if (phase == Phase::purge)
    if (auto stop = purge_not_open(work, m)) return stop;
  work.tell("phase_started", {{"migration", m.plan.migration}, {"phase", sql::to_string(phase)}});
  if (auto stop = run_steps(work, m, phase, steps)) return stop;
  work.tell("phase_done", {{"migration", m.plan.migration}, {"phase", sql::to_string(phase)}, {"state", m.row.state}});
  return std::nullopt;
}

}  // namespace mig::runtime
