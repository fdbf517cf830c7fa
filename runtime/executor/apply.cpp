// Forward: which plan, which steps, in order, until the last phase that was asked for.
#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using plan::journal::State;
using sql::Phase;

Outcome other_plan(const Migration& m, const plan::Plan& wanted) {
  Outcome outcome;
  outcome.exit = 8;
  outcome.code = "R0802";
  outcome.state = m.row.state;
  outcome.what = m.row.name + " is " + m.row.state + " by another plan than this one";
  outcome.where = "stored " + m.row.plan_hash.substr(0, 12) + ", given " + plan::hash(wanted).substr(0, 12) +
                  (wanted.file.empty() ? "" : " of " + wanted.file);
  outcome.now = "nothing was changed by this call";
  outcome.next = "go on by the stored plan: mig apply " + m.row.name + "; or go back first: mig rollback " +
                 m.row.name + " --to pending";
  return outcome;
}

// A migration that is not pending goes by its stored plan.
Stop choose_plan(Work& work, const plan::Plan& wanted, Migration& m) {
  m.plan = wanted;
  m.row.name = wanted.migration;
  m.row.state = "pending";
  auto row = read_row(work, wanted.migration);
  if (!row) return std::nullopt;
  const bool same = row->plan_hash == plan::hash(wanted);
  m.row = std::move(*row);
  if (m.row.state != "pending" && !same) return other_plan(m, wanted);
  if (!same) {
    m.row.steps.clear();
    m.row.approvals.clear();
  }
  return std::nullopt;
}

Stop planned_for_newer(const Work& work, const Migration& m) {
  const int major = work.session->server_version() / 10000;
  if (m.plan.server_major <= major) return std::nullopt;
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = "R0702";
  outcome.state = m.row.state;
  outcome.what = "the plan was made for PostgreSQL " + std::to_string(m.plan.server_major) + ", this server is " +
                 std::to_string(major);
  outcome.where = work.session->display();
  outcome.now = "nothing was changed by this call";
  outcome.next = "plan it for this server: mig plan " + m.plan.migration;
  return outcome;
}

// `after X`: its maps are complete and its expectations held; `after X done`: its end.
State least_of(Work& work, const MigrationRow& row) {
  plan::Plan plan;
  return stored_plan(work, row.name, row.plan_hash, plan) ? State::verified : plan::journal::complete(plan);
}

// A way back that was cut off in the middle of a step is finished first: from there the step can run again.
Stop finish_ways_back(Work& work, Migration& m) {
  for (auto step = m.plan.steps.rbegin(); step != m.plan.steps.rend(); ++step)
    if (half_undone(m, *step))
      if (auto stop = undo_step(work, m, *step, std::nullopt)) return stop;
  return std::nullopt;
}

bool approves(const Migration& m, const std::string& name) {
  return std::find(m.approve.begin(), m.approve.end(), name) != m.approve.end() ||
         std::any_of(m.row.approvals.begin(), m.row.approvals.end(), [&](const auto& row) { return row.name == name; });
}

// A phase that has begun is resumed without being named, and contract where a person approved it; what destroys is
// always named.
Phase last_phase(const Migration& m, const ApplyOptions& options) {
  if (options.through) return *options.through;
  const bool begun = m.row.state == plan::journal::to_string(State::contracting);
  return begun || approves(m, "contract") ? Phase::contract : Phase::verify;
}

Outcome forward(Work& work, Migration& m, Phase through) {
  if (auto stop = finish_ways_back(work, m)) return *stop;
  for (const auto phase : plan::journal::phases)
    if (phase <= through)
      if (auto stop = run_phase(work, m, phase)) return *stop;
  return finished(m);
}

bool nothing_to_do(const Migration& m, Phase through) {
  const auto known = plan::journal::state(m.row.state);
  return m.row.state != "pending" && remaining_steps(m, through).empty() &&
         known >= plan::journal::reached(m.plan, through);
}

}  // namespace

