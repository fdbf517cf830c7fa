// down.sql: the way back for psql, one section for each state that it can start from.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/plan/print.hpp"
#include "compiler/plan/print_parts.hpp"

namespace mig::plan {

using sql::Phase;
using sql::sql;

namespace {

::mig::sql::Literal text(std::string_view value) { return {std::string(value)}; }

bool has(const Plan& plan, Phase phase) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) { return step.phase == phase; });
}

// Where contract is undone and nothing else.
const char* uncontracted(const Plan& plan) { return journal::to_string(journal::before_phase(plan, Phase::contract)); }

void how_to_run(Script& out, const Plan& plan) {
  out.comment("run     psql -X -v ON_ERROR_STOP=1 -f down.sql      (back to pending)");
  if (has(plan, Phase::contract))
    out.comment(fmt::format("or      psql -X -v ON_ERROR_STOP=1 -v to={} -f down.sql", uncontracted(plan)));
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
  out.ask(contract ? sql("SELECT :'to' IN ('pending', {}) AS known, :'to' = 'pending' AS to_pending",
                         text(uncontracted(plan)))
                   : sql("SELECT :'to' = 'pending' AS known, true AS to_pending"));
  out.when("mig_known");
  out.otherwise();
  out.stop("to names no state that this plan can go back to",
           contract ? fmt::format("to is pending or {}", uncontracted(plan)) : "to is pending");
  out.end();
}

// The states of this plan that have a way back, as SQL's list.
void refuse_other_states(Script& out, const Plan& plan) {
  out.stop_if(
      sql("NOT EXISTS (SELECT FROM mig.migration WHERE name = {} AND state <> 'pending')", text(plan.migration)),
      fmt::format("{} is pending: there is nothing to go back from", plan.migration), "is this the right database?");
  out.stop_if(journal::has_later(plan), fmt::format("a later migration stands on {}", plan.migration),
              "take that one back first: mig status names them, the newest last; each has a down.sql of its own");
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

void can_undo(Script& out, const Plan& plan, Phase which) {
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step)
    if (step->phase == which) print::can_go_back(out, plan, *step);
}

void steps(Script& out, const Plan& plan, Phase which) {
  if (const auto withdrawn = journal::withdraw(plan, which); !withdrawn.empty()) out.record(withdrawn);
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step)
    if (step->phase == which) print::step_down(out, plan, *step);
}

void undo(Script& out, const Plan& plan, Phase which) {
  out.record(journal::set_state(plan, journal::while_phase(which)));
  steps(out, plan, which);
  out.blank();
  out.record(journal::set_state(plan, journal::before_phase(plan, which)));
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
    out.comment(fmt::format("---- from contracting, contracted or done: back to {} ----", uncontracted(plan)));
    out.when("mig_from_contract");
    can_undo(out, plan, Phase::contract);
    undo(out, plan, Phase::contract);
    out.end();
  }
  out.blank();
  out.comment(fmt::format("---- from expanding or {}: back to pending ----", uncontracted(plan)));
  out.when("mig_to_pending");
  can_undo(out, plan, Phase::expand);
  for (const auto which : {Phase::verify, Phase::map})
    if (has(plan, which)) undo(out, plan, which);
  undo(out, plan, Phase::expand);
  out.end();
  print::end(out, fmt::format("down.sql of {} has ended.", plan.migration));
  return out.text();
}

}  // namespace mig::plan
