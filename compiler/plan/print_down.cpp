// down.sql: the way back for psql, one section for each state that it can start from.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/plan/print.hpp"
#include "compiler/plan/print_parts.hpp"

namespace mig::plan {

using journal::State;
using sql::Phase;
using sql::sql;

namespace {

::mig::sql::Literal text(std::string_view value) { return {std::string(value)}; }

bool has(const Plan& plan, Phase phase) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) { return step.phase == phase; });
}

void how_to_run(Script& out, const Plan& plan) {
  out.comment("run     psql -X -v ON_ERROR_STOP=1 -f down.sql      (back to pending)");
  if (has(plan, Phase::contract)) out.comment("or      psql -X -v ON_ERROR_STOP=1 -v to=expanded -f down.sql");
  for (const auto& step : plan.steps)
    for (const auto& loss : step.loss) out.comment(fmt::format("loses   {}: {}", step.id, loss));
}

// -v to=… becomes mig_to_pending.
void choose(Script& out, const Plan& plan) {
  const bool contract = has(plan, Phase::contract);
  out.line("\\if :{?to}");
  out.otherwise();
  out.line("\\set to pending");
  out.end();
  out.ask(contract ? sql("SELECT :'to' IN ('pending', 'expanded') AS known, :'to' = 'pending' AS to_pending")
                   : sql("SELECT :'to' = 'pending' AS known, true AS to_pending"));
  out.when("mig_known");
  out.otherwise();
  out.stop("to names no state that this plan can go back to", contract ? "to is pending or expanded" : "to is pending");
  out.end();
}

// The states of this plan that have a way back, as SQL's list.
void refuse_other_states(Script& out, const Plan& plan) {
  out.stop_if(
      sql("NOT EXISTS (SELECT FROM mig.migration WHERE name = {} AND state <> 'pending')", text(plan.migration)),
      fmt::format("{} is pending: there is nothing to go back from", plan.migration), "is this the right database?");
  if (!has(plan, Phase::purge)) return;
  out.stop_if(
      sql("EXISTS (SELECT FROM mig.migration WHERE name = {} AND state IN ('purging', 'done'))", text(plan.migration)),
      fmt::format("what {} kept for the way back is destroyed", plan.migration),
      "restore a backup, or write a new migration");
}

void start(Script& out, const Plan& plan) {
  out.line("\\getenv mig_host HOSTNAME");
  out.line("\\if :{?mig_host}");
  out.otherwise();
  out.line("\\set mig_host ''");
  out.end();
  out.ask(journal::start_run(plan.migration, "down.sql", sql(":'USER'"), sql(":'mig_host'"),
                             sql("'psql ' || :'VERSION_NAME'"), sql("''")));
  out.ask(
      sql("SELECT state IN ('contracting', 'contracted', 'done') AS from_contract FROM mig.migration WHERE name = {}",
          text(plan.migration)));
  print::rows(out, plan);
}

void undo(Script& out, const Plan& plan, Phase which, State during, State after) {
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step)
    if (step->phase == which) print::can_go_back(out, plan, *step);
  out.record(journal::set_state(plan, during));
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step)
    if (step->phase == which) print::step_down(out, plan, *step);
  out.blank();
  out.record(journal::set_state(plan, after));
}

}  // namespace

std::string down_sql(const Plan& plan) {
  Script out;
  print::header(out, plan, "down.sql");
  how_to_run(out, plan);
  out.blank();
  print::session(out, plan);
  choose(out, plan);
  print::lock(out, "down.sql");
  print::journal(out, false);
  print::same_plan(out, plan);
  refuse_other_states(out, plan);
  start(out, plan);
  if (has(plan, Phase::contract)) {
    out.blank();
    out.comment("---- from contracting, contracted or done: back to expanded ----");
    out.when("mig_from_contract");
    undo(out, plan, Phase::contract, State::contracting, State::expanded);
    out.end();
  }
  out.blank();
  out.comment("---- from expanding or expanded: back to pending ----");
  out.when("mig_to_pending");
  undo(out, plan, Phase::expand, State::expanding, State::pending);
  out.end();
  print::end(out, fmt::format("down.sql of {} has ended.", plan.migration));
  return out.text();
}

}  // namespace mig::plan
