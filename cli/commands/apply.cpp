// mig apply: the one verb that goes forward: first run, resume, contract, purge.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/adoption.hpp"
#include "cli/approvals.hpp"
#include "cli/backups.hpp"
#include "cli/ci/publish.hpp"
#include "cli/confirm.hpp"
#include "cli/due.hpp"
#include "cli/events.hpp"
#include "cli/interrupt.hpp"
#include "cli/lock_file.hpp"
#include "cli/options.hpp"
#include "cli/outcome.hpp"
#include "cli/text.hpp"
#include "cli/waits.hpp"
#include "compiler/ir/names.hpp"
#include "compiler/review/review.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"through", "PHASE", "last phase: backup require expand map verify (default) contract purge"},
    {"approve", "[CHECKPOINT]", "pass this checkpoint; without a name: contract of the migration named"},
    {"dry-run", nullptr, "say what would run, in a read-only session"},
    {"adopt", nullptr, "run nothing: record as applied what the database has already, where every probe says so"},
    {"catalog", "CATALOG", "with --adopt: what the migrations began from, a snapshot FILE or empty"},
    {"note", "TEXT", "kept in the journal with the run"},
};

std::optional<sql::Phase> asked_phase(const Invocation& call) {
  const auto text = call.value("through");
  if (!text) return std::nullopt;
  const auto phase = sql::phase(*text);
  if (phase && *phase != sql::Phase::measure) return phase;
  throw Failure(usage, "no phase `" + *text + "`" +
                           did_you_mean(*text, {"backup", "require", "expand", "map", "verify", "contract", "purge"}))
      .then("--through backup, require, expand, map, verify, contract or purge");
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
    if (const auto* row = story.find(due.plan.migration)) take_row(due, *row);
    list.push_back(std::move(due));
  }
  return list;
}

std::string names_of(const std::vector<const Due*>& list) {
  std::string names;
  for (const auto* due : list) names += (names.empty() ? "" : ", ") + due->plan.migration;
  return names;
}

// How far to go, and what is let pass on the way.
struct Reach {
  std::optional<sql::Phase> asked;
  std::vector<std::string> approve;
  [[nodiscard]] sql::Phase of(const Due& due) const {
    if (asked) return *asked;
    const auto mine = approvals_for(approve, due.plan);
    return std::find(mine.begin(), mine.end(), "contract") != mine.end() ? sql::Phase::contract : usual_phase(due);
  }
};