Stop refuse_out_of_order(Work& work, const Migration& m) {
  const auto look = [&](const std::string& name, bool done) -> Stop {
    const auto row = read_row(work, name);
    if (row && far_enough(row->state, done ? State::done : least_of(work, *row))) return std::nullopt;
    Outcome outcome;
    outcome.exit = 3;
    outcome.code = "R0301";
    outcome.state = m.row.state;
    outcome.what = m.plan.migration + " comes after " + name + ", which is " + (row ? row->state : "pending");
    outcome.where = m.plan.file;
    outcome.now = "nothing was changed by this call";
    outcome.next = "mig apply " + name + (done ? " --through purge" : "");
    return outcome;
  };
  for (const auto& name : m.plan.after)
    if (auto stop = look(name, false)) return stop;
  for (const auto& name : m.plan.after_done)
    if (auto stop = look(name, true)) return stop;
  return std::nullopt;
}

Outcome apply(Work& work, const plan::Plan& wanted, const ApplyOptions& options) {
  Migration m;
  if (const int format = read_format(work.asker()); format != 0 || !options.dry_run) {
    if (auto stop = options.dry_run ? refuse_newer(format) : prepare_journal(work)) return *stop;
    if (auto stop = choose_plan(work, wanted, m)) return *stop;
  } else {
    m.plan = wanted;
    m.row.state = "pending";
  }
  m.approve = options.approve;
  m.note = options.note;
  m.backup = options.backup;
  if (auto stop = unknown_approval(m)) return *stop;
  const auto through = last_phase(m, options);
  if (nothing_to_do(m, through)) return finished(m);
  if (auto stop = planned_for_newer(work, m)) return *stop;
  if (!m.plan.after.empty() || !m.plan.after_done.empty())
    if (auto stop = refuse_out_of_order(work, m)) return *stop;
  if (auto stop = refuse_drift(work, m, remaining_steps(m, through))) return *stop;
  if (auto stop = refuse_unparsed(work, m, remaining_steps(m, through))) return *stop;
  if (auto stop = refuse_backups(work, m, remaining_steps(m, through))) return *stop;
  if (options.dry_run) return dry_run(work, m, through);
  // Before a run is begun, so that one that only waits leaves no row; an approval is written down at any time.
  if (const auto remaining = remaining_steps(m, through); m.approve.empty() && !remaining.empty())
    if (auto stop = outside_window(work, m, remaining.front()->id)) return *stop;
  tell_crashed_run(work, m);
  start_run(work, m, options);
  prepare_session(work, m.plan);
  tell_missing_rights(work, m, remaining_steps(m, Phase::purge));
  const auto outcome = forward(work, m, through);
  end_run(work, m, outcome);
  return outcome;
}

Outcome resume(Work& work, const std::string& name, const ApplyOptions& options) {
  Migration m;
  if (auto stop = load(work, name, m)) return *stop;
  work.tell("plan_used", {{"migration", name}, {"hash", m.row.plan_hash}});
  return apply(work, m.plan, options);
}

Outcome dry_run(Work& work, Migration& m, Phase through) {
  for (const auto* step : remaining_steps(m, through)) {
    std::string statements, locks;
    for (const auto* statement : sql::statements(step->action)) {
      statements += (statements.empty() ? "" : ";\n") + statement->text.text();
      for (const auto& lock : statement->locks)
        locks +=
            std::string(locks.empty() ? "" : ", ") + sql::to_string(lock.mode) + " on " + sql::display(lock.relation);
    }
    tell_backup(work, m, *step);
    const bool found = step->probe && probe_says_done(work, *step->probe);
    work.tell("would_run", {{"migration", m.plan.migration},
                            {"step", step->id},
                            {"title", step->title},
                            {"phase", sql::to_string(step->phase)},
                            {"statements", statements},
                            {"locks", locks},
                            {"found", found ? "true" : "false"}});
  }
  tell_missing_rights(work, m, remaining_steps(m, Phase::purge));
  auto outcome = finished(m);
  outcome.now = "nothing was written";
  return outcome;
}

}  // namespace mig::runtime
