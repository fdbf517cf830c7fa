// mig status: where every migration stands, from the journal and the files.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/backups.hpp"
#include "cli/drift_report.hpp"
#include "cli/due.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "cli/waits.hpp"
#include "compiler/review/review.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"log", nullptr, "every run: when, what, who, how it ended"},
    {"exit-code", nullptr, "exit 2 when something is pending"},
};

struct Line {
  std::string name, state, since, back, next;
  bool due = false;  // `mig apply` would do something
  std::optional<Wait> wait;
};

struct Facts {
  Story story;
  std::vector<runtime::BackupRow> backups;
  std::vector<Line> lines;
  std::vector<std::string> drift;  // keys of what was changed outside mig
  Drift explained;                 // what differs, as far as a snapshot knows what was there
  int errors = 0;                  // in the files
};

bool has_kept(const Story& story, const std::string& migration) {
  return std::any_of(story.kept.begin(), story.kept.end(), [&](const auto& row) { return row.migration == migration; });
}

std::string kept_until(const Story& story, const std::string& migration) {
  std::string until;
  for (const auto& row : story.kept)
    if (row.migration == migration && !row.until.empty() && (until.empty() || row.until < until)) until = row.until;
  return until;
}

std::string way_back(const plan::Plan& plan, const runtime::MigrationRow& row, const Story& story) {
  const sql::Step* weakest = nullptr;
  bool purged = false;
  for (const auto& step : plan.steps) {
    const bool is_done = std::any_of(row.steps.begin(), row.steps.end(),
                                     [&](const auto& s) { return s.step == step.id && s.state == "done"; });
    if (!is_done || sql::only_looks(step.action)) continue;
    purged = purged || step.phase == sql::Phase::purge;
    if (step.phase != sql::Phase::purge && (weakest == nullptr || step.reversibility > weakest->reversibility))
      weakest = &step;
  }
  if (purged) return "purged (lossy)";
  if (weakest == nullptr) return "-";
  if (weakest->reversibility == sql::Reversibility::exact_until_purged && has_kept(story, row.name)) {
    const auto until = kept_until(story, row.name);
    return until.empty() ? "exact until purged" : "exact until " + until.substr(0, 10);
  }
  return review::back_words(*weakest, plan);
}

Line line_of(const runtime::MigrationRow& row, const Connection& connection, const Story& story, bool running) {
  Due due;
  due.plan = stored_plan(connection, row);
  take_row(due, row);
  Line line{row.name, row.state, row.since, way_back(due.plan, row, story), "-", false, {}};
  const auto flag = target_flag(connection.choice());
  if (row.state.ends_with("ing") && row.state != "pending") {
    line.state += fmt::format(" {}/{}", due.done.size(), due.plan.steps.size());
    line.next = running ? "runs now" : "mig apply" + flag;
    line.due = !running;
  } else if (row.state == "pending") {
    line.next = "mig apply" + flag;
    line.due = true;
  } else if ((line.wait = next_wait(due, row.since, epoch_now()))) {
    line.next = line.wait->words;
    if (line.wait->reasons.empty() && line.wait->flags.empty()) line.next = "mig apply" + flag;
    if (line.wait->reasons.empty() && !line.wait->flags.empty())
      line.next = "mig apply " + row.name + flag + line.wait->flags;
    line.due = line.wait->flags.empty() && line.wait->until.empty();
  } else if (const auto phase = next_phase(due, sql::Phase::expand)) {
    line.due = *phase <= usual_phase(due);
    line.next = line.due ? "mig apply" + flag
                         : fmt::format("mig apply {}{} --through {}", row.name, flag, sql::to_string(*phase));
    if (const auto until = kept_until(story, row.name); *phase == sql::Phase::purge && epoch(until) > epoch_now())
      line.next = "purge in " + age(epoch(until) - epoch_now());
  }
  return line;
}

// What is known of an object last was written by the migration whose state changed last.
std::map<std::string, std::string> newest_known(const Story& story) {
  std::map<std::string, std::pair<std::string, std::string>> newest;
  for (const auto& row : story.migrations)
    for (const auto& [key, print] : row.fingerprints)
      if (auto& known = newest[key]; known.first <= row.since) known = {row.since, print};
  std::map<std::string, std::string> known;
  for (const auto& [key, value] : newest) known.emplace(key, value.second);
  return known;
}

