// Backups that migrations made: there, as they were written, and not kept for longer than was asked for.
#include "runtime/backup/plan.hpp"
#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

namespace {

std::string count(long long number, const char* noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

// What a pending migration backed up can be made anew; later there is only what was copied elsewhere.
std::string way_out(const Look& look, const BackupRow& row) {
  for (const auto& migration : look.migrations)
    if (migration.name == row.migration && migration.state == "pending")
      return "mig apply " + row.migration + " --through backup   makes it anew";
  return "bring " + row.directory + " back from where it was copied to; what is left of it counts no longer";
}

void look_at_elsewhere(Look& look, const BackupRow& row) {
  look.add("backups", "backup_elsewhere", Grade::warning,
           row.directory + " of " + row.migration + " was made on " + row.host + ": it is not looked at here",
           {"mig doctor   on " + row.host});
}

// A killed run's, which nobody went on with: hidden, without a manifest in the journal, and of no use.
void look_at_unfinished(Look& look) {
  if (look.running) return;
  for (const auto& migration : look.migrations)
    for (const auto& left : read_unfinished_backups(look.work.asker(), migration.name)) {
      const auto folder = std::filesystem::path(look.background.project) / left.directory;
      const auto begin = "." + folder.filename().string() + ".";
      std::error_code none;
      for (const auto& entry : std::filesystem::directory_iterator(folder.parent_path(), none))
        if (const auto name = entry.path().filename().string();
            name.starts_with(begin) && name.ends_with(".unfinished"))
          look.add("backups", "backup_unfinished", Grade::warning,
                   entry.path().string() + " is what a killed run of " + migration.name + " left",
                   {"mig apply " + migration.name + "   removes it and makes the backup anew"});
    }
}

void look_at_due(Look& look, long long due) {
  if (due != 0)
    look.add("backups", "backup_due", Grade::warning, count(due, "backup") + " kept for longer than was asked for",
             {"mig apply --through purge"});
}

}  // namespace

void look_at_manifests(Look& look) {
  if (!look.journal) return;
  long long whole = 0, due = 0;
  for (const auto& row : read_backups(look.work.asker())) {
    if (row.due) ++due;
    if (row.host != backup::host()) {
      look_at_elsewhere(look, row);
      continue;
    }
    const auto problems = backup::damage(std::filesystem::path(look.background.project) / row.directory, row.manifest);
    for (const auto& problem : problems)
      look.add("backups", "backup_damaged", Grade::bad, problem + " (backup of " + row.migration + ")",
               {way_out(look, row)});
    if (problems.empty()) ++whole;
  }
  if (whole != 0)
    look.add("backups", "manifests", Grade::good, count(whole, "manifest") + ", files there, hashes match");
  look_at_unfinished(look);
  look_at_due(look, due);
}

}  // namespace mig::runtime::doctor
