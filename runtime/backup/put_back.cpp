// Files of a backup, back to where they were.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/backup.hpp"
#include "runtime/backup/plan.hpp"

namespace mig::runtime {

namespace fs = std::filesystem;

namespace {

using State = CopiedFile::State;

std::string hash_of(const fs::path& file) {
  try {
    return backup::sum_of(file).sha256;
  } catch (const backup::Failed&) {
    return {};
  }
}

State state_of(const backup::Entry& entry, const fs::path& folder, const fs::path& project) {
  if (hash_of(folder / entry.path) != entry.sum.sha256) return State::damaged;
  std::error_code error;
  if (!fs::exists(project / entry.source, error)) return State::gone;
  return hash_of(project / entry.source) == entry.sum.sha256 ? State::same : State::changed;
}

// Whole, or not at all: beside the file first, then in its place.
void put_back(const backup::Entry& entry, const fs::path& folder, const fs::path& project) {
  const auto file = project / entry.source;
  auto beside = file;
  beside += fmt::format(".{}.mig", getpid());
  backup::make_folder(file.parent_path());
  std::error_code ignored;
  fs::remove(beside, ignored);
  const auto sum = backup::copy_whole(folder / entry.path, beside);
  if (sum.sha256 != entry.sum.sha256) throw backup::Failed((folder / entry.path).string() + " was changed meanwhile");
  fs::permissions(beside, static_cast<fs::perms>(entry.mode));
  fs::rename(beside, file);
  backup::sync_folder(file.parent_path());
  if (hash_of(file) != entry.sum.sha256) throw backup::Failed(file.string() + " is not what was put back");
}

Outcome no(const char* code, std::string what, std::string where, std::string now, std::string next) {
  Outcome outcome;
  outcome.exit = 1;
  outcome.code = code;
  outcome.what = std::move(what);
  outcome.where = std::move(where);
  outcome.now = std::move(now);
  outcome.next = std::move(next);
  return outcome;
}

Outcome put_all_back(Work& work, const BackupRow& row, const backup::Manifest& manifest, bool overwrite,
                     const ApplyOptions& options) {
  const fs::path project(options.backup.project), folder = project / row.directory;
  std::string damaged;
  for (const auto& entry : manifest.entries)
    if (entry.kind == "file" && state_of(entry, folder, project) == State::damaged)
      damaged += (damaged.empty() ? "" : ", ") + entry.source;
  if (!damaged.empty())
    return no("R0103", "the backup's copies of these files are gone or damaged: " + damaged, folder.string(),
              "no file was put back", "mig doctor says what is left of it");
  for (const auto& entry : manifest.entries) {
    if (entry.kind != "file") continue;
    const auto state = state_of(entry, folder, project);
    if (state == State::same) continue;
    const bool goes = state == State::gone || overwrite;
    if (options.dry_run) continue;
    if (goes) put_back(entry, folder, project);
    work.tell(goes ? "file_put_back" : "file_left",
              {{"migration", row.migration}, {"path", entry.source}, {"why", goes ? "" : "changed since"}});
  }
  return {};
}

}  // namespace

const BackupRow* newest_with_files(const std::vector<BackupRow>& backups, const std::string& migration,
                                   const std::string& project) {
  const BackupRow* newest = nullptr;
  for (const auto& row : backups) {
    if (row.migration != migration) continue;
    const auto manifest = backup::read_manifest(fs::path(project) / row.directory);
    if (!manifest) continue;
    for (const auto& entry : manifest->entries)
      if (entry.kind == "file") newest = &row;
  }
  return newest;
}

std::vector<CopiedFile> copied_files(const BackupRow& row, const std::string& project) {
  std::vector<CopiedFile> files;
  const auto folder = fs::path(project) / row.directory;
  if (const auto manifest = backup::read_manifest(folder))
    for (const auto& entry : manifest->entries)
      if (entry.kind == "file") files.push_back({entry.source, state_of(entry, folder, project)});
  return files;
}

Outcome restore_files(Work& work, const std::string& migration, bool overwrite, const ApplyOptions& options) {
  const auto backups = read_format(work.asker()) == 0 ? std::vector<BackupRow>() : read_backups(work.asker());
  const auto* row = newest_with_files(backups, migration, options.backup.project);
  if (row == nullptr)
    return no("R0104", "there is no backup of files by " + migration + " here", migration, "no file was put back",
              "mig status " + migration + "   shows its backups, and on which machine they were made");
  try {
    const auto manifest = backup::read_manifest(fs::path(options.backup.project) / row->directory);
    return put_all_back(work, *row, *manifest, overwrite, options);
  } catch (const backup::Failed& failed) {
    return no("R0505", failed.what(), row->directory, "files before it were put back",
              "mend it, then: mig rollback " + migration + " --files");
  } catch (const fs::filesystem_error& error) {
    return no("R0505", error.what(), row->directory, "files before it were put back",
              "mend it, then: mig rollback " + migration + " --files");
  }
}

}  // namespace mig::runtime