// What the question names: who waits, and what cannot be undone for ever.
std::string question(const std::vector<const Due*>& list, const Reach& reach) {
  bool blocks = false;
  std::string warnings;
  for (const auto* due : list)
    for (const auto* step : steps_left(*due, reach.of(*due))) {
      if (sql::only_looks(step->action)) continue;
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

// Contract ends the old shape: only for those who name it, who approved it, or who answer the question; never by --yes.
std::optional<sql::Phase> phase_for(const Invocation& call, const Connection& connection, const std::vector<Due>& list,
                                    const Output& output) {
  if (const auto asked = asked_phase(call)) return asked;
  if (!connection.choice().playground || call.has("dry-run") || call.has("yes") || !can_ask(call)) return std::nullopt;
  const bool contract = std::any_of(list.begin(), list.end(), [](const auto& due) {
    return next_phase(due, sql::Phase::verify) == sql::Phase::contract && !next_wait(due, due.since, epoch_now());
  });
  if (!contract) return std::nullopt;
  return ask_yes(call, output, "Contract as well? It ends the old shape: old clients stop working.",
                 "--through contract")
             ? std::optional(sql::Phase::contract)
             : std::nullopt;
}

void confirm(const Invocation& call, const Connection& connection, const std::string& what, const Output& output) {
  if (said_yes(call, connection) || call.has("dry-run") || connection.choice().playground) return;
  if (!ask_yes(call, output, what, yes_flag(connection))) throw declined();
}

// Backups whose time is over go with the purge phase, which is only ever asked for by its name.
std::vector<runtime::BackupRow> backups_to_purge(const Invocation& call, const Connection& connection) {
  if (asked_phase(call) != sql::Phase::purge) return {};
  return due_backups(connection, call.arguments);
}

std::string whole_question(const std::vector<const Due*>& list, const Reach& reach,
                           const std::vector<runtime::BackupRow>& old) {
  if (list.empty()) return "Remove " + age_words(old) + "?";
  const auto text = question(list, reach);
  return old.empty() ? text : "It removes " + age_words(old) + ". " + text;
}

void purge_backups(runtime::Executor& executor, const Invocation& call, const runtime::ApplyOptions& options,
                   const Output& output) {
  if (options.dry_run) return;
  const auto outcome = executor.purge_backups(call.arguments, options);
  if (outcome.exit != done) output.failure(failure_of(outcome));
}

struct Result {
  std::string migration;
  runtime::Outcome outcome;
};

// The steps that a run which ended in this state has done.
Due after_run(const Due& due, const std::string& state) {
  auto after = due;
  after.state = state;
  for (const auto& step : due.plan.steps)
    if (const auto known = plan::journal::state(state);
        known && *known >= plan::journal::after_phase(due.plan, step.phase))
      after.done.insert(step.id);
  return after;
}

// "contract opens in 7d, needs --approve", or the command.
std::string contract_words(const Due& after, const std::string& command) {
  const auto wait = next_wait(after, utc(epoch_now()), epoch_now());
  if (!wait) return " Next: mig apply " + command + " --through contract.";
  auto words = " C" + wait->words.substr(1);
  if (const auto in = words.find(" in "); !wait->until.empty()) words.insert(in, " opens");
  return words + ". Next: mig apply " + command + wait->flags + ".";
}

std::string what_is_next(const Due& due, const runtime::Outcome& outcome, const Connection& connection,
                         const std::vector<runtime::BackupRow>& backups) {
  const auto flag = target_flag(connection.choice());
  const auto after = after_run(due, outcome.state);
  const auto next = next_phase(after, sql::Phase::verify);
  auto text = due.plan.migration + " is " + outcome.state + ".";
  if (outcome.state == "pending")
    return text + " Next: mig apply " + due.plan.migration + flag + "\n" +
           backup_text(backups, due.plan.migration, connection);
  if (next == sql::Phase::contract)
    text += " Old clients still work." + contract_words(after, due.plan.migration + flag);
  if (next == sql::Phase::purge)
    text += " What it dropped is kept aside. For good: mig apply " + due.plan.migration + flag + " --through purge.";
  if (!next && connection.choice().sandbox) text += " Look: mig sandbox psql.";
  if (outcome.state != "done" || due.plan.steps.empty() || due.plan.steps.back().phase != sql::Phase::purge)
    text += " Back: mig rollback " + due.plan.migration + flag;
  return text + "\n" + backup_text(backups, due.plan.migration, connection);
}

// Runs them in order. The first that fails ends it; one that must wait (3) stops only those that come after it.
std::vector<Result> run_all(const std::vector<const Due*>& list, runtime::Executor& executor,
                            const runtime::ApplyOptions& given) {
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
    auto options = given;
    options.approve = approvals_for(given.approve, due->plan);
    results.push_back({name, due->in_flight ? executor.resume(name, options) : executor.apply(due->plan, options)});
    const int exit = results.back().outcome.exit;
    if (exit == not_yet)
      waiting.push_back(name);
    else if (exit != done)
      break;
  }
  return results;
}

// What ran on a database that others see is pinned: an edit of it is an error from now on. A checkout that cannot be
// written to (a container's) must not make a good run a bad one.
void pin(const Project& project, const std::vector<Result>& results, const std::vector<const Due*>& list,
         const Output& output) {
  std::error_code ignored;
  const auto& config = project.config;
  if (config.file.empty() && !std::filesystem::exists(config.root / config.migrations, ignored)) return;
  std::vector<LockRow> rows;
  for (const auto& result : results)
    for (const auto* due : list)
      if (due->plan.migration == result.migration && result.outcome.state != "pending" &&
          !result.outcome.state.empty() && !ir::as_run(result.migration))
        rows.push_back({true, due->plan.source_hash, result.migration, 0});
  if (rows.empty()) return;
  try {
    (void)update_lock(project, rows);
  } catch (const Failure& failure) {
    output.warning("mig.lock is not up to date: " + failure.about);
  }
}

// A test case for each migration: those that were not come to are skipped.
ci::Report report_of(const std::vector<Result>& results, const std::vector<const Due*>& list, ci::Report report) {
  for (const auto* due : list) {
    const auto result = std::find_if(results.begin(), results.end(),
                                     [&](const auto& one) { return one.migration == due->plan.migration; });
    if (result == results.end()) {
      report.cases.push_back({due->plan.migration, {}, "not run", true});
      continue;
    }
    ci::Case one{due->plan.migration, {}, due->plan.migration + " is " + result->outcome.state + "\n", false};
    if (result->outcome.exit != done) {
      auto failed = ci::report_of(failure_of(result->outcome), report.command).findings.front();
      if (result->outcome.exit == not_yet) failed.level = Finding::Level::note;
      failed.file = due->plan.file;
      one.findings.push_back(failed);
      report.findings.push_back(std::move(failed));
    }
    report.body += fmt::format("* `{}` is {}\n", due->plan.migration, result->outcome.state);
    report.cases.push_back(std::move(one));
  }
  ci::sort(report.findings);
  report.summary = plural(static_cast<long long>(results.size()), "migration") +
                   (report.findings.empty() ? ", all as asked" : ", not all as asked");
  return report;
}

// A server that is gone must not hide how the run ended.
std::vector<runtime::BackupRow> known_backups(const Connection& connection) {
  try {
    return read_backups(connection);
  } catch (const Failure&) {
    return {};
  }
}

int report(const std::vector<Result>& results, const std::vector<const Due*>& list, const Connection& connection,
           bool dry_run, ci::Report document, const Invocation& call, const Output& output) {
  int exit = done;
  auto migrations = nlohmann::ordered_json::array();
  const auto backups = dry_run ? std::vector<runtime::BackupRow>() : known_backups(connection);
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
      output.note(output.plain(what_is_next(**due, outcome, connection, backups)));
    }
  }
  if (dry_run) output.note("nothing was written\n");
  if (output.format() == Format::json)
    output.object(exit, {{"target", connection.name()}, {"dry_run", dry_run}, {"migrations", migrations}});
  document = report_of(results, list, std::move(document));
  document.exit = exit;
  return ci::publish(document, call, output);
}

