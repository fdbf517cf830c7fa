// Adoption by the command line.
#include "cli/adoption.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/confirm.hpp"
#include "cli/due.hpp"
#include "cli/events.hpp"
#include "cli/interrupt.hpp"
#include "cli/outcome.hpp"
#include "cli/text.hpp"
#include "compiler/drift/made.hpp"
#include "runtime/executor.hpp"

namespace mig::cli {

namespace {

struct Result {
  std::string migration;
  runtime::Outcome outcome;
};

bool is_plan_file(const std::string& word) { return std::filesystem::path(word).extension() == ".json"; }

// What is to be recorded, and the files that it comes from; no files: plan.json was given.
struct ToAdopt {
  std::vector<plan::Plan> plans;
  std::optional<mig::Output> compiled;
};

ToAdopt plans_to_adopt(const Invocation& call, const Project& project, const Basis& live, const Output& output) {
  ToAdopt found;
  auto& plans = found.plans;
  const auto& words = call.arguments;
  if (!words.empty() && std::all_of(words.begin(), words.end(), is_plan_file)) {
    for (const auto& path : words) plans.push_back(read_plan_file(path, output));
    return found;
  }
  const auto selection = select(project, words);
  found.compiled = compile_to_run(project, selection, base_before(call, project, output, live.catalog), output);
  const auto recorded = [&](const std::string& name) {
    const auto& rows = live.catalog.migrations;
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& row) { return row.name == name && row.state != "pending"; });
  };
  for (const auto& plan : found.compiled->plans)
    if (selected(selection, plan.migration, plan.file) && !recorded(plan.migration)) plans.push_back(plan);
  return found;
}

void confirm(const Invocation& call, const Connection& connection, const std::vector<plan::Plan>& plans,
             const Output& output) {
  if (said_yes(call, connection) || call.has("dry-run") || connection.choice().playground) return;
  std::string names;
  for (const auto& plan : plans) names += (names.empty() ? "" : ", ") + plan.migration;
  const auto question = fmt::format("{} to record as applied where all probes hold: {}. Nothing is run. Record?",
                                    plural(static_cast<long long>(plans.size()), "migration"), names);
  if (!ask_yes(call, output, question, yes_flag(connection))) throw declined();
}

std::string said(const catalog::Difference& each) {
  if (each.right == "absent") return each.key + ": it is not there";
  const auto value = [](const std::string& text) { return text.empty() ? std::string("none") : text; };
  return each.field.empty()
             ? fmt::format("{}: {} was found, {} is made", each.key, value(each.right), value(each.left))
             : fmt::format("{}: {} is {}, and made as {}", each.key, each.field, value(each.right), value(each.left));
}

// Probes ask for names as a rule: what stands there under them may be something else.
runtime::Outcome made_otherwise(const plan::Plan& plan, const std::vector<catalog::Difference>& differences) {
  runtime::Outcome outcome;
  outcome.exit = no;
  outcome.code = "R0110";
  outcome.state = "pending";
  outcome.what =
      fmt::format("{} cannot be recorded as applied: {} it makes {} otherwise here", plan.migration,
                  differences.size() == 1 ? "one thing that" : std::to_string(differences.size()) + " things that",
                  differences.size() == 1 ? "stands" : "stand");
  for (const auto& each : differences) outcome.where += (outcome.where.empty() ? "" : "\n") + said(each);
  outcome.now = "nothing was changed by this call; " + plan.migration + " is pending";
  outcome.next = "change the database or the migration so that they agree, then adopt again";
  return outcome;
}

runtime::Outcome adopt_one(const plan::Plan& plan, const ToAdopt& all, const catalog::Catalog& live,
                           runtime::Executor& executor, const runtime::ApplyOptions& options) {
  const auto differences = all.compiled ? drift::not_as_made(*all.compiled, plan.migration, *options.through, live)
                                        : std::vector<catalog::Difference>{};
  if (differences.empty()) return executor.adopt(plan, options);
  auto look = options;
  look.dry_run = true;
  const auto asked = executor.adopt(plan, look);  // steps that do not hold are the nearer reason
  return asked.exit == done ? made_otherwise(plan, differences) : asked;
}

// All are asked: what one lacks says nothing about the others, but for those that come after it.
std::vector<Result> adopt_all(const ToAdopt& all, const catalog::Catalog& live, runtime::Executor& executor,
                              const runtime::ApplyOptions& options) {
  std::vector<Result> results;
  for (const auto& plan : all.plans) {
    results.push_back({plan.migration, adopt_one(plan, all, live, executor, options)});
    const int exit = results.back().outcome.exit;
    if (exit != done && exit != no && exit != not_yet && exit != decide) break;
  }
  return results;
}

int report(const std::vector<Result>& results, const Connection& connection, bool dry_run, const Output& output) {
  int exit = done;
  auto migrations = nlohmann::ordered_json::array();
  for (const auto& [name, outcome] : results) {
    if (exit == done || exit == not_yet) exit = outcome.exit == done ? exit : exit_of(outcome);
    migrations.push_back(as_json(name, outcome));
    if (output.format() == Format::json) continue;
    if (outcome.exit != done)
      output.failure(failure_of(outcome));
    else
      output.note(dry_run ? name + " would be recorded\n"
                          : name + " is recorded as " + outcome.state + ". Nothing was run\n");
  }
  if (dry_run) output.note("nothing was written\n");
  if (output.format() == Format::json)
    output.object(exit, {{"target", connection.name()}, {"dry_run", dry_run}, {"migrations", migrations}});
  return exit;
}

}  // namespace

int adopt(const Invocation& call, const Project& project, sql::Phase through, const Output& output) {
  const auto live = live_basis(call, project, output);
  const auto& connection = *live.connection;
  output.note(output.plain(connection.line()) + (call.has("dry-run") ? "   (dry run: read-only session)" : "") + "\n");
  connection.require_primary();
  const auto found = plans_to_adopt(call, project, live, output);
  if (found.plans.empty()) {
    output.note("nothing to adopt: the journal knows every migration\n");
    return report({}, connection, false, output);
  }
  count_interrupts();
  confirm(call, connection, found.plans, output);
  RunPrinter printer(output);
  runtime::Executor executor(
      connection.target(), [&](const runtime::Event& event) { printer(event); }, interrupts);
  runtime::ApplyOptions options;
  options.through = through;
  options.note = call.value("note").value_or("");
  options.dry_run = call.has("dry-run");
  auto results = adopt_all(found, live.catalog, executor, options);
  for (auto& result : results) result.outcome = on_target(std::move(result.outcome), connection.choice());
  printer.finish();
  return report(results, connection, options.dry_run, output);
}

}  // namespace mig::cli
