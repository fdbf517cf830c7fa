// Sections that only look, as steps: each with a title that says what it asks.
#include "compiler/plan/looks.hpp"

#include <fmt/format.h>

#include "compiler/operations/render.hpp"

namespace mig::plan {

namespace {

// One line, whatever blanks stood in it.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && (out.back() == ' ' || out.back() == ';')) out.pop_back();
  return out;
}

std::string words(long long seconds) {
  if (seconds % 86400 == 0 && seconds > 86400) return fmt::format("{}d", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{}min", seconds / 60);
  return fmt::format("{}s", seconds);
}

::mig::sql::Step step(::mig::sql::Phase phase, std::string title, ::mig::sql::Action action, const source::Files& files,
                      source::Span span) {
  ::mig::sql::Step made;
  made.phase = phase;
  made.title = std::move(title);
  made.action = std::move(action);
  made.origin = fmt::format("{}:{}", files[span.file].name, files.place(span).line);
  return made;
}

::mig::sql::Step measure(const ir::Migration& migration, const syntax::Measure& measure, const source::Files& files) {
  ::mig::sql::Measure action;
  action.name = measure.name.text;
  action.timeout_ms = migration.policy.expect_timeout_ms;
  action.statements = {measurement(*migration.before, measure.query.text, measure.function, measure.runs.text)};
  ::mig::sql::Statement value;
  value.text = ::mig::sql::sql("SELECT current_setting('mig.measured')::double precision AS value");
  action.statements.push_back(std::move(value));
  return step(::mig::sql::Phase::measure,
              fmt::format("measure {}, {} over {} runs", measure.name.text, measure.function, measure.runs.text),
              std::move(action), files, measure.span);
}

::mig::sql::Step expect(const ir::Migration& migration, const ir::Expectation& expectation,
                        const source::Files& files) {
  const auto& written = *expectation.expect;
  return step(expectation.phase, written.message ? written.message->value : one_line(files.text(written.span)),
              assertion(migration, expectation, files), files, written.span);
}

::mig::sql::Step checkpoint(const syntax::Checkpoint& checkpoint, const source::Files& files) {
  ::mig::sql::Gate gate;
  gate.approval = checkpoint.name.text;
  gate.text = checkpoint.text ? checkpoint.text->value : "";
  const auto title = fmt::format("checkpoint {}{}{}", gate.approval, gate.text.empty() ? "" : ": ", gate.text);
  return step(::mig::sql::Phase::verify, one_line(title), std::move(gate), files, checkpoint.span);
}

std::string names_of(const ::mig::sql::Backup& backup) {
  std::string names;
  const auto add = [&](const std::string& name) { names += (names.empty() ? "" : ", ") + name; };
  for (const auto& pattern : backup.files) add(pattern);
  for (const auto& table : backup.tables) add(::mig::sql::display(table));
  if (backup.database) add("the whole database");
  return names;
}

::mig::sql::Step backup(const ir::Migration& migration, const source::Files& files) {
  const auto& written = *migration.backup;
  auto title = fmt::format("back up {} to {}", names_of(written), written.to);
  if (written.keep_seconds >= 0) title += ", kept for " + words(written.keep_seconds);
  auto made = step(::mig::sql::Phase::backup, one_line(title), written, files, migration.backup_span);
  made.needs_runtime = fmt::format(
      "psql neither copies files nor reads a backup back:  mig apply {} --through backup  and then run up.sql again",
      migration.name);
  return made;
}

std::optional<::mig::sql::Step> contract_gate(const ir::Gate& written, const source::Files& files) {
  if (written.after_seconds == 0 && !written.approved && written.when == nullptr) return std::nullopt;
  ::mig::sql::Gate gate;
  std::string title = "contract opens";
  gate.after_seconds = written.after_seconds;
  if (written.after_seconds > 0) title += " after " + words(written.after_seconds);
  if (written.approved) {
    gate.approval = "contract";
    title += " when approved";
  }
  if (written.when != nullptr) {
    gate.condition = one_line(files.text(written.when->span));
    gate.when = ::mig::sql::Probe{question(std::string(files.text(written.when->span)))};
    title += " when " + gate.condition;
  }
  return step(::mig::sql::Phase::contract, std::move(title), std::move(gate), files, written.span);
}

}  // namespace

std::vector<::mig::sql::Step> looks(const ir::Migration& migration, const source::Files& files) {
  std::vector<::mig::sql::Step> out;
  for (const auto* measure_ : migration.measures) out.push_back(measure(migration, *measure_, files));
  if (migration.backup) out.push_back(backup(migration, files));
  for (const auto* point : migration.checkpoints) out.push_back(checkpoint(*point, files));
  for (const auto& expectation : migration.expectations) out.push_back(expect(migration, expectation, files));
  if (auto gate = contract_gate(migration.gate, files)) out.push_back(std::move(*gate));
  return out;
}

}  // namespace mig::plan
