// What the journal tells: runs that ended without a word, steps in doubt, things kept longer than was asked for.
#include <algorithm>

#include "runtime/doctor/looks.hpp"

namespace mig::runtime::doctor {

using sql::sql;

namespace {

// psql ran its script, mig goes on.
std::string taken_up_by(const std::string& command) {
  if (command == "up.sql") return "apply";
  return command == "down.sql" ? "rollback" : command;
}

// Nothing of it is half done: the run only lacks its end, as where psql stopped at a gate.
bool at_rest(const MigrationRow& migration) {
  return !migration.state.ends_with("ing") &&
         std::none_of(migration.steps.begin(), migration.steps.end(),
                      [](const auto& step) { return step.state == "started" || step.state == "failed"; });
}

std::vector<sql::Fragment> ended(const MigrationRow& migration, long long run) {
  if (!at_rest(migration)) return {};
  return {sql("UPDATE mig.run SET ended = now(), exit = 130 WHERE id = {} AND ended IS NULL", run)};
}

// Only the newest run of a migration counts: a later one has taken up what an earlier one left.
void look_at_runs(Look& look) {
  for (const auto& migration : look.migrations) {
    const auto runs = read_runs(look.work.asker(), migration.name);
    if (runs.empty() || runs.front().exit || look.running) continue;
    const auto& last = runs.front();
    look.add("journal", "crashed_run", Grade::bad,
             "run " + std::to_string(last.id) + " of " + migration.name + " (" + last.command + " by " + last.who +
                 "@" + last.host + ", " + last.started + ") ended without a word; " + migration.name + " is " +
                 migration.state,
             {"mig " + taken_up_by(last.command) + " " + migration.name}, ended(migration, last.id));
  }
}

void look_at_steps(Look& look) {
  if (look.running) return;
  for (const auto& migration : look.migrations)
    for (const auto& step : migration.steps) {
      if (step.state != "started" && step.state != "failed") continue;
      const bool refused = step.state == "failed";
      look.add("journal", refused ? "failed_step" : "step_in_doubt", Grade::warning,
               "step " + step.step + " of " + migration.name +
                   (refused ? " was refused (SQLSTATE " + step.sqlstate + ")" : " was begun; its probe will decide"),
               {"mig apply " + migration.name});
    }
}

void look_at_kept(Look& look) {
  const auto due = look.rows(
      sql("SELECT p.migration, count(*), max(k.until)::date::text FROM mig.kept k JOIN mig.plan p ON p.id = k.plan\n"
          "WHERE k.state = 'kept' AND k.until < now() GROUP BY 1 ORDER BY 1"));
  for (const auto& row : due)
    look.add("journal", "purge_open", Grade::warning,
             "what " + text(row[0]) + " dropped was to be kept until " + text(row[2]) + " and is still there",
             {"mig apply " + text(row[0]) + " --through purge"});
}

}  // namespace

void look_at_journal(Look& look) {
  if (!look.journal) {
    look.fine("journal", "none yet: the first mig apply makes it");
    return;
  }
  look_at_runs(look);
  look_at_steps(look);
  look_at_kept(look);
  if (look.running) look.add("journal", "running", Grade::good, "a mig runs here now");
}

}  // namespace mig::runtime::doctor
