// mig rollback NAME --files: what a backup copied, back to where it was. The database is not touched.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/backups.hpp"
#include "cli/confirm.hpp"
#include "cli/events.hpp"
#include "cli/interrupt.hpp"
#include "cli/outcome.hpp"
#include "cli/text.hpp"
#include "runtime/backup.hpp"

namespace mig::cli {

namespace {

using State = runtime::CopiedFile::State;

const char* words(State state) {
  switch (state) {
    case State::same:
      return "as it was";
    case State::gone:
      return "gone: is put back";
    case State::changed:
      return "changed since";
    case State::damaged:
      return "the copy is damaged";
  }
  return "";
}

long long count(const std::vector<runtime::CopiedFile>& files, State state) {
  return std::count_if(files.begin(), files.end(), [&](const auto& file) { return file.state == state; });
}

void show(const runtime::BackupRow& row, const std::vector<runtime::CopiedFile>& files, const Output& output) {
  output.note(output.plain(fmt::format("\nbackup of {}: {}\n", minute(row.made), row.directory)));
  std::vector<std::vector<std::string>> rows;
  for (const auto& file : files)
    if (file.state != State::same) rows.push_back({file.path, words(file.state)});
  output.note(output.plain(table(rows, "  ")));
  if (const auto same = count(files, State::same); same != 0)
    output.note("  " + plural(same, "file") + (same == 1 ? " is" : " are") + " as when copied\n");
}

// Whether changed files are put back too. Throws Failure where nobody can answer, or the answer was no.
bool overwrite(const Invocation& call, const Connection& connection, const std::vector<runtime::CopiedFile>& files,
               const Output& output) {
  if (said_yes(call, connection)) return true;
  if (call.has("dry-run") || count(files, State::damaged) != 0) return false;
  if (const auto changed = count(files, State::changed); changed != 0)
    return ask_yes(call, output,
                   fmt::format("Put {} back as it was, too? What was written into {} since is lost.",
                               changed == 1 ? "the changed file" : "the " + plural(changed, "changed file"),
                               changed == 1 ? "it" : "them"),
                   yes_flag(connection));
  if (count(files, State::gone) != 0 && !connection.choice().playground &&
      !ask_yes(call, output, "Put them back?", yes_flag(connection)))
    throw declined();
  return false;
}

int report(const runtime::Outcome& outcome, const std::vector<runtime::CopiedFile>& files, bool overwritten,
           bool dry_run, const std::string& migration, const std::string& flag, const Output& output) {
  const auto back = count(files, State::gone) + (overwritten ? count(files, State::changed) : 0);
  const auto left = overwritten ? 0 : count(files, State::changed);
  if (output.format() == Format::json) {
    auto json = as_json(migration, outcome);
    json["put_back"] = outcome.exit == done ? back : 0;
    json["left"] = left;
    json["dry_run"] = dry_run;
    output.object(outcome.exit, json);
    return outcome.exit;
  }
  if (outcome.exit != done) return output.failure(failure_of(outcome));
  output.note(
      output.plain(fmt::format("{}{}. The database stays as it is: mig rollback {}{}\n",
                               dry_run ? "nothing was written; " + plural(back, "file") + " would be put back"
                                       : plural(back, "file") + " put back",
                               left == 0 ? "" : fmt::format(", {} changed since and left", left), migration, flag)));
  return done;
}

}  // namespace

int put_files_back(const Invocation& call, const Project& project, const Connection& connection,
                   const std::string& migration, const Output& output) {
  runtime::ApplyOptions options;
  options.backup = backup_options(project);
  options.dry_run = call.has("dry-run");
  const auto rows = read_backups(connection);
  const auto* row = runtime::newest_with_files(rows, migration, options.backup.project);
  std::vector<runtime::CopiedFile> files;
  if (row != nullptr) files = runtime::copied_files(*row, options.backup.project);
  if (row != nullptr) show(*row, files, output);
  count_interrupts();
  const bool changed_too = overwrite(call, connection, files, output);
  RunPrinter printer(output);
  runtime::Executor executor(
      connection.target(), [&](const runtime::Event& event) { printer(event); }, interrupts);
  const auto outcome = executor.restore_files(migration, changed_too, options);
  printer.finish();
  return report(outcome, files, changed_too, options.dry_run, migration, target_flag(connection.choice()), output);
}

}  // namespace mig::cli
