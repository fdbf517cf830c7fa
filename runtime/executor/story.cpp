// The journal around a run: is it there, whose is it, what ran before, and the run's own rows.
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime/executor/work.hpp"

namespace mig::runtime {

using sql::sql;

namespace {

std::string user_name() {
  for (const char* variable : {"SUDO_USER", "USER", "LOGNAME"})
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') return value;
  const auto* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(geteuid());
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

void create_journal(Work& work) {
  work.ask(sql("BEGIN"));
  for (const auto& statement : plan::journal::create()) work.ask(statement);
  work.ask(sql("COMMIT"));
}

Outcome no_right_to_create(Work& work, const DatabaseError& error) {
  work.ask(sql("ROLLBACK"));
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = "R0704";
  outcome.what = "the journal cannot be made: " + error.message;
  outcome.where = work.session->display();
  outcome.now = "nothing was changed";
  for (const auto& grant : missing_journal_rights(work)) outcome.next += grant + "\n";
  outcome.next += "then: mig apply";
  return outcome;
}

Outcome unknown_migration(const std::string& name) {
  Outcome outcome;
  outcome.exit = 64;
  outcome.code = "R0803";
  outcome.what = "the journal knows no migration " + name;
  outcome.where = "mig.migration";
  outcome.now = "nothing was changed";
  outcome.next = "mig status";
  return outcome;
}

}  // namespace

std::string who() { return user_name() + "@" + host_name(); }

Stop refuse_newer(int format) {
  if (format <= plan::journal::format) return std::nullopt;
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = "R0705";
  outcome.what = "this database's journal was made by a newer mig: format " + std::to_string(format) +
                 ", this one knows up to " + std::to_string(plan::journal::format);
  outcome.where = "mig.journal";
  outcome.now = "nothing was changed";
  outcome.next = "use the newer mig here as well";
  return outcome;
}

Stop prepare_journal(Work& work) {
  const int format = read_format(work.asker());
  if (format != 0) return refuse_newer(format);
  try {
    create_journal(work);
    return std::nullopt;
  } catch (const DatabaseError& error) {
    if (error.sqlstate != "42501") throw;
    return no_right_to_create(work, error);
  }
}

std::optional<MigrationRow> read_row(Work& work, const std::string& name) {
  auto rows = read_migrations(work.asker(), name);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

Stop stored_plan(Work& work, const std::string& name, const std::string& hash, plan::Plan& plan) {
  const auto text = read_plan_text(work.asker(), hash);
  diagnostics::Sink sink;
  auto read = text ? plan::from_json(*text, "mig.plan", sink) : std::nullopt;
  if (read) {
    plan = std::move(*read);
    return std::nullopt;
  }
  Outcome outcome;
  outcome.exit = 7;
  outcome.code = "R0706";
  outcome.what = "the stored plan of " + name + " cannot be read";
  if (!sink.list().empty()) outcome.what += ": " + sink.list().front().message;
  outcome.where = "mig.plan, hash " + hash;
  outcome.now = "nothing was changed by this call";
  outcome.next = "bring table mig.plan back from a backup; or go on with a mig that is as new as the plan";
  return outcome;
}

Stop load(Work& work, const std::string& name, Migration& m) {
  const int format = read_format(work.asker());
  if (auto stop = refuse_newer(format)) return stop;
  auto row = format == 0 ? std::nullopt : read_row(work, name);
  if (!row) return unknown_migration(name);
  m.row = std::move(*row);
  return stored_plan(work, name, m.row.plan_hash, m.plan);
}

void tell_crashed_run(Work& work, const Migration& m) {
  const auto runs = read_runs(work.asker(), m.plan.migration);
  if (runs.empty() || runs.front().exit) return;
  const auto& last = runs.front();
  work.tell("crashed_run", {{"migration", m.plan.migration},
                            {"run", std::to_string(last.id)},
                            {"command", last.command},
                            {"who", last.who},
                            {"host", last.host},
                            {"started", last.started}});
}

void start_run(Work& work, Migration& m, const ApplyOptions& options) {
  work.ask(sql("BEGIN"));
  if (m.row.state == "pending") {
    work.ask(plan::journal::insert_plan(m.plan));
    work.ask(plan::journal::start_migration(m.plan));
  }
  const auto run = work.ask(
      plan::journal::start_run(m.plan.migration, m.command, user_name(), host_name(), MIG_VERSION, options.note));
  work.ask(sql("COMMIT"));
  m.run = std::atoll(run.value().c_str());
  note_run(work, m.plan);
  work.tell("run_started", {{"migration", m.plan.migration},
                            {"title", m.plan.title},
                            {"command", m.command},
                            {"run", std::to_string(m.run)}});
}

void end_run(Work& work, Migration& m, const Outcome& outcome) {
  if (work.session && work.session->alive() && work.locked) {
    try {
      work.ask(plan::journal::end_run(m.run_id(), outcome.exit));
    } catch (const DatabaseError&) {
      // The steps are journalled; a run without an end is reported by the next one.
    }
  }
  work.tell("run_ended", {{"migration", m.plan.migration},
                          {"run", std::to_string(m.run)},
                          {"exit", std::to_string(outcome.exit)},
                          {"state", m.row.state}});
}

void set_state(Work& work, Migration& m, plan::journal::State state) {
  if (m.row.state == plan::journal::to_string(state)) return;
  work.ask(plan::journal::set_state(m.plan, state));
  m.row.state = plan::journal::to_string(state);
}

}  // namespace mig::runtime
