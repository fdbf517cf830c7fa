// mig apply: the one verb that goes forward: first run, resume, contract, purge.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/adoption.hpp"
#include "cli/confirm.hpp"
#include "cli/due.hpp"
#include "cli/events.hpp"
#include "cli/interrupt.hpp"
#include "cli/outcome.hpp"
#include "cli/text.hpp"
#include "compiler/review/review.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"through", "PHASE", "the last phase to run: expand (default), contract or purge"},
    {"dry-run", nullptr, "say what would run, in a read-only session"},
    {"adopt", nullptr, "run nothing: record as applied what the database has already, where every probe says so"},
    {"catalog", "CATALOG", "with --adopt: what the migrations began from, a snapshot FILE or empty"},
    {"note", "TEXT", "kept in the journal with the run"},
};

std::optional<sql::Phase> asked_phase(const Invocation& call) {
  const auto text = call.value("through");
  if (!text) return std::nullopt;
  if (const auto phase = sql::phase(*text)) return phase;
  for (const auto* later : {"backup", "map", "verify"})
    if (*text == later)
      throw Failure(usage, "`--through " + *text + "`: this phase is not built yet")
          .then("--through expand, contract or purge");
  throw Failure(usage, "no phase `" + *text + "`").then("--through expand, contract or purge");
}

bool is_plan_file(const std::string& word) { return std::filesystem::path(word).extension() == ".json"; }

// The plans of the arguments: reviewed plan.json files as they are, else what the files and the journal say.
std::vector<Due> work_of(const Invocation& call, const Project& project, Basis& basis, const Output& output) {
  const auto files = std::count_if(call.arguments.begin(), call.arguments.end(), is_plan_file);
  if (files == 0) return collect_due(project, select(project, call.arguments), basis, output);
  if (files != static_cast<long>(call.arguments.size()))
    throw Failure(usage, "plan.json files and names of migrations cannot be mixed")
        .then("apply them one after the other");
  const auto story = read_story(*basis.connection);
  std::vector<Due> list;
  for (const auto& path : call.arguments) {
    Due due;
    due.plan = read_plan_file(path, output);
    if (const auto* row = story.find(due.plan.migration)) {
      due.state = row->state;
      for (const auto& step : row->steps)
        if (step.state == "done") due.done.insert(step.step);
    }
    list.push_back(std::move(due));
  }
  return list;
}

std::string names_of(const std::vector<const Due*>& list) {
  std::string names;
  for (const auto* due : list) names += (names.empty() ? "" : ", ") + due->plan.migration;
  return names;
}

// What the question names: who waits, and what cannot be undone for ever.
std::string question(const std::vector<const Due*>& list, sql::Phase through) {
  bool blocks = false;
  std::string warnings;
  for (const auto* due : list)
    for (const auto* step : steps_left(*due, through)) {
      blocks = blocks || review::blocks_writes(*step);
      if (step->phase == sql::Phase::purge)
        warnings = " It destroys what was kept: there is no way back.";
      else if (step->phase == sql::Phase::contract && warnings.empty())
        warnings = " Contract ends the old shape: old clients stop working.";
    }
  return fmt::format("{} to run: {}. Blocks writes: {}.{} Apply?",
                     plural(static_cast<long long>(list.size()), "migration"), names_of(list),
                     blocks ? "yes (mig plan)" : "no", warnings);
}

// How far to go. Contract ends the old shape: only for those who name it, or answer the question; never by --yes.
sql::Phase phase_for(const Invocation& call, const Connection& connection, const std::vector<Due>& list,
                     const Output& output) {
  if (const auto asked = asked_phase(call)) return *asked;
  if (!connection.choice().playground || call.has("dry-run") || call.has("yes") || !can_ask(call))
    return sql::Phase::expand;
  const bool contract = std::any_of(list.begin(), list.end(), [](const auto& due) {
    return next_phase(due, sql::Phase::expand) == sql::Phase::contract;
  });
  if (!contract) return sql::Phase::expand;
  return ask_yes(call, output, "Contract as well? It ends the old shape: old clients stop working.",
                 "--through contract")
             ? sql::Phase::contract
             : sql::Phase::expand;
}

void confirm(const Invocation& call, const Connection& connection, const std::vector<const Due*>& list,
             sql::Phase through, const Output& output) {
  if (said_yes(call, connection) || call.has("dry-run") || connection.choice().playground) return;
  if (!ask_yes(call, output, question(list, through), yes_flag(connection))) throw declined();
}

struct Result {
  std::string migration;
  runtime::Outcome outcome;
};

std::string what_is_next(const Due& due, const runtime::Outcome& outcome, const Connection& connection) {
  const auto flag = target_flag(connection.choice());
  auto after = due;
  for (const auto& step : due.plan.steps)
    if (outcome.state == "done" || step.phase == sql::Phase::expand ||
        (outcome.state == "contracted" && step.phase == sql::Phase::contract))
      after.done.insert(step.id);
  const auto next = next_phase(after, sql::Phase::expand);
  auto text = due.plan.migration + " is " + outcome.state + ".";
  if (next == sql::Phase::contract)
    text += " Old clients still work. Next: mig apply " + due.plan.migration + flag + " --through contract.";
  if (next == sql::Phase::purge)
    text += " What it dropped is kept aside. For good: mig apply " + due.plan.migration + flag + " --through purge.";
  if (!next && connection.choice().sandbox) text += " Look: mig sandbox psql.";
  if (outcome.state != "done" || due.plan.steps.empty() || due.plan.steps.back().phase != sql::Phase::purge)
    text += " Back: mig rollback " + due.plan.migration + flag;
  return text + "\n";
}