int nothing_to_do(const std::vector<Due>& list, const Connection& connection, ci::Report document,
                  const Invocation& call, const Output& output) {
  output.note("nothing to do\n");
  for (const auto& due : list) {
    const auto phase = next_phase(due, sql::Phase::verify);
    if (!phase) continue;
    const auto command = "mig apply " + due.plan.migration + target_flag(connection.choice());
    const auto wait = next_wait(due, due.since, epoch_now());
    output.note(output.plain(wait ? fmt::format("{} is {}; {}; next: {}{}\n", due.plan.migration, due.state,
                                                wait->words, command, wait->flags)
                                  : fmt::format("{} is {}; next: {} --through {}\n", due.plan.migration, due.state,
                                                command, sql::to_string(*phase))));
  }
  if (output.format() == Format::json)
    output.object(done, {{"target", connection.name()}, {"migrations", nlohmann::ordered_json::array()}});
  document.summary = "nothing to do";
  return ci::publish(document, call, output);
}

int run(const Invocation& written) {
  const Output output(written);
  const auto project = open_project(written, output);
  const auto asked = asked_phase(written);
  if (written.has("adopt")) return adopt(written, project, asked.value_or(sql::Phase::expand), output);
  if (written.has("catalog"))
    throw Failure(usage, "mig apply takes --catalog with --adopt only: it runs against the live database")
        .then("mig plan --catalog …");
  auto basis = live_basis(written, project, output);
  const auto& connection = *basis.connection;
  const auto approvals = approvals_of(written, connection);
  const auto& call = approvals.call;
  output.note(output.plain(connection.line()) + (call.has("dry-run") ? "   (dry run: read-only session)" : "") + "\n");
  connection.require_primary();
  const auto all = work_of(call, project, basis, output);
  require_waiting(approvals.names, all);
  Reach reach{{}, approvals.names};
  reach.asked = phase_for(call, connection, all, output);
  std::vector<const Due*> list;
  for (const auto& due : all)
    if (!steps_left(due, reach.of(due)).empty() || due.state == "pending" || due.state.ends_with("ing"))
      list.push_back(&due);
  const auto old = backups_to_purge(call, connection);
  if (list.empty() && old.empty()) return nothing_to_do(all, connection, ci::begin(call, project), call, output);
  count_interrupts();  // before the question: Ctrl-C there is an answer too
  confirm(call, connection, whole_question(list, reach, old), output);
  RunPrinter printer(output);
  runtime::Executor executor(
      connection.target(), [&](const runtime::Event& event) { printer(event); }, interrupts);
  runtime::ApplyOptions options;
  options.through = reach.asked;
  options.approve = reach.approve;
  options.note = call.value("note").value_or("");
  options.dry_run = call.has("dry-run");
  options.backup = backup_options(project);
  auto results = run_all(list, executor, options);
  for (auto& result : results) result.outcome = on_target(std::move(result.outcome), connection.choice());
  if (!old.empty()) purge_backups(executor, call, options, output);
  printer.finish();
  if (!options.dry_run && !connection.choice().playground) pin(project, results, list, output);
  return report(results, list, connection, options.dry_run, ci::begin(call, project), call, output);
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
    "mig apply phone_number --approve              a person says that contract may come\n"
    "mig apply --approve=apps_deployed             and that this checkpoint is passed\n"
    "mig apply build/phone_number/plan.json        exactly the plan that was reviewed\n"
    "mig apply --adopt --catalog empty             a database made by other means\n",
    flags,
    "text json jsonl github gitlab sarif markdown junit",
    -1,
    run};

}  // namespace mig::cli
