// Making a backup: in a folder without its name, read back, and only then called what it is.
#include <fmt/format.h>
#include <unistd.h>

#include "runtime/backup/files.hpp"
#include "runtime/backup/own_form.hpp"
#include "runtime/backup/plan.hpp"

namespace mig::runtime {

using sql::sql;
namespace fs = std::filesystem;

namespace {

using backup::Failed;
using backup::Intent;
using backup::Manifest;

struct Interrupted {};

// One backup while it is made. What is not finished goes with the object.
class Making {
 public:
  Making(Work& work, Migration& m, const Piece& piece, const ::mig::sql::Backup& action)
      : work_(work), m_(m), piece_(piece), action_(action), project_(m.backup.project) {
    const auto row =
        work.ask(sql("SELECT to_char(started AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24-MI-SS\"Z\"'),\n"
                     "  to_char(started AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), current_database()::text,\n"
                     "  current_setting('server_version') FROM mig.run WHERE id = {}",
                     m.run_id()));
    const auto& facts = row.rows.at(0);
    backup::clear_unfinished(work_, m_.plan.migration, project_);
    directory_ = free_directory(*facts[0]);
    folder_ = project_ / directory_;
    manifest_.made = *facts[1];
    manifest_.database = *facts[2];
    manifest_.server = *facts[3];
    manifest_.migration = m.plan.migration;
    manifest_.run = m.run;
  }
  ~Making() {
    std::error_code ignored;
    if (!at_.empty()) fs::remove_all(at_, ignored);
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

  // Throws Failed, Interrupted, DatabaseError.
  plan::journal::Backed make() {
    intent_ = backup::intent_of(work_, m_.backup, action_);
    manifest_.way = intent_.way();
    work_.ask(plan::journal::backup_begun(m_.plan, piece_.id, m_.run_id(), directory_));
    at_ = backup::unfinished(folder_, getpid());
    std::error_code ignored;
    fs::remove_all(at_, ignored);  // of an earlier try of this run
    backup::make_folder(at_);
    copy_files();
    if (!intent_.tables.empty() || action_.database) copy_tables();
    const auto sum = backup::write_new(at_ / backup::manifest_name, backup::to_json(manifest_));
    backup::give_name(at_, folder_);
    at_.clear();
    return {directory_,
            sum.sha256,
            manifest_.way,
            manifest_.read_back,
            backup::bytes_of(manifest_),
            static_cast<long long>(manifest_.entries.size()),
            action_.keep_seconds,
            restore_commands()};
  }

 private:
  // Two migrations of one call may begin in the same second.
  [[nodiscard]] std::string free_directory(const std::string& timestamp) const {
    const auto name = backup::directory_of(action_, m_.plan.migration, timestamp);
    auto free = name;
    for (int number = 2; name != action_.to && fs::exists(project_ / free); ++number)
      free = fmt::format("{}-{}", name, number);
    return free;
  }

  void tell(const std::string& what) const {
    work_.tell("backing_up", {{"migration", m_.plan.migration}, {"step", piece_.id}, {"what", what}});
    if (work_.asked_to_stop() != 0) throw Interrupted{};
  }

  // Hashed while they are copied, and once more as they stand on the disk.
  void copy_files() {
    for (const auto& file : intent_.files) {
      tell(file);
      manifest_.entries.push_back(backup::copy_file(file, project_, at_));
    }
    for (const auto& entry : manifest_.entries)
      if (backup::sum_of(at_ / entry.path).sha256 != entry.sum.sha256)
        throw Failed((at_ / entry.path).string() + " is not what was written");
    manifest_.read_back = "hashes match";
  }

  void copy_tables() {
    const auto snapshot = backup::open_snapshot(work_, m_, intent_.programs.major == 0 ? intent_.tables : no_locks_);
    std::vector<backup::Entry> entries;
    if (intent_.programs.major == 0) {
      tell("tables");
      entries = backup::own_form(work_, intent_.tables, at_, manifest_.made);
    } else {
      tell(intent_.way());
      entries = {backup::dump(work_, intent_.programs, snapshot, action_.database ? no_locks_ : intent_.tables, at_)};
      manifest_.rows = backup::count_rows(work_, intent_.tables);
    }
    backup::close_snapshot(work_);
    tell("reading it back");
    if (intent_.programs.major == 0) {
      backup::read_own_form(entries, at_);
      manifest_.read_back = "read to its end, hashes and rows match";
    } else {
      manifest_.read_back = backup::read_back(work_, m_.backup, intent_.programs, at_ / entries.front().path,
                                              intent_.tables, manifest_.rows);
      if (work_.asked_to_stop() != 0) throw Interrupted{};
      if (backup::sum_of(at_ / entries.front().path).sha256 != entries.front().sum.sha256)
        throw Failed(entries.front().path + " is not what was written");
    }
    manifest_.entries.insert(manifest_.entries.end(), entries.begin(), entries.end());
  }

  [[nodiscard]] std::string restore_commands() const {
    std::string commands;
    if (!intent_.files.empty()) commands += "mig rollback " + m_.plan.migration + " --files\n";
    if (intent_.tables.empty() && !action_.database) return commands;
    if (intent_.programs.major == 0) return commands + backup::own_restore_command(work_, directory_) + "\n";
    const auto archive = directory_ + (action_.database ? "/database.dump" : "/tables.dump");
    return commands + backup::restore_command(work_, action_.database, archive) + "\n";
  }

  Work& work_;
  Migration& m_;
  const Piece& piece_;
  const ::mig::sql::Backup& action_;
  fs::path project_, folder_, at_;
  std::string directory_;
  Intent intent_;
  Manifest manifest_;
  const std::vector<backup::Table> no_locks_;  // pg_dump takes its own, and of a whole database all
};

Outcome failed(Work& work, Migration& m, const Piece& piece, int tries, const std::string& what,
               const std::string& next) {
  if (work.session->alive() && work.session->in_transaction()) work.ask(sql("ROLLBACK"));
  // 58030 is io_error.
  work.ask(plan::journal::step_failed(m.plan, piece.id, m.run_id(), "58030", tries));
  m.set_state_of(piece.id, "failed");
  auto outcome = stopped(m, 5, "R0505");
  outcome.what = "no backup was made: " + what;
  outcome.where = place(m, piece.id);
  outcome.next = (next.empty() ? "mend it" : next) + ", then: " + again(m);
  return outcome;
}

void commit(Work& work, const Migration& m, const Piece& piece, const plan::journal::Backed& made, int tries) {
  work.ask(sql("BEGIN"));
  work.ask(plan::journal::backed_up(m.plan, piece.id, m.run_id(), made));
  for (const auto& row : piece.rows(tries)) work.ask(row);
  work.ask(sql("COMMIT"));
  work.tell("backup_made", {{"migration", m.plan.migration},
                            {"step", piece.id},
                            {"files", std::to_string(made.files)},
                            {"bytes", std::to_string(made.bytes)},
                            {"directory", made.directory},
                            {"how", made.way},
                            {"read_back", made.read_back}});
}

}  // namespace

Stop make_backup(Work& work, Migration& m, const Piece& piece, const ::mig::sql::Backup& action, int tries) {
  try {
    Making making(work, m, piece, action);
    const auto made = making.make();
    commit(work, m, piece, made, tries);
    return std::nullopt;
  } catch (const Interrupted&) {
    if (work.session->in_transaction()) work.ask(sql("ROLLBACK"));
    return interrupted(m, piece.id);
  } catch (const backup::Stopped& why) {
    return failed(work, m, piece, tries, why.what, why.next);
  } catch (const Failed& why) {
    if (work.asked_to_stop() != 0) {
      backup::close_snapshot(work);
      return interrupted(m, piece.id);
    }
    return failed(work, m, piece, tries, why.what(), why.next);
  } catch (const fs::filesystem_error& error) {
    return failed(work, m, piece, tries, error.what(), {});
  }
}

}  // namespace mig::runtime