// The journal knows that an object is another one, not what it was: that, a snapshot tells which has it as the last run
// left it.
Drift explained(const std::map<std::string, std::string>& known, const std::vector<std::string>& changed,
                const Project& project, const catalog::Catalog& live, const Output& output) {
  if (changed.empty() || !project.config.catalog) return {};
  const auto path = project.config.root / *project.config.catalog;
  if (!std::filesystem::exists(path)) return {};
  const auto snapshot = read_snapshot_file(path, output);
  std::vector<std::string> keys;
  for (const auto& key : changed)
    if (catalog::fingerprint(snapshot, key) == known.at(key)) keys.push_back(key);
  return keys.empty() ? Drift{} : cli::find_drift(snapshot, live, keys);
}

void find_changed(Facts& facts, const Project& project, const catalog::Catalog& live, const Output& output) {
  const auto known = newest_known(facts.story);
  for (const auto& [key, print] : known)
    if (catalog::fingerprint(live, key) != print) facts.drift.push_back(key);
  facts.explained = explained(known, facts.drift, project, live, output);
}

Facts look(const Project& project, const Basis& basis, const Output& output) {
  const auto& connection = *basis.connection;
  Facts facts;
  facts.story = read_story(connection);
  facts.backups = read_backups(connection);
  const bool running = facts.story.present && runtime::JournalReader(connection.target()).running();
  for (const auto& row : facts.story.migrations) facts.lines.push_back(line_of(row, connection, facts.story, running));
  find_changed(facts, project, basis.catalog, output);
  const auto compiled = compile_project(project, {}, basis.catalog);
  facts.errors = static_cast<int>(compiled.diagnostics.count(diagnostics::Severity::error));
  for (const auto& migration : compiled.program.migrations)
    if (facts.story.find(migration.name) == nullptr)
      facts.lines.push_back(
          {migration.name, "pending", "", "-", "mig apply" + target_flag(connection.choice()), true, {}});
  return facts;
}

void print_table(const std::vector<Line>& lines, const Output& output) {
  std::vector<std::vector<std::string>> rows{{"migration", "state", "since", "way back", "next"}};
  for (const auto& line : lines) {
    const auto color = line.state.ends_with("ing") ? Color::yellow : Color::green;
    rows.push_back({cut_middle(line.name, 40, output.ascii()),
                    line.state == "pending" ? line.state : output.paint(color, line.state, Stream::answer),
                    line.since.empty() ? "-" : minute(line.since), line.back, line.next});
  }
  const auto text = table(rows);
  const auto head = text.find('\n');
  output.answer(output.paint(Color::dim, text.substr(0, head), Stream::answer) + output.plain(text.substr(head)));
}

nlohmann::ordered_json as_json(const Line& line, const Story& story, const std::vector<runtime::BackupRow>& backups) {
  nlohmann::ordered_json json{{"name", line.name},
                              {"state", line.state.substr(0, line.state.find(' '))},
                              {"since", line.since},
                              {"way_back", line.back},
                              {"next", line.next}};
  if (line.wait) json["waits"] = {{"gate", line.wait->gate}, {"for", line.wait->reasons}, {"until", line.wait->until}};
  if (const auto* row = story.find(line.name))
    for (const auto& step : row->steps)
      json["steps"].push_back({{"id", step.step},
                               {"state", step.state},
                               {"started", step.started},
                               {"ended", step.ended},
                               {"run", step.run},
                               {"tries", step.tries},
                               {"sqlstate", step.sqlstate}});
  for (const auto& row : backups)
    if (row.migration == line.name) json["backups"].push_back(cli::as_json(row));
  return json;
}

