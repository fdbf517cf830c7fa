// The top and the end of up.sql and down.sql.
#include <fmt/format.h>

#include "compiler/plan/limits.hpp"
#include "compiler/plan/messages.hpp"
#include "compiler/plan/print_parts.hpp"

namespace mig::plan::print {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

Literal text(std::string_view value) { return {std::string(value)}; }

std::size_t statements(const Plan& plan) {
  std::size_t count = 0;
  for (const auto& step : plan.steps) count += ::mig::sql::statements(step.action).size();
  return count;
}

// The strongest lock of a step, and the longest work under any.
std::string weight(const ::mig::sql::Step& step) {
  auto work = ::mig::sql::Work::instant;
  const ::mig::sql::Lock* strongest = nullptr;
  for (const auto* statement : ::mig::sql::statements(step.action)) {
    work = std::max(work, statement->work);
    for (const auto& lock : statement->locks)
      if (strongest == nullptr || lock.mode > strongest->mode) strongest = &lock;
  }
  if (strongest == nullptr || ::mig::sql::only_looks(step.action))
    return fmt::format("no lock, {}", ::mig::sql::to_string(work));
  return fmt::format("{}, {}", ::mig::sql::to_string(strongest->mode), ::mig::sql::to_string(work));
}

bool no_way(const ::mig::sql::Step& step) {
  return step.phase == ::mig::sql::Phase::purge || ::mig::sql::only_looks(step.action);
}

void table(Script& out, const Plan& plan) {
  for (const auto& step : plan.steps)
    out.comment(fmt::format("{:<12} {:<60} {:<34} {}", step.id, step.title, weight(step),
                            no_way(step) ? "-" : ::mig::sql::to_string(step.reversibility)));
}

// psql does not wait, and does not look again while a statement runs.
void held_up(Script& out, const Plan& plan) {
  const auto held = words(plan.policy);
  if (held.empty()) return;
  out.comment(fmt::format("policy  {}", held));
  out.comment("        psql looks at it before each step and ends there, where mig apply waits: run the file again");
}

}  // namespace

Fragment run() { return sql(":mig_run"); }

void header(Script& out, const Plan& plan, std::string_view file) {
  out.comment(fmt::format("{} of migration {}{}{}", file, plan.migration, plan.title.empty() ? "" : ": ", plan.title));
  out.comment(fmt::format("from    {}, sha256 {}", plan.file, plan.source_hash));
  out.comment(fmt::format("plan    {}, for PostgreSQL {}", hash(plan), plan.server_major));
  out.comment(fmt::format("        {} steps, {} statements, way back {}", plan.steps.size(), statements(plan),
                          ::mig::sql::to_string(reversibility(plan))));
  held_up(out, plan);
  out.comment("");
  table(out, plan);
  out.comment("");
}

void session(Script& out, const Plan& plan) {
  for (const auto* setting :
       {"ON_ERROR_STOP on", "ON_ERROR_ROLLBACK off", "AUTOCOMMIT on", "SHOW_CONTEXT never", "QUIET on"})
    out.line(fmt::format("\\set {}", setting));
  // psql -1 opens a transaction before the file: no step could commit on its own.
  out.ask(sql("SELECT now() <> statement_timestamp() AS inside"));
  out.when("mig_inside");
  out.stop("a transaction is open around this file", "run it without -1 (--single-transaction) and outside BEGIN");
  out.end();
  out.stop_if(
      sql("current_setting('server_version_num')::integer < {}", static_cast<long long>(plan.server_major) * 10000),
      fmt::format("this plan was made for PostgreSQL {}, and the server is older", plan.server_major),
      "compile it for this server:  mig compile");
  for (const auto& setting : session_settings(plan, plan.server_major)) out.send(setting);
}

void lock(Script& out, std::string_view again) {
  out.ask(journal::try_lock());
  out.when("mig_locked");
  out.otherwise();
  out.stop("another mig works on this database", fmt::format("wait until it has ended, then run {} again", again));
  out.end();
}

void journal(Script& out, bool make) {
  out.ask(journal::present());
  out.when("mig_present");
  out.stop_if(sql("({}) > {}", journal::stored_format(), journal::format),
              "the journal of this database was made by a newer mig", "use that mig, or a newer one");
  out.otherwise();
  if (make) {
    out.send(sql("BEGIN"));
    for (const auto& statement : journal::create()) out.send(statement);
    out.send(sql("COMMIT"));
  } else {
    out.stop("there is no journal in this database: no migration ran here", "is this the right database?");
  }
  out.end();
}

void same_plan(Script& out, const Plan& plan) {
  out.stop_if(sql("EXISTS (SELECT FROM mig.migration m JOIN mig.plan p ON p.id = m.plan\n"
                  "    WHERE m.name = {} AND m.state <> 'pending' AND p.hash <> {})",
                  text(plan.migration), text(hash(plan))),
              fmt::format("{} is under way by another plan than this file's", plan.migration),
              fmt::format("go on by the plan of the journal:  mig apply {}", plan.migration));
}

void rows(Script& out, const Plan& plan) {
  std::vector<Fragment> columns;
  const auto add = [&](const ::mig::sql::Step& step) {
    const auto column = [&](const Fragment& states, const char* word) {
      columns.push_back(sql("\n  coalesce(bool_or(step = {} AND state IN ({})), false) AS {}", text(step.id), states,
                            ::mig::sql::Ident{fmt::format("{}_{}", word, variable(step.id))}));
    };
    column(sql("'done'"), "done");
    if (!::mig::sql::transactional(step.action)) column(sql("'started', 'failed'"), "doubt");
  };
  for (const auto& step : plan.steps) {
    add(step);
    for (const auto& back : step.back) add(back);
  }
  if (columns.empty()) return;
  out.ask(sql("SELECT{}\nFROM mig.step WHERE plan = (SELECT id FROM mig.plan WHERE hash = {})",
              ::mig::sql::join(columns, ","), text(hash(plan))));
}

void end(Script& out, std::string_view message) {
  out.blank();
  out.record(journal::end_run(run(), 0));
  out.ask(journal::unlock());
  out.say(message);
}

}  // namespace mig::plan::print
