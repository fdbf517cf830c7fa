// mig rollback: the one verb that goes back, by the stored plan alone.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/backups.hpp"
#include "cli/confirm.hpp"
#include "cli/due.hpp"
#include "cli/events.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/outcome.hpp"
#include "cli/stakes.hpp"
#include "cli/text.hpp"
#include "compiler/review/review.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

namespace {

using plan::journal::State;

constexpr Flag flags[] = {
    {"to", "STATE", "pending, or before contract: expanded, mapped, verified (default from contracted)"},
    {"files", nullptr, "put back the files that its backup copied; the database stays as it is"},
    {"dry-run", nullptr, "say what would be undone, in a read-only session"},
};

// Where a migration can be left: before each phase that its plan has.
std::vector<std::string> resting_states(const plan::Plan& plan) {
  std::vector<std::string> states{"pending"};
  for (const auto phase : {sql::Phase::map, sql::Phase::verify, sql::Phase::contract})
    if (plan::journal::has_phase(plan, phase))
      states.emplace_back(plan::journal::to_string(plan::journal::before_phase(plan, phase)));
  return states;
}

State asked_state(const Invocation& call, const runtime::MigrationRow& row, const plan::Plan& plan) {
  const auto text = call.value("to");
  const auto now = plan::journal::state(row.state).value_or(State::pending);
  if (!text)
    return now >= State::contracting && now <= State::purging ? plan::journal::before_phase(plan, sql::Phase::contract)
                                                              : State::pending;
  const auto to = plan::journal::state(*text);
  auto states = resting_states(plan);
  if (to == State::expanded) states.emplace_back("expanded");  // the executor says whether it lies behind
  if (to && std::find(states.begin(), states.end(), *text) != states.end()) return *to;
  std::string known;
  for (const auto& state : resting_states(plan)) known += (known.empty() ? "" : " or ") + state;
  throw Failure(usage, (to ? "a migration cannot be left at `" : "no state `") + *text + "`" +
                           did_you_mean(*text, resting_states(plan)))
      .then("--to " + known);
}

std::string migration_name(const Project& project, const std::string& word, const Output& output) {
  if (std::filesystem::path(word).extension() == ".json") return read_plan_file(word, output).migration;
  const auto selection = select(project, {word});
  if (selection.files.empty()) return word;
  // Its name stands in the file; the journal, not the file, says what is undone.
  const auto compiled = compile_project(project, selection, catalog::Catalog());
  for (const auto& migration : compiled.program.migrations)
    if (selected(selection, migration.name, migration.file)) return migration.name;
  throw Failure(usage, "no migration in " + word).then("mig status");
}

const runtime::MigrationRow& require_row(const Story& story, const std::string& name, const Connection& connection) {
  if (const auto* row = story.find(name)) return *row;
  throw Failure(usage, fmt::format("`{}` was never applied here{}", name, did_you_mean(name, story.names())))
      .at(connection.short_line())
      .state("nothing was done")
      .then("mig status" + target_flag(connection.choice()));
}

// What left a trace: a transaction that was refused left none.
bool left_a_trace(const sql::Step& step, const runtime::MigrationRow& row) {
  const bool all_or_nothing = sql::transactional(step.action) && !sql::in_parts(step.action);
  return std::any_of(row.steps.begin(), row.steps.end(), [&](const auto& done) {
    const bool back_begun = done.step.rfind(step.id + "/back/", 0) == 0;
    return back_begun ||
           (done.step == step.id && (done.state == "done" || (done.state != "undone" && !all_or_nothing)));
  });
}

// Steps that would be undone, last first.
std::vector<const sql::Step*> undone_steps(const plan::Plan& plan, const runtime::MigrationRow& row, State to) {
  std::vector<const sql::Step*> steps;
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    const bool goes = to == State::pending ||
                      (step->phase > sql::Phase::expand && plan::journal::before_phase(plan, step->phase) >= to);
    if (left_a_trace(*step, row) && goes) steps.push_back(&*step);
  }
  return steps;
}