// Runs them in order. The first that fails ends it; one that must wait (3) stops only those that come after it.
std::vector<Result> run_all(const std::vector<const Due*>& list, runtime::Executor& executor,
                            const runtime::ApplyOptions& options) {
  std::vector<Result> results;
  std::vector<std::string> waiting;
  for (const auto* due : list) {
    const auto blocked = std::any_of(due->plan.after.begin(), due->plan.after.end(), [&](const auto& name) {
      return std::find(waiting.begin(), waiting.end(), name) != waiting.end();
    });
    if (blocked) {
      waiting.push_back(due->plan.migration);
      continue;
    }
    const auto& name = due->plan.migration;
    results.push_back({name, due->in_flight ? executor.resume(name, options) : executor.apply(due->plan, options)});
    const int exit = results.back().outcome.exit;
    if (exit == not_yet)
      waiting.push_back(name);
    else if (exit != done)
      break;
  }
  return results;
}

int report(const std::vector<Result>& results, const std::vector<const Due*>& list, const Connection& connection,
           bool dry_run, const Output& output) {
  int exit = done;
  auto migrations = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& outcome = results[i].outcome;
    if (outcome.exit != done && (exit == done || exit == not_yet)) exit = exit_of(outcome);
    migrations.push_back(as_json(results[i].migration, outcome));
    if (output.format() == Format::json) continue;
    if (outcome.exit != done)
      output.failure(failure_of(outcome));
    else if (!dry_run) {
      const auto due = std::find_if(list.begin(), list.end(),
                                    [&](const auto* d) { return d->plan.migration == results[i].migration; });
      output.note(output.plain(what_is_next(**due, outcome, connection)));
    }
  }
  if (dry_run) output.note("nothing was written\n");
  if (output.format() == Format::json)
    output.object(exit, {{"target", connection.name()}, {"dry_run", dry_run}, {"migrations", migrations}});
  return exit;
}

int nothing_to_do(const std::vector<Due>& list, const Connection& connection, const Output& output) {
  output.note("nothing to do\n");
  for (const auto& due : list)
    if (const auto phase = next_phase(due, sql::Phase::expand))
      output.note(fmt::format("{} is {}; next: mig apply {}{} --through {}\n", due.plan.migration, due.state,
                              due.plan.migration, target_flag(connection.choice()), sql::to_string(*phase)));
  if (output.format() == Format::json)
    output.object(done, {{"target", connection.name()}, {"migrations", nlohmann::ordered_json::array()}});
  return done;
}

int run(const Invocation& call) {
  const Output output(call);
  const auto project = open_project(call, output);
  const auto asked = asked_phase(call);
  if (call.has("adopt")) return adopt(call, project, asked.value_or(sql::Phase::expand), output);
  if (call.has("catalog"))
    throw Failure(usage, "mig apply takes --catalog with --adopt only: it runs against the live database")
        .then("mig plan --catalog …");
  auto basis = live_basis(call, project, output);
  const auto& connection = *basis.connection;
  output.note(output.plain(connection.line()) + (call.has("dry-run") ? "   (dry run: read-only session)" : "") + "\n");
  connection.require_primary();
  const auto all = work_of(call, project, basis, output);
  const auto through = phase_for(call, connection, all, output);
  std::vector<const Due*> list;
  for (const auto& due : all)
    if (!steps_left(due, through).empty() || due.state == "pending" || due.state.ends_with("ing")) list.push_back(&due);
  if (list.empty()) return nothing_to_do(all, connection, output);
  count_interrupts();  // before the question: Ctrl-C there is an answer too
  confirm(call, connection, list, through, output);
  RunPrinter printer(output);
  runtime::Executor executor(
      connection.target(), [&](const runtime::Event& event) { printer(event); }, interrupts);
  runtime::ApplyOptions options;
  options.through = through;
  options.note = call.value("note").value_or("");
  options.dry_run = call.has("dry-run");
  const auto results = run_all(list, executor, options);
  printer.finish();
  return report(results, list, connection, options.dry_run, output);
}

}  // namespace

constinit const Command apply_command{
    "apply",
    "run",
    "apply [NAME… or plan.json]",
    "do what is pending or due, up to --through PHASE; resumes by itself",
    "mig apply                                     all that is pending or was interrupted\n"
    "mig apply --target production --yes=production\n"
    "mig apply phone_number --through contract     end its old shape\n"
    "mig apply build/phone_number/plan.json        exactly the plan that was reviewed\n"
    "mig apply --adopt --catalog empty             a database made by other means\n",
    flags,
    "text json jsonl",
    -1,
    run};

}  // namespace mig::cli
