// Removing backups whose time is over, and how to bring one back.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/backup/plan.hpp"

namespace mig::runtime {

namespace fs = std::filesystem;

namespace {

// Only what the backup itself wrote; what somebody put beside it stays, and the folder with it.
std::string remove_backup(const fs::path& folder, const std::string& migration) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  const auto manifest = backup::read_manifest(folder);
  if (!manifest || manifest->migration != migration) return "its manifest does not read: look at it, and remove it";
  std::vector<fs::path> folders{folder};
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_directory()) folders.push_back(entry.path());
  for (const auto& entry : manifest->entries) fs::remove(folder / entry.path, error);
  fs::remove(folder / backup::manifest_name, error);
  for (auto inner = folders.rbegin(); inner != folders.rend(); ++inner) fs::remove(*inner, error);
  return fs::exists(folder, error) ? "other files are in it: the backup is gone, they are left" : "";
}

bool asked_for(const std::vector<std::string>& migrations, const std::string& name) {
  return migrations.empty() || std::find(migrations.begin(), migrations.end(), name) != migrations.end();
}

}  // namespace

Outcome purge_backups(Work& work, const std::vector<std::string>& migrations, const std::string& project) {
  Outcome outcome;
  if (read_format(work.asker()) == 0) return outcome;
  for (const auto& row : read_backups(work.asker())) {
    if (!row.due || !asked_for(migrations, row.migration)) continue;
    const auto left = [&](const std::string& why) {
      work.tell("backup_left", {{"migration", row.migration}, {"directory", row.directory}, {"why", why}});
    };
    if (row.host != backup::host()) {
      left("it was made on " + row.host + ": purge it there");
      continue;
    }
    const auto why = remove_backup(fs::path(project) / row.directory, row.migration);
    if (!why.empty()) left(why);
    if (why.starts_with("its manifest")) continue;
    work.ask(plan::journal::backup_purged(row.migration, row.directory));
    work.tell("backup_purged",
              {{"migration", row.migration}, {"directory", row.directory}, {"days", std::to_string(row.days)}});
  }
  return outcome;
}

std::string from_backup(Work& work, const std::string& migration) {
  std::string commands;
  for (const auto& row : read_backups(work.asker()))
    if (row.migration == migration) commands = row.restore;
  return commands.empty() ? "" : "\nfrom its backup: " + commands.substr(0, commands.size() - 1);
}

}  // namespace mig::runtime