std::string what_goes(const plan::Plan& plan, const std::vector<const sql::Step*>& steps,
                      const runtime::MigrationRow& row, State to) {
  auto text = fmt::format("{} is {}. Going back to {}:\n", row.name, row.state, plan::journal::to_string(to));
  std::vector<std::vector<std::string>> rows;
  for (const auto* step : steps) {
    // A step that only looked (validate) leaves nothing to undo.
    if (step->back.empty() && step->reversibility != sql::Reversibility::exact)
      rows.push_back({"undo: " + step->title, "none", review::back_words(*step, plan)});
    for (const auto& back : step->back)
      rows.push_back({back.title, review::lock_words(back), review::back_words(*step, plan)});
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].insert(rows[i].begin(), std::to_string(i + 1));
  text += table(rows, "  ");
  for (const auto* step : steps)
    for (const auto& loss : step->loss) text += "  ! lost: " + loss + "\n";
  return text;
}

std::string what_rows(const Connection& connection, const std::vector<const sql::Step*>& steps) {
  const bool lossy = std::any_of(steps.begin(), steps.end(), [](const auto* step) { return !step->loss.empty(); });
  return stakes_text(runtime::at_stake(connection.target(), steps), lossy);
}

void confirm(const Invocation& call, const Connection& connection, const Output& output) {
  if (said_yes(call, connection) || call.has("dry-run") || connection.choice().playground) return;
  const bool agreed =
      connection.target().protected_
          ? ask_word(call, output, "Type the target's name to go on:", connection.name(), yes_flag(connection))
          : ask_yes(call, output, "Go back?", yes_flag(connection));
  if (!agreed) throw declined();
}

int report(const runtime::Outcome& outcome, const std::string& name, const Connection& connection, bool dry_run,
           const Output& output) {
  if (output.format() == Format::json) {
    auto json = as_json(name, outcome);
    json["target"] = connection.name();
    json["dry_run"] = dry_run;
    output.object(exit_of(outcome), json);
  }
  if (output.format() == Format::json) return exit_of(outcome);
  if (outcome.exit != done) return output.failure(failure_of(outcome));
  const auto again = "mig rollback " + name + target_flag(connection.choice()) + " --to pending";
  output.note(dry_run
                  ? "nothing was written\n"
                  : output.plain(name + " is " + outcome.state + "." +
                                 (outcome.state != "pending" ? " To undo its expand as well: " + again : "") + "\n"));
  return done;
}

int run(const Invocation& call) {
  const Output output(call);
  if (call.arguments.empty()) throw Failure(usage, "mig rollback needs the name of a migration").then("mig status");
  const auto project = open_project(call, output);
  const Connection connection(call, project, output);
  output.note(output.plain(connection.line()) + (call.has("dry-run") ? "   (dry run: read-only session)" : "") + "\n");
  connection.require_primary();
  const auto name = migration_name(project, call.arguments[0], output);
  if (call.has("files")) return put_files_back(call, project, connection, name, output);
  const auto story = read_story(connection);
  const auto& row = require_row(story, name, connection);
  const auto plan = stored_plan(connection, row);
  const auto to = asked_state(call, row, plan);
  const auto steps = undone_steps(plan, row, to);
  if (!steps.empty()) output.note("\n" + output.plain(what_goes(plan, steps, row, to) + what_rows(connection, steps)));
  count_interrupts();  // before the question: Ctrl-C there is an answer too
  if (!steps.empty()) confirm(call, connection, output);
  RunPrinter printer(output);
  runtime::Executor executor(
      connection.target(), [&](const runtime::Event& event) { printer(event); }, interrupts);
  runtime::ApplyOptions options;
  options.dry_run = call.has("dry-run");
  options.backup = backup_options(project);
  const auto outcome = on_target(executor.rollback(name, to, options), connection.choice());
  printer.finish();
  return report(outcome, name, connection, options.dry_run, output);
}

}  // namespace

constinit const Command rollback_command{
    "rollback",
    "run",
    "rollback NAME",
    "go back by the stored plan, keep later writes",
    "mig rollback add_reviews\n"
    "mig rollback new_email --target production --to expanded\n"
    "mig rollback new_email --files        put back what backup { files … } copied\n"
    "mig rollback new_email --dry-run      what would be undone\n",
    flags,
    "text json jsonl",
    1,
    run};

}  // namespace mig::cli
