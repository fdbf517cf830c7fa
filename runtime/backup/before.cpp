// Before anything runs: can it be made, and is what was made before still there?
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/backup/files.hpp"
#include "runtime/backup/plan.hpp"

namespace mig::runtime {

namespace fs = std::filesystem;

namespace backup {

namespace {

void refuse_rights(const std::vector<Table>& tables, const std::string& role) {
  std::string grants;
  for (const auto& table : tables)
    if (!table.readable) grants += sql::sql("GRANT SELECT ON {} TO {}", table.name, sql::Ident{role}).text() + ";\n";
  if (!grants.empty()) throw Stopped{"R0710", "the role may not read all that is to be backed up", grants};
}

void refuse_without_dump(const Work& work, const Programs& programs) {
  if (programs.major != 0) return;
  const int major = work.session->server_version() / 10000;
  throw Stopped{"R0708",
                fmt::format("no pg_dump of PostgreSQL {} or newer is here{}", major,
                            programs.version.empty() ? "" : ": found is " + programs.version),
                fmt::format("install postgresql-client-{}, or say where it is: MIG_PG_DUMP=/path/to/pg_dump", major)};
}

void refuse_without_room(const fs::path& folder, long long bytes) {
  const auto room = room_at(folder);
  if (room >= bytes) return;
  throw Stopped{"R0709",
                fmt::format("the backup takes up to {}, and {} has {} left", size_words(bytes),
                            fs::absolute(folder.parent_path()).string(), size_words(room)),
                "make room, or let `to` of the backup block name another disk"};
}

bool living(int process) { return kill(process, 0) == 0 || errno == EPERM; }

}  // namespace

std::string Intent::way() const {
  if (tables.empty() && programs.major == 0) return "copies";
  return programs.major == 0 ? "mig" : "pg_dump " + programs.version;
}

Intent intent_of(const Work& work, const BackupOptions& options, const sql::Backup& action) {
  Intent intent;
  try {
    intent.files = files_of(action.files, options.project);
    intent.bytes = bytes_of(intent.files, options.project);
    if (action.database || !action.tables.empty()) {
      intent.tables = tables_of(work, action);
      refuse_rights(intent.tables, work.ask(sql::sql("SELECT current_user::text")).value());
      intent.programs = find_dump(options.pg_dump, work.session->server_version() / 10000);
      if (action.database || (!options.pg_dump.empty() && options.pg_dump != "none"))
        refuse_without_dump(work, intent.programs);
      for (const auto& table : intent.tables) intent.bytes += table.bytes;
    }
    const auto folder = fs::path(options.project) / directory_of(action, "", "");
    refuse_without_room(folder, intent.bytes);
  } catch (const Failed& failed) {
    throw Stopped{"R0710", failed.what(), failed.next};
  } catch (const fs::filesystem_error& error) {
    throw Stopped{"R0710", error.what(), ""};
  }
  return intent;
}

std::string directory_of(const sql::Backup& action, const std::string& migration, const std::string& timestamp) {
  auto directory = action.to;
  const auto fill = [&](const std::string& hole, std::string value) {
    if (value.empty()) return;
    std::replace(value.begin(), value.end(), '/', '_');
    for (auto at = directory.find(hole); at != std::string::npos; at = directory.find(hole, at + value.size()))
      directory.replace(at, hole.size(), value);
  };
  fill("{timestamp}", timestamp);
  fill("{migration}", migration);
  while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  return directory;
}

fs::path unfinished(const fs::path& folder, int process) {
  return folder.parent_path() / fmt::format(".{}.{}.unfinished", folder.filename().string(), process);
}

void clear_unfinished(const Work& work, const std::string& migration, const fs::path& project) {
  for (const auto& left : read_unfinished_backups(work.asker(), migration)) {
    const auto folder = project / left.directory;
    std::error_code error;
    // It got its name, and the run was killed before the journal knew. One of another database stays.
    const auto manifest = read_manifest(folder);
    if (manifest && manifest->migration == migration && manifest->run == left.run &&
        manifest->database == left.database)
      fs::remove_all(folder, error);
    const auto begin = "." + folder.filename().string() + ".";
    const auto parent = folder.parent_path().empty() ? fs::path(".") : folder.parent_path();
    for (const auto& entry : fs::directory_iterator(parent, error)) {
      const auto name = entry.path().filename().string();
      if (!name.starts_with(begin) || !name.ends_with(".unfinished")) continue;
      const int process = std::atoi(name.substr(begin.size()).c_str());
      if (process != getpid() && living(process)) continue;  // of a run on another database
      std::error_code ignored;
      fs::remove_all(entry.path(), ignored);
    }
  }
}

std::string host() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace backup

namespace {

Outcome cannot(const Migration& m, const sql::Step& step, const backup::Stopped& why) {
  auto outcome = stopped(m, 7, why.code);
  outcome.what = why.what;
  outcome.where = place(m, step.id);
  outcome.next = why.next + (why.next.empty() || why.next.back() == '\n' ? "" : "; ") + "then: " + again(m);
  return outcome;
}

// What an earlier call backed up counts as long as it is there, and as it was written. On another machine that is not
// known, and believed.
bool lost(Work& work, const Migration& m) {
  const BackupRow* newest = nullptr;
  const auto all = read_backups(work.asker());
  for (const auto& row : all)
    if (row.migration == m.plan.migration) newest = &row;
  if (newest == nullptr) return true;
  if (newest->host != backup::host()) return false;
  return !backup::damage(fs::path(m.backup.project) / newest->directory, newest->manifest).empty();
}

bool left_by_a_killed_run(const Work& work, const Migration& m, const std::string& directory) {
  if (m.row.plan_hash.empty()) return false;  // nothing of it ran yet, and there may be no journal
  const auto known = read_unfinished_backups(work.asker(), m.plan.migration);
  return std::any_of(known.begin(), known.end(), [&](const auto& left) { return left.directory == directory; });
}

}  // namespace

Stop refuse_backups(Work& work, Migration& m, const std::vector<const sql::Step*>& remaining) {
  if (m.row.state != plan::journal::to_string(plan::journal::State::pending)) return std::nullopt;
  for (const auto& step : m.plan.steps) {
    const auto* action = std::get_if<sql::Backup>(&step.action);
    // Nothing remains where no more was asked for than the backup, and it was made.
    if (action == nullptr || (!remaining.empty() && step.phase > remaining.back()->phase)) continue;
    if (m.state_of(step.id) == "done" && !lost(work, m)) continue;
    m.set_state_of(step.id, "undone");
    try {
      (void)backup::intent_of(work, m.backup, *action);
      const auto directory = backup::directory_of(*action, m.plan.migration, "");
      const auto folder = fs::path(m.backup.project) / directory;
      if (fs::exists(folder) && !left_by_a_killed_run(work, m, directory))
        throw backup::Stopped{"R0710", folder.string() + " is there already",
                              "write {timestamp} into `to` of the backup block, or move that folder away"};
    } catch (const backup::Stopped& why) {
      return cannot(m, step, why);
    }
  }
  return std::nullopt;
}

void tell_backup(Work& work, const Migration& m, const sql::Step& step) {
  const auto* action = std::get_if<sql::Backup>(&step.action);
  if (action == nullptr) return;
  try {
    const auto intent = backup::intent_of(work, m.backup, *action);
    work.tell("would_back_up", {{"migration", m.plan.migration},
                                {"step", step.id},
                                {"files", std::to_string(intent.files.size())},
                                {"tables", std::to_string(intent.tables.size())},
                                {"bytes", std::to_string(intent.bytes)},
                                {"to", action->to},
                                {"how", intent.way()}});
  } catch (const backup::Stopped&) {
    return;  // refuse_backups() has said it
  }
}

}  // namespace mig::runtime