void print_steps(const runtime::MigrationRow& row, const Connection& connection, const Output& output) {
  const auto plan = stored_plan(connection, row);
  std::vector<std::vector<std::string>> rows;
  for (const auto& step : plan.steps) {
    const auto found =
        std::find_if(row.steps.begin(), row.steps.end(), [&](const auto& s) { return s.step == step.id; });
    const auto state = found == row.steps.end() ? "pending" : found->state;
    const auto sign = state == "done"      ? Sign::yes
                      : state == "failed"  ? Sign::no
                      : state == "started" ? Sign::warning
                                           : Sign::dot;
    rows.push_back({output.sign(sign, Stream::answer), step.id, cut_middle(step.title, 50, output.ascii()), state,
                    found == row.steps.end() ? "" : minute(found->ended.empty() ? found->started : found->ended),
                    found == row.steps.end() ? "" : found->sqlstate});
  }
  output.answer("\n" + output.plain(table(rows, "  ")));
}

void print_log(const Story& story, const Connection& connection, const std::string& only, const Output& output) {
  const runtime::JournalReader reader(connection.target());
  std::vector<std::pair<long long, std::vector<std::string>>> rows;
  for (const auto& migration : story.migrations)
    if (only.empty() || only == migration.name)
      for (const auto& run : reader.runs(migration.name))
        rows.push_back(
            {run.id,
             {"run " + std::to_string(run.id), minute(run.started), run.command, migration.name,
              run.exit ? "exit " + std::to_string(*run.exit) : "no end", run.who + "@" + run.host, run.note}});
  std::sort(rows.begin(), rows.end());
  std::vector<std::vector<std::string>> cells;
  for (auto& row : rows) cells.push_back(std::move(row.second));
  output.answer("\n" + output.plain(table(cells)));
}

void print_drift(const Facts& facts, const Output& output) {
  if (facts.drift.empty()) return;
  std::string keys;
  for (const auto& key : facts.drift) keys += (keys.empty() ? "" : ", ") + key;
  output.answer(output.plain(fmt::format("\ndrift: {} changed outside mig: {}   (mig snapshot --diff)\n",
                                         plural(static_cast<long long>(facts.drift.size()), "object"), keys)));
  output.answer(output.plain(drift_text(facts.explained, output)));
}

int run(const Invocation& call) {
  const Output output(call);
  const auto project = open_project(call, output);
  const auto basis = live_basis(call, project, output);
  auto facts = look(project, basis, output);
  const auto only = call.arguments.empty() ? "" : call.arguments[0];
  if (!only.empty()) {
    std::vector<std::string> names;
    for (const auto& line : facts.lines) names.push_back(line.name);
    std::erase_if(facts.lines, [&](const auto& line) { return line.name != only; });
    if (facts.lines.empty())
      throw Failure(usage, "no migration `" + only + "`" + did_you_mean(only, names)).then("mig status");
  }
  const bool due = std::any_of(facts.lines.begin(), facts.lines.end(), [](const auto& line) { return line.due; });
  const int exit = call.has("exit-code") && due ? pending : done;
  if (!output.text()) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& line : facts.lines) list.push_back(as_json(line, facts.story, facts.backups));
    output.object(exit, {{"target", basis.connection->name()},
                         {"migrations", list},
                         {"drift", facts.drift},
                         {"differences", differences_json(facts.explained)},
                         {"remedies", remedies_json(facts.explained)},
                         {"errors_in_files", facts.errors}});
    return exit;
  }
  output.answer(output.plain(basis.connection->line()) + "\n\n");
  if (facts.lines.empty())
    output.answer("no migrations: none in " + project.config.migrations + "/, none in the journal\n");
  else
    print_table(facts.lines, output);
  if (const auto* row = facts.story.find(only); row != nullptr) print_steps(*row, *basis.connection, output);
  if (const auto text = only.empty() ? "" : backup_text(facts.backups, only, *basis.connection); !text.empty())
    output.answer("\n" + output.plain(text));
  if (call.has("log")) print_log(facts.story, *basis.connection, only, output);
  print_drift(facts, output);
  if (facts.errors != 0) output.note(plural(facts.errors, "error") + " in the files: mig check\n");
  return exit;
}

}  // namespace

constinit const Command status_command{"status",
                                       "run",
                                       "status [NAME]",
                                       "where every migration stands",
                                       "mig status --target production\n"
                                       "mig status phone_number          its steps\n"
                                       "mig status --log                 who ran what, and how it ended\n"
                                       "mig status --exit-code           2 when something is pending\n",
                                       flags,
                                       "text json",
                                       1,
                                       run};

}  // namespace mig::cli
