// mig doctor: is it safe to begin, what was left behind, and what to type for each.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/confirm.hpp"
#include "cli/due.hpp"
#include "cli/outcome.hpp"
#include "cli/settings.hpp"
#include "cli/text.hpp"
#include "runtime/doctor.hpp"
#include "runtime/introspect.hpp"

namespace mig::cli {

namespace {

using runtime::Finding;
using runtime::Grade;

constexpr Flag flags[] = {
    {"fix", nullptr, "remove what mig's own builds and runs left behind: loses no row, asks first or wants --yes"},
    {"remove-sql", nullptr, "print SQL for psql that removes all that mig made here, and nothing else"},
};

Finding connection_found(const Connection& connection) {
  const auto line = connection.short_line();
  const auto& origin = connection.target().origin;
  const auto shown = connection.choice().target.name.empty() ? line : line + "   from " + origin;
  return {"connection", "ok", Grade::good, shown, {}};
}

// A repeatable runs again when its file changes: its newest run counts.
const runtime::MigrationRow* newest_row(const Story& story, const std::string& name) {
  const auto* newest = story.find(name);
  for (int number = 2; const auto* next = story.find(fmt::format("{}@{}", name, number)); ++number) newest = next;
  return newest;
}

// What ran here against what the files say now. A compilation that knows no journal lists them all; what else it
// complains of is of no interest.
void hold_against_files(const Story& story, const Project& project, catalog::Catalog catalog,
                        std::vector<Finding>& found) {
  if (!story.present) return;
  catalog.migrations.clear();
  const auto compiled = compile_project(project, {}, std::move(catalog));
  bool same = true;
  std::set<std::string> in_files;
  for (const auto& migration : compiled.program.migrations) {
    in_files.insert(migration.name.substr(0, migration.name.find('@')));
    const auto* row = newest_row(story, migration.name);
    if (row == nullptr || row->state == "pending" || row->source_hash == migration.source_hash) continue;
    same = false;
    found.push_back({"journal",
                     "file_changed",
                     Grade::warning,
                     fmt::format("{} is {} by another text than {} has now: the stored plan counts", row->name,
                                 row->state, migration.file),
                     {"git diff " + migration.file + "   or a new migration for what is new in it"}});
  }
  for (const auto& row : story.migrations)
    if (row.state != "pending" && in_files.count(row.name.substr(0, row.name.find('@'))) == 0)
      found.push_back(
          {"journal",
           "no_file",
           Grade::warning,
           fmt::format("{} is {} and has no file here: it goes on and back by its stored plan", row.name, row.state),
           {}});
  if (same)
    found.push_back({"journal",
                     "ok",
                     Grade::good,
                     fmt::format("{}, hashes match the files",
                                 plural(static_cast<long long>(story.migrations.size()), "migration")),
                     {}});
}

void print(const std::vector<Finding>& findings, const Output& output) {
  constexpr std::size_t topic_width = 14;
  for (const auto& finding : findings) {
    const auto sign = finding.grade == Grade::good ? Sign::yes : finding.grade == Grade::bad ? Sign::no : Sign::warning;
    const auto mark = output.sign(sign, Stream::answer);
    output.answer(mark + " " + pad(finding.topic, topic_width) + output.plain(finding.text) + "\n");
    const std::string indent(columns(mark) + 1 + topic_width, ' ');
    for (const auto& line : finding.type)
      output.answer(indent + output.paint(Color::cyan, output.plain(line), Stream::answer) + "\n");
  }
}

std::vector<Said> every_setting(const Invocation& call, const Project& project, const Connection& connection) {
  auto all = own_settings(call, project, connection);
  for (const auto& setting : runtime::server_settings(connection.target()))
    all.push_back({setting.name, setting.value, "server: " + setting.origin});
  return all;
}

void print_settings(const std::vector<Said>& settings, const Output& output) {
  std::vector<std::vector<std::string>> rows{{"setting", "value", "from"}};
  for (const auto& setting : settings) rows.push_back({setting.name, setting.value, setting.origin});
  output.answer("\n" + output.plain(table(rows)));
}

nlohmann::ordered_json as_json(const Finding& finding) {
  return {{"topic", finding.topic},
          {"code", finding.code},
          {"grade", runtime::to_string(finding.grade)},
          {"text", finding.text},
          {"type", finding.type}};
}

int remove_sql(const Connection& connection, const Output& output) {
  const auto script = runtime::removal_script(connection.target());
  if (script.empty()) output.note("nothing of mig's is in this database\n");
  if (output.text())
    output.answer(script);
  else
    output.object(done, {{"target", connection.name()}, {"sql", script}});
  return done;
}

// The schema and what the files make of it. Where somebody holds a lock for long it cannot be read: that is a finding
// too, and the rest is looked at all the same.
struct Files {
  catalog::Catalog catalog;
  std::vector<plan::Plan> pending;
  std::vector<Finding> findings;
};

Files look_at_files(const Project& project, const Connection& connection) {
  Files files;
  try {
    files.catalog = runtime::introspect(connection.target());
  } catch (const runtime::DatabaseError& error) {
    if (error.sqlstate != "55P03") throw;
    files.findings.push_back({"files",
                              "schema_locked",
                              Grade::bad,
                              "the schema cannot be read, somebody holds a lock: what is pending is not known",
                              {}});
    return files;
  }
  // Rights that miss are a finding of their own, each with its GRANT, and not an error in a file.
  auto able = files.catalog;
  able.server.superuser = true;
  auto compiled = compile_project(project, {}, able);
  files.pending = std::move(compiled.plans);
  if (const auto errors = compiled.diagnostics.count(diagnostics::Severity::error); errors != 0)
    files.findings.push_back({"files",
                              "errors",
                              Grade::bad,
                              plural(static_cast<long long>(errors), "error") + " in the files",
                              {"mig check"}});
  return files;
}

std::vector<Finding> examine(const Project& project, const Connection& connection) {
  const auto story = read_story(connection);
  const auto files = look_at_files(project, connection);
  runtime::Background known;
  known.policy = project.config.policy;
  known.pending = files.pending;
  known.project = project.config.root;
  known.throwaway = connection.choice().sandbox;
  const auto seen = runtime::examine(connection.target(), known);
  const auto journal = std::find_if(seen.begin(), seen.end(), [](const auto& one) {
    return one.topic != "server" && one.topic != "direct" && one.topic != "privileges";
  });
  std::vector<Finding> findings{connection_found(connection)};
  findings.insert(findings.end(), seen.begin(), journal);
  hold_against_files(story, project, files.catalog, findings);
  findings.insert(findings.end(), journal, seen.end());
  findings.insert(findings.end(), files.findings.begin(), files.findings.end());
  return findings;
}

// Each statement is shown before anybody says yes, and again when it has run.
std::vector<std::string> fix(const Invocation& call, const Connection& connection, const std::vector<Finding>& findings,
                             const Output& output) {
  std::vector<std::string> wanted, ran;
  for (const auto& finding : findings)
    for (const auto& statement : finding.mend) wanted.push_back(statement.text() + ";");
  if (wanted.empty()) {
    output.note("nothing that mig may remove by itself\n");
    return ran;
  }
  const auto count = plural(static_cast<long long>(wanted.size()), "statement");
  output.note(output.plain("would run " + count + ":\n"));
  for (const auto& statement : wanted) output.note(output.plain("  " + statement + "\n"));
  if (!said_yes(call, connection) && !connection.choice().playground &&
      !ask_yes(call, output, "Run " + count + "?", yes_flag(connection)))
    throw declined();
  const auto outcome = runtime::mend(connection.target(), findings, [&](const runtime::Event& event) {
    ran.push_back(event.fields.at("statement"));
    output.note(output.sign(Sign::yes, Stream::progress) + " " + output.plain(ran.back()) + "\n");
  });
  if (outcome.exit != done) throw failure_of(outcome);
  return ran;
}

int run(const Invocation& call) {
  const Output output(call);
  const auto project = open_project(call, output);
  const Connection connection(call, project, output);
  if (call.has("remove-sql")) return remove_sql(connection, output);
  auto findings = examine(project, connection);
  std::vector<std::string> fixed;
  if (call.has("fix")) {
    connection.require_primary();
    fixed = fix(call, connection, findings, output);
    if (!fixed.empty()) findings = examine(project, connection);
  }
  const bool bad =
      std::any_of(findings.begin(), findings.end(), [](const auto& one) { return one.grade == Grade::bad; });
  const auto settings = output.verbose() ? every_setting(call, project, connection) : std::vector<Said>();
  if (output.text()) {
    print(findings, output);
    if (!settings.empty()) print_settings(settings, output);
    return bad ? no : done;
  }
  auto list = nlohmann::ordered_json::array(), said = nlohmann::ordered_json::array();
  for (const auto& finding : findings) list.push_back(as_json(finding));
  for (const auto& one : settings) said.push_back({{"name", one.name}, {"value", one.value}, {"origin", one.origin}});
  nlohmann::ordered_json json{{"target", connection.name()}, {"findings", list}};
  if (!settings.empty()) json["settings"] = said;
  if (call.has("fix")) json["fixed"] = fixed;
  output.object(bad ? no : done, json);
  return bad ? no : done;
}

}  // namespace

constinit const Command doctor_command{
    "doctor",
    "trust",
    "doctor",
    "connection, rights, leftovers, blockers, settings, backups; what to do about each",
    "mig doctor --target production\n"
    "mig doctor -v                    every setting, and where it was said\n"
    "mig doctor --fix                 drop INVALID remnants of mig's own builds, close runs that only lack their end\n"
    "mig doctor --remove-sql          to take mig out of a database by psql\n",
    flags,
    "text json",
    0,
    run};

}  // namespace mig::cli
