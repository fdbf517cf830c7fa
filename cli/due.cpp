// Journal and files put together.
#include "cli/due.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diagnostics/render.hpp"

namespace mig::cli {

namespace {

Due in_flight(const Connection& connection, const runtime::MigrationRow& row) {
  Due due;
  due.plan = stored_plan(connection, row);
  due.in_flight = true;
  take_row(due, row);
  return due;
}

}  // namespace

const runtime::MigrationRow* Story::find(const std::string& name) const {
  for (const auto& migration : migrations)
    if (migration.name == name) return &migration;
  return nullptr;
}

std::vector<std::string> Story::names() const {
  std::vector<std::string> list;
  for (const auto& migration : migrations) list.push_back(migration.name);
  return list;
}

Story read_story(const Connection& connection) {
  const runtime::JournalReader reader(connection.target());
  Story story;
  const int format = reader.format();
  if (format > plan::journal::format)
    throw Failure(no_connection,
                  fmt::format("a newer mig keeps the journal of this database (format {}, this mig knows {})", format,
                              plan::journal::format))
        .coded("R0705")
        .at(connection.short_line())
        .state("nothing was done")
        .then("use that version of mig");
  if (format == 0) return story;
  story.present = true;
  story.migrations = reader.migrations();
  story.kept = reader.kept();
  return story;
}

plan::Plan stored_plan(const Connection& connection, const runtime::MigrationRow& row) {
  const auto text = runtime::JournalReader(connection.target()).plan_text(row.plan_hash);
  diagnostics::Sink sink;
  if (text)
    if (auto plan = plan::from_json(*text, "the stored plan of " + row.name, sink)) return std::move(*plan);
  throw Failure(
      no_connection,
      fmt::format("the stored plan of `{}` {}", row.name,
                  text ? "does not read: " + (sink.list().empty() ? "" : sink.list()[0].message) : "is missing"))
      .coded("R0706")
      .at("table mig.plan, hash " + row.plan_hash)
      .state("nothing was done")
      .then("mig doctor" + target_flag(connection.choice()));
}

plan::Plan read_plan_file(const std::string& path, const Output& output) {
  const auto text = read_file(path);
  diagnostics::Sink sink;
  if (auto plan = plan::from_json(text, path, sink)) return std::move(*plan);
  source::Files files;
  files.add(path, text);
  write_all(2, diagnostics::render(sink.list(), files, output.style(Stream::progress)));
  throw Failure(no, "this is not a plan that can be run")
      .at(path)
      .state("nothing was done")
      .then("mig compile, and apply what it writes");
}

void take_row(Due& due, const runtime::MigrationRow& row) {
  due.state = row.state;
  due.since = row.since;
  for (const auto& step : row.steps)
    if (step.state == "done") due.done.insert(step.step);
  for (const auto& approval : row.approvals) due.approved.insert(approval.name);
}

sql::Phase usual_phase(const Due& due) {
  return due.state == "contracting" || due.approved.count("contract") != 0 ? sql::Phase::contract : sql::Phase::verify;
}

std::vector<const sql::Step*> steps_left(const Due& due, sql::Phase through) {
  std::vector<const sql::Step*> left;
  for (const auto& step : due.plan.steps)
    if (step.phase <= through && due.done.count(step.id) == 0) left.push_back(&step);
  return left;
}

std::optional<sql::Phase> next_phase(const Due& due, sql::Phase through) {
  for (const auto& step : due.plan.steps)
    if (step.phase > through && due.done.count(step.id) == 0) return step.phase;
  return std::nullopt;
}

std::vector<Due> all_due(const Connection& connection, const Story& story, const mig::Output& compiled,
                         const Selection& selection) {
  std::vector<Due> list;
  for (const auto& row : story.migrations) {
    if (row.state == "pending" || row.state == "done") continue;
    std::string file;
    for (const auto& migration : compiled.program.migrations)
      if (migration.name == row.name) file = migration.file;
    if (selected(selection, row.name, file)) list.push_back(in_flight(connection, row));
  }
  for (const auto& plan : compiled.plans) {
    const bool known =
        std::any_of(list.begin(), list.end(), [&](const auto& due) { return due.plan.migration == plan.migration; });
    if (known || !selected(selection, plan.migration, plan.file)) continue;
    Due due;
    due.plan = plan;
    list.push_back(std::move(due));
  }
  return list;
}

std::vector<Due> collect_due(const Project& project, const Selection& selection, const Basis& basis,
                             const Output& output) {
  const auto story = basis.connection ? read_story(*basis.connection) : Story{};
  // Names that the journal knows need no file: the stored plan counts, and files with errors are not in their way.
  auto unknown = selection;
  std::erase_if(unknown.names, [&](const auto& name) { return story.find(name) != nullptr; });
  const bool only_journal = !selection.all() && unknown.all();
  const auto compiled = only_journal ? compile_project(project, selection, basis.catalog)
                                     : compile_to_run(project, unknown, basis.catalog, output);
  if (!compiled.diagnostics.list().empty() && !only_journal)
    output.note(diagnostics::render(compiled.diagnostics.list(), compiled.files, output.style(Stream::progress)) +
                "\n");
  if (basis.connection) return all_due(*basis.connection, story, compiled, selection);
  std::vector<Due> list;
  for (const auto& plan : compiled.plans)
    if (selected(selection, plan.migration, plan.file)) list.emplace_back().plan = plan;
  return list;
}

}  // namespace mig::cli
