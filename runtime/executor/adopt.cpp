// A database that has already what a migration makes: where every probe says so its steps are recorded as done. Nothing
// is run, and what does not hold is said step by step.
#include <algorithm>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

namespace {

using sql::Literal;
using sql::Phase;
using sql::sql;

// Is a table there, or a column of it?
bool there(const Work& work, const sql::Qualified& relation, const std::string& column) {
  const auto found = column.empty()
                         ? sql("SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                               "WHERE n.nspname = {} AND c.relname = {}",
                               Literal{relation.schema}, Literal{relation.name})
                         : sql("SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid\n"
                               "JOIN pg_namespace n ON n.oid = c.relnamespace\n"
                               "WHERE n.nspname = {} AND c.relname = {} AND a.attname = {} AND NOT a.attisdropped",
                               Literal{relation.schema}, Literal{relation.name}, Literal{column});
  return work.ask(sql("SELECT EXISTS ({})", found)).truth();
}

// A park is adopted with what it keeps, or with its purge, when nothing is kept any more.
std::string why_not_park(const Work& work, const sql::Park& park, Phase through) {
  for (const auto& kept : park.kept) {
    if (there(work, kept.original, kept.column)) return "what it drops is still there";
    if (through < Phase::purge && !there(work, kept.kept, kept.kept_column))
      return "what it would have kept aside is not there: adopt it --through purge";
  }
  return "";
}

// Why a step cannot be recorded; empty: it can.
std::string why_not(const Work& work, const sql::Step& step, Phase through) {
  try {
    if (const auto* park = std::get_if<sql::Park>(&step.action)) return why_not_park(work, *park, through);
    if (!step.probe)
      return std::holds_alternative<sql::Purge>(step.action) ? "" : "it has no probe: whether it ran is not known";
    return probe_says_done(work, *step.probe) ? "" : "its probe says no";
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    return "its probe cannot be asked: " + error.message;
  }
}

using Reasons = std::vector<std::pair<const sql::Step*, std::string>>;

Reasons not_held(const Work& work, const Migration& m, Phase through) {
  Reasons reasons;
  for (const auto& step : m.plan.steps) {
    if (step.phase > through) continue;
    const auto why = why_not(work, step, through);
    work.tell(why.empty() ? "found" : "not_found",
              {{"migration", m.plan.migration}, {"step", step.id}, {"title", step.title}, {"why", why}});
    if (!why.empty()) reasons.emplace_back(&step, why);
  }
  return reasons;
}

Outcome refused(const Migration& m, const Reasons& reasons) {
  Outcome outcome;
  outcome.exit = 1;
  outcome.code = "R0110";
  outcome.state = m.row.state;
  outcome.what = m.plan.migration + " cannot be recorded as applied: " + std::to_string(reasons.size()) + " of " +
                 std::to_string(m.plan.steps.size()) + " steps do not hold";
  for (const auto& [step, why] : reasons)
    outcome.where += (outcome.where.empty() ? "" : "\n") + step->id + "  " + step->title + ": " + why +
                     (step->origin.empty() ? "" : " (" + step->origin + ")");
  outcome.now = "nothing was changed by this call; " + m.plan.migration + " is " + m.row.state;
  outcome.next = "run it: mig apply " + m.plan.migration + "; or mend what differs, then adopt again";
  return outcome;
}

Outcome in_flight(const Migration& m) {
  Outcome outcome;
  outcome.exit = 8;
  outcome.code = "R0802";
  outcome.state = m.row.state;
  outcome.what = m.plan.migration + " is " + m.row.state + " already: there is nothing to adopt";
  outcome.where = "mig.migration";
  outcome.now = "nothing was changed by this call";
  outcome.next = "mig apply " + m.plan.migration;
  return outcome;
}

// All its rows in one transaction: a migration is adopted as a whole or not at all.
void record(Work& work, Migration& m, Phase through, const ApplyOptions& options) {
  start_run(work, m, options);
  work.ask(sql("BEGIN"));
  for (const auto& step : m.plan.steps) {
    if (step.phase > through) continue;
    if (const auto* park = std::get_if<sql::Park>(&step.action); park != nullptr && through < Phase::purge)
      for (const auto& kept : park->kept) work.ask(plan::journal::keep(m.plan, step.id, kept, m.plan.retain_seconds));
    work.ask(plan::journal::step_done(m.plan, step.id, m.run_id()));
  }
  const auto state = plan::journal::after_phase(m.plan, through);
  work.ask(plan::journal::set_state(m.plan, state));
  work.ask(sql("COMMIT"));
  m.row.state = plan::journal::to_string(state);
}

}  // namespace

Outcome adopt(Work& work, const plan::Plan& plan, const ApplyOptions& options) {
  const auto through = options.through.value_or(Phase::expand);
  Migration m;
  m.command = "adopt";
  m.plan = plan;
  m.row.name = plan.migration;
  m.row.state = "pending";
  const int format = read_format(work.asker());
  if (auto stop = refuse_newer(format)) return *stop;
  if (format != 0)
    if (auto row = read_row(work, plan.migration)) m.row = std::move(*row);
  if (m.row.state != "pending") return in_flight(m);
  if (format != 0 && !options.dry_run)
    if (auto stop = refuse_out_of_order(work, m)) return *stop;
  prepare_session(work, m.plan);
  if (const auto reasons = not_held(work, m, through); !reasons.empty()) return refused(m, reasons);
  if (options.dry_run) return finished(m);
  if (auto stop = prepare_journal(work)) return *stop;
  if (auto stop = refuse_out_of_order(work, m)) return *stop;
  record(work, m, through, options);
  const auto outcome = finished(m);
  end_run(work, m, outcome);
  return outcome;
}

}  // namespace mig::runtime
