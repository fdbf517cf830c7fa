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

bool has(const Plan& plan, Phase phase) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) { return step.phase == phase; });
}

// The phases after expand that this plan has.
std::vector<Phase> later(const Plan& plan) {
  std::vector<Phase> out;
  if (plan.has_contract || has(plan, Phase::contract)) out.push_back(Phase::contract);
  if (has(plan, Phase::purge)) out.push_back(Phase::purge);
  return out;
}

void how_to_run(Script& out, const Plan& plan) {
  out.comment(
      "run     psql -X -v ON_ERROR_STOP=1 -f up.sql        (again after an interruption: what is done is passed over)");
  for (const auto phase : later(plan))
    out.comment(
        fmt::format("then    psql -X -v ON_ERROR_STOP=1 -v through={} -f up.sql", ::mig::sql::to_string(phase)));
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
  out.line("\\set through expand");
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
  out.stop("through names no phase of this plan",
           phases.size() == 1 ? "through is expand or contract" : "through is expand, contract or purge");
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
    require(name, "'expanded', 'verified', 'contracting', 'contracted', 'purging', 'done'", "complete");
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
  // The phases that lie ahead of the present state.
  out.ask(
      sql("SELECT state IN ('pending', 'expanding') AS do_expand, state NOT IN ('contracted', 'purging', 'done') AS "
          "do_contract,\n  state <> 'done' AS do_purge FROM mig.migration WHERE name = {}",
          text(plan.migration)));
  print::rows(out, plan);
}

void phase(Script& out, const Plan& plan, Phase which) {
  out.blank();
  out.comment(fmt::format("---- {} ----", ::mig::sql::to_string(which)));
  out.when(fmt::format("mig_do_{}", ::mig::sql::to_string(which)));
  if (which == Phase::purge) purge_is_open(out, plan);
  if (has(plan, which)) out.record(journal::set_state(plan, journal::while_phase(which)));
  for (const auto& step : plan.steps)
    if (step.phase == which) print::step_up(out, plan, step);
  out.blank();
  out.record(journal::set_state(plan, journal::after_phase(plan, which)));
  out.end();
}

// What is left to do, and the line to type for it.
void next(Script& out, const Plan& plan, Phase which) {
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
