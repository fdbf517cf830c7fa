// up.sql: the plan forward for psql, phase by phase, with the journal's rows.
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

// The phases after expand that this plan has.
std::vector<Phase> later(const Plan& plan) {
  std::vector<Phase> out;
  for (const auto phase : journal::phases)
    if (phase > Phase::expand && journal::has_phase(plan, phase)) out.push_back(phase);
  return out;
}

// How far a run goes that is told nothing: what ends the old shape, and what destroys, is named.
Phase usual(const Plan& plan) {
  auto usual = Phase::expand;
  for (const auto phase : later(plan))
    if (phase < Phase::contract) usual = phase;
  return usual;
}

// "expand, contract or purge"
std::string known_words(const Plan& plan) {
  std::vector<std::string> words{"expand"};
  for (const auto phase : later(plan)) words.emplace_back(::mig::sql::to_string(phase));
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

void how_to_run(Script& out, const Plan& plan) {
  out.comment(
      "run     psql -X -v ON_ERROR_STOP=1 -f up.sql        (again after an interruption: what is done is passed over)");
  for (const auto phase : later(plan))
    if (phase > usual(plan))
      out.comment(
          fmt::format("then    psql -X -v ON_ERROR_STOP=1 -v through={} -f up.sql", ::mig::sql::to_string(phase)));
  for (const auto& step : plan.steps)
    if (const auto* gate = std::get_if<::mig::sql::Gate>(&step.action); gate != nullptr && !gate->approval.empty())
      out.comment(fmt::format("pass    with -v approve={}  ({})", gate->approval, step.title));
  out.comment("back    down.sql");
  out.comment(
      "A lock that is not free within lock_timeout ends it with an error: run it again. mig apply retries by itself.");
}

// -v through=… : how far to go; which phases that includes becomes mig_to_contract and mig_to_purge.
void choose(Script& out, const Plan& plan) {
  const auto phases = later(plan);
  if (phases.empty()) return;
  out.line("\\if :{?through}");
  out.otherwise();
  out.line(fmt::format("\\set through {}", ::mig::sql::to_string(usual(plan))));
  out.end();
  std::vector<::mig::sql::Fragment> known{sql("'expand'")};
  std::vector<::mig::sql::Fragment> columns;
  for (auto phase = phases.rbegin(); phase != phases.rend(); ++phase) {
    known.push_back(::mig::sql::fragment(text(::mig::sql::to_string(*phase))));
    const std::vector<::mig::sql::Fragment> reach(known.begin() + 1, known.end());
    columns.push_back(sql(", :'through' IN ({}) AS {}", ::mig::sql::join(reach, ", "),
                          ::mig::sql::Ident{fmt::format("to_{}", ::mig::sql::to_string(*phase))}));
  }
  out.ask(sql("SELECT :'through' IN ({}) AS known{}", ::mig::sql::join(known, ", "), ::mig::sql::join(columns, "")));
  out.when("mig_known");
  out.otherwise();
  out.stop("through names no phase of this plan", "through is " + known_words(plan));
  out.end();
}

void dependencies(Script& out, const Plan& plan) {
  const auto require = [&](const std::string& name, ::mig::sql::Pattern<> states, const char* word) {
    out.stop_if(
        sql("NOT EXISTS (SELECT FROM mig.migration WHERE name = {} AND state IN ({}))", text(name), sql(states)),
        fmt::format("{} comes after {}, which is not {} yet", plan.migration, name, word),
        fmt::format("run {} first", name));
  };
  for (const auto& name : plan.after)
    if (plan.after_states.count(name) != 0)
      require(name, "'verified', 'contracting', 'contracted', 'purging', 'done'", "verified");
    else
      require(name, "'expanded', 'mapped', 'verified', 'contracting', 'contracted', 'purging', 'done'", "complete");
  for (const auto& name : plan.after_done) require(name, "'done'", "done");
}

// A step that is half undone can run again only when its way back is at its end.
void no_way_back(Script& out, const Plan& plan) {
  out.stop_if(sql("EXISTS (SELECT FROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = {})\n"
                  "    AND step LIKE '%/back/%' AND state <> 'undone')",
                  text(hash(plan))),
              fmt::format("a way back of {} was begun and is not at its end", plan.migration),
              fmt::format("finish it by down.sql, or let mig turn round:  mig apply {}", plan.migration));
}

// What was set aside is kept for the time that the migration says, whoever asks.
void purge_is_open(Script& out, const Plan& plan) {
  out.stop_if(sql("EXISTS (SELECT FROM mig.kept WHERE plan = (SELECT id FROM mig.plan WHERE hash = {})\n"
                  "    AND state = 'kept' AND until > now())",
                  text(hash(plan))),
              fmt::format("what {} set aside is kept longer (retain): purge is not open yet", plan.migration),
              "SELECT until FROM mig.kept says until when");
}

// The states in which a phase is still ahead, as SQL's list: those from before it to its own.
::mig::sql::Fragment states_before(Phase phase) {
  std::vector<::mig::sql::Fragment> states;
  for (auto word = 0; word <= static_cast<int>(journal::while_phase(phase)); ++word)
    states.push_back(::mig::sql::fragment(text(journal::to_string(static_cast<State>(word)))));
  return ::mig::sql::join(states, ", ");
}

// The phases that lie ahead of the present state, as mig_do_…; before contract verify is asked again, and leaves the
// state as it is.
void ahead(Script& out, const Plan& plan) {
  std::vector<::mig::sql::Fragment> columns;
  if (!plan.steps.empty() && plan.steps.front().phase < Phase::expand)
    columns.push_back(sql("state = 'pending' AS do_first"));
  for (const auto phase : journal::phases) {
    if (phase < Phase::expand || !journal::has_phase(plan, phase)) continue;
    const auto name = ::mig::sql::Ident{fmt::format("do_{}", ::mig::sql::to_string(phase))};
    if (phase == Phase::purge)
      columns.push_back(sql("state <> 'done' AS {}", name));
    else
      columns.push_back(sql("state IN ({}) AS {}", states_before(phase), name));
  }
  if (journal::has_phase(plan, Phase::verify) && plan.has_contract)
    columns.push_back(sql("state = 'verified' AND :'mig_to_contract' AS do_again"));
  out.ask(
      sql("SELECT {} FROM mig.migration WHERE name = {}", ::mig::sql::join(columns, ",\n  "), text(plan.migration)));
}

void start(Script& out, const Plan& plan) {
  out.line("\\getenv mig_host HOSTNAME");
  out.line("\\if :{?mig_host}");
  out.otherwise();
  out.line("\\set mig_host ''");
  out.end();
  out.send(sql("BEGIN"));
  out.record(journal::insert_plan(plan));
  out.record(journal::start_migration(plan));
  out.ask(journal::start_run(plan.migration, "up.sql", sql(":'USER'"), sql(":'mig_host'"),
                             sql("'psql ' || :'VERSION_NAME'"), sql("''")));
  out.send(sql("COMMIT"));
  ahead(out, plan);
  print::rows(out, plan);
}

// What is asked before anything runs.
void first(Script& out, const Plan& plan) {
  if (plan.steps.empty() || plan.steps.front().phase >= Phase::expand) return;
  out.blank();
  out.comment("---- before expand ----");
  out.when("mig_do_first");
  for (const auto& step : plan.steps)
    if (step.phase < Phase::expand) print::step_up(out, plan, step);
  out.end();
}

// Gates stand first: the state changes when they let it pass.
void steps(Script& out, const Plan& plan, Phase which) {
  bool begun = false;
  for (const auto& step : plan.steps) {
    if (step.phase != which) continue;
    if (!begun && !std::holds_alternative<::mig::sql::Gate>(step.action)) {
      print::may_begin(out, plan);
      out.record(journal::set_state(plan, journal::while_phase(which)));
      begun = true;
    }
    print::step_up(out, plan, step);
  }
}

// What verify found held at its time; contract needs it now.
void hold_again(Script& out, const Plan& plan) {
  if (!journal::has_phase(plan, Phase::verify) || !plan.has_contract) return;
  out.when("mig_do_again");
  for (const auto& step : plan.steps)
    if (step.phase == Phase::verify && ::mig::sql::asked_anew(step.action)) print::step_up(out, plan, step);
  out.end();
}

void phase(Script& out, const Plan& plan, Phase which) {
  out.blank();
  out.comment(fmt::format("---- {} ----", ::mig::sql::to_string(which)));
  out.when(fmt::format("mig_do_{}", ::mig::sql::to_string(which)));
  if (which == Phase::purge) purge_is_open(out, plan);
  if (which == Phase::contract) hold_again(out, plan);
  steps(out, plan, which);
  out.blank();
  out.record(journal::set_state(plan, journal::after_phase(plan, which)));
  out.end();
}

// What is left to do, and the line to type for it.
void next(Script& out, const Plan& plan, Phase which) {
  if (which < Phase::contract)
    return out.say(fmt::format("{} of {} waits. To run it: -v through={}", ::mig::sql::to_string(which), plan.migration,
                               ::mig::sql::to_string(which)));
  out.say(
      which == Phase::contract
          ? fmt::format("contract waits: it ends the old shape of {}. To run it: -v through=contract", plan.migration)
          : fmt::format("what {} set aside is kept. To destroy it: -v through=purge", plan.migration));
}

}  // namespace

std::string up_sql(const Plan& plan) {
  Script out;
  print::header(out, plan, "up.sql");
  how_to_run(out, plan);
  out.blank();
  print::session(out, plan);
  choose(out, plan);
  print::lock(out, "up.sql");
  print::journal(out, true);
  print::same_plan(out, plan);
  no_way_back(out, plan);
  dependencies(out, plan);
  start(out, plan);
  first(out, plan);
  phase(out, plan, Phase::expand);
  for (const auto which : later(plan)) {
    out.when(fmt::format("mig_to_{}", ::mig::sql::to_string(which)));
    phase(out, plan, which);
    out.otherwise();
    next(out, plan, which);
    out.end();
  }
  print::end(out, fmt::format("up.sql of {} has ended.", plan.migration));
  return out.text();
}

}  // namespace mig::plan
