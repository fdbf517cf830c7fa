// The examination: one read-only session, look after look.
#include "runtime/doctor.hpp"

#include <algorithm>

#include "compiler/catalog/catalog.hpp"
#include "runtime/doctor/looks.hpp"

namespace mig::runtime {

namespace doctor {

const std::string& text(const std::optional<std::string>& value) {
  static const std::string none;
  return value ? *value : none;
}

std::string pasted(const sql::Fragment& statement) { return statement.text() + ";"; }

std::string time_words(long long seconds) {
  const auto minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (minutes < 120) return std::to_string(minutes) + " min";
  if (hours < 48) return std::to_string(hours) + "h";
  return std::to_string(days) + "d" + (hours % 24 == 0 ? "" : " " + std::to_string(hours % 24) + "h");
}

void Look::add(const char* topic, const char* code, Grade grade, std::string what, std::vector<std::string> type,
               std::vector<sql::Fragment> mend) {
  findings.push_back({topic, code, grade, std::move(what), std::move(type), std::move(mend)});
}

void Look::fine(const char* topic, std::string what) {
  const bool said = std::any_of(findings.begin(), findings.end(), [&](const auto& one) { return one.topic == topic; });
  if (!said) add(topic, "ok", Grade::good, std::move(what));
}

std::string Look::owner_of(const std::string& key) const {
  const auto parsed = catalog::parse_key(key);
  const auto name = " " + sql::quote_ident(parsed && parsed->kind == "index" ? parsed->name.name : key) + " ";
  for (const auto& row : migrations) {
    const auto plan = in_place.find(row.name);
    if (plan == in_place.end()) continue;
    for (const auto& step : plan->second.steps) {
      const auto state =
          std::find_if(row.steps.begin(), row.steps.end(), [&](const auto& r) { return r.step == step.id; });
      const auto* build = std::get_if<sql::Concurrent>(&step.action);
      const bool builds = build != nullptr && build->statement.text.text().find(name) != std::string::npos;
      const bool open = state == row.steps.end() || state->state == "started" || state->state == "failed";
      const bool touched = std::find(step.touches.begin(), step.touches.end(), key) != step.touches.end();
      if (open && (touched || builds)) return row.name;
    }
  }
  return "";
}

bool Look::known(const std::string& name) {
  if (!plans_) {
    plans_.emplace();
    if (journal)
      for (const auto& row : rows(sql::sql("SELECT hash FROM mig.plan ORDER BY id")))
        plans_->push_back(read_plan_text(work.asker(), text(row[0])).value_or(""));
  }
  return std::any_of(plans_->begin(), plans_->end(),
                     [&](const auto& plan) { return plan.find(name) != std::string::npos; });
}

namespace {

void read_journal(Look& look) {
  const auto ask = look.work.asker();
  const int format = read_format(ask);
  if (format == 0) return;
  if (format > plan::journal::format) {
    look.add("journal", "newer_journal", Grade::bad,
             "a newer mig keeps it: format " + std::to_string(format) + ", this one knows up to " +
                 std::to_string(plan::journal::format),
             {"use the newer mig here as well"});
    return;
  }
  look.journal = true;
  look.migrations = read_migrations(ask, std::nullopt);
  look.running = read_lock_holder(ask).has_value();
  for (const auto& row : look.migrations) {
    plan::Plan plan;
    if (row.state == "pending") continue;
    if (const auto damaged = stored_plan(look.work, row.name, row.plan_hash, plan))
      look.add("journal", "damaged_plan", Grade::bad, damaged->what, {damaged->next});
    else
      look.in_place.emplace(row.name, std::move(plan));
  }
}

// A look that this role may not take says so and does not end the examination.
void take(Look& look, const char* topic, void (*part)(Look&)) {
  try {
    part(look);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    look.add(topic, "not_known", Grade::warning, "not known: " + error.message,
             error.hint.empty() ? std::vector<std::string>{} : std::vector<std::string>{error.hint});
  }
}

}  // namespace

}  // namespace doctor

const char* to_string(Grade grade) {
  switch (grade) {
    case Grade::good:
      return "good";
    case Grade::warning:
      return "warning";
    case Grade::bad:
      return "bad";
  }
  return "";
}

std::vector<Finding> examine(const Target& target, const Background& background) {
  using namespace doctor;
  Look look(background);
  look.work.target = target;
  const auto refused = open(look.work);
  if (!look.work.session) {
    DatabaseError error(refused->what);
    error.message = refused->what;
    throw error;
  }
  look.work.ask(sql::sql("SET default_transaction_read_only = on"));
  // Asked most when something is stuck: then this must not be stuck as well.
  look.work.ask(sql::sql("SET lock_timeout = '2s'"));
  look_at_server(look, refused);
  take(look, "journal", read_journal);
  take(look, "privileges", look_at_rights);
  take(look, "journal", look_at_journal);
  take(look, "leftovers", look_at_indexes);
  take(look, "leftovers", look_at_remains);
  take(look, "constraints", look_at_constraints);
  take(look, "sessions", look_at_sessions);
  take(look, "settings", look_at_settings);
  take(look, "statistics", look_at_statistics);
  take(look, "backups", look_at_manifests);
  if (!background.throwaway) take(look, "backups", look_at_backups);
  return std::move(look.findings);
}

}  // namespace mig::runtime
