// mig check: every error, warning and hazard of the files, against a catalog.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/ci/publish.hpp"
#include "cli/compilation.hpp"
#include "cli/git.hpp"
#include "cli/report.hpp"
#include "cli/text.hpp"
#include "compiler/diagnostics/render.hpp"

namespace mig::cli {

namespace {

constexpr Flag flags[] = {
    {"catalog", "CATALOG",
     "live, a snapshot FILE, or empty; default: live where a target is named, else catalog = of mig.toml"},
    {"pg", "MAJOR", "as for this version of PostgreSQL: 13 to 18"},
    {"fix", nullptr, "write the corrections that are certain into the files"},
    {"changed-since", "REF", "only files that differ from where HEAD left REF, by git"},
    {"deny", "WHAT", "`warnings`: exit 1 when there is one"},
};

// The files of the selected migrations; empty where all are meant.
std::vector<std::string> chosen_files(const mig::Output& compiled, const Selection& selection) {
  auto files = selection.files;
  for (const auto& migration : compiled.program.migrations)
    if (!selection.names.empty() && selected(selection, migration.name, migration.file))
      files.push_back(migration.file);
  return files;
}

// Diagnostics without a place are about the whole project: they are always shown.
std::vector<diagnostics::Diagnostic> wanted(const mig::Output& compiled, const Selection& selection) {
  std::vector<diagnostics::Diagnostic> list;
  const auto files = chosen_files(compiled, selection);
  for (const auto& diagnostic : compiled.diagnostics.list()) {
    const bool placed = diagnostic.primary.has_value();
    const auto name = placed ? compiled.files[diagnostic.primary->span.file].name : "";
    if (selection.all() || !placed || std::find(files.begin(), files.end(), name) != files.end())
      list.push_back(diagnostic);
  }
  return list;
}

void print_text(const std::vector<diagnostics::Diagnostic>& list, const mig::Output& compiled, std::size_t files,
                const std::string& against, const Output& output) {
  auto style = output.style(Stream::answer);
  style.fix_hint = true;
  diagnostics::Sink counted;
  std::string more;
  for (const auto& diagnostic : list) {
    if (more.empty() && diagnostic.code->severity == diagnostics::Severity::error) more = diagnostic.code->id;
    counted.add(diagnostic);
  }
  output.answer(diagnostics::render(list, compiled.files, style) + (list.empty() ? "" : "\n"));
  if (output.quiet()) return;
  output.answer(fmt::format("{} checked against {}: {}\n", plural(static_cast<long long>(files), "file"), against,
                            count_line(counted)));
  if (!more.empty()) output.answer("mig explain " + more + " tells more\n");
}

// The files of the project, each once: what mig made of them carries their names, and modules stand in angle brackets.
std::vector<std::string> files_of(const mig::Output& compiled) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < compiled.files.size(); ++i) {
    const auto& name = compiled.files[i].name;
    if (!name.starts_with("<") && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

// A test case for each file, and one for what has no place.
std::vector<ci::Case> cases_of(const std::vector<Finding>& findings, const mig::Output& compiled,
                               const Selection& selection) {
  std::vector<ci::Case> cases;
  const auto chosen = chosen_files(compiled, selection);
  for (const auto& name : files_of(compiled))
    if (selection.all() || std::find(chosen.begin(), chosen.end(), name) != chosen.end())
      cases.push_back({name, {}, "", false});
  for (const auto& finding : findings) {
    const auto name = finding.file.empty() ? "the project" : finding.file;
    auto found = std::find_if(cases.begin(), cases.end(), [&](const auto& one) { return one.name == name; });
    if (found == cases.end()) found = cases.insert(cases.end(), {name, {}, "", false});
    found->findings.push_back(finding);
  }
  return cases;
}

// With --deny warnings a warning is an error for machines too.
ci::Report report_of(const std::vector<diagnostics::Diagnostic>& list, const mig::Output& compiled,
                     const Selection& selection, bool deny, ci::Report report) {
  report.findings = findings_of(list, compiled.files);
  diagnostics::Sink counted;
  for (const auto& diagnostic : list) counted.add(diagnostic);
  report.summary = count_line(counted);
  for (auto& finding : report.findings)
    if (deny && finding.level == Finding::Level::warning) finding.level = Finding::Level::error;
  ci::sort(report.findings);
  report.cases = cases_of(report.findings, compiled, selection);
  return report;
}

std::size_t file_count(const mig::Output& compiled, const Selection& selection) {
  return selection.all() ? files_of(compiled).size() : selection.files.size() + selection.names.size();
}

// What all files are held against, or a file that is gone: then a change reaches further than the files that changed.
std::optional<std::string> reaches_all(const Project& project, const Invocation& call,
                                       const std::set<std::string>& names) {
  const auto catalog = call.value("catalog");
  for (const auto& name : names) {
    const auto file = project.config.root / name;
    std::error_code ignored;
    const bool gone = file.extension() == ".mig" && !std::filesystem::exists(file, ignored);
    if (name == "mig.toml" || name == "mig.lock" || name == project.config.catalog || gone ||
        (catalog && name == shown_name(project, *catalog)))
      return name;
  }
  return std::nullopt;
}

// The selection of --changed-since: files that changed themselves, or by what they include or use. nullopt: none did.
std::optional<Selection> changed(const Project& project, const Invocation& call, const mig::Output& compiled,
                                 const Output& output) {
  const auto root = std::filesystem::weakly_canonical(project.config.root);
  const auto ref = call.value("changed-since").value_or("");
  std::set<std::string> names;
  for (const auto& path : changed_since(root, ref)) names.insert(path.lexically_relative(root).generic_string());
  if (const auto name = reaches_all(project, call, names)) {
    output.note(*name + " changed since " + ref + ": all files are checked\n");
    return Selection{};
  }
  Selection selection;
  for (const auto& name : files_of(compiled))
    if (names.count(name) != 0) selection.files.push_back(name);
  for (const auto& migration : compiled.program.migrations)
    for (const auto file : migration.files)
      if (names.count(compiled.files[file].name) != 0 && names.count(migration.file) == 0) {
        selection.files.push_back(migration.file);
        break;
      }
  return selection.files.empty() ? std::nullopt : std::optional(selection);
}

// Nothing changed: nothing to hold against anything.
int nothing_changed(const Invocation& call, const Project& project, const Output& output) {
  auto report = ci::begin(call, project);
  report.summary = "no file changed since " + *call.value("changed-since");
  report.cases.push_back({report.summary, {}, "", false});
  if (output.text()) output.answer(report.summary + "\n");
  if (output.machine()) output.object(done, {{"files", 0}, {"diagnostics", nlohmann::ordered_json::array()}});
  return ci::publish(report, call, output);
}

int run(const Invocation& call) {
  const Output output(call);
  const auto deny = call.value("deny");
  if (deny && *deny != "warnings") throw Failure(usage, "`--deny " + *deny + "` is not known").then("--deny warnings");
  const auto project = open_project(call, output);
  auto selection = select(project, call.arguments);
  const auto ref = call.value("changed-since");
  if (ref && !selection.all())
    throw Failure(usage, "`--changed-since` chooses the files: none can be named beside it")
        .then("mig check --changed-since REF");
  const auto basis = choose_basis(call, project, output);
  auto compiled = compile_project(project, selection, basis.catalog);
  if (ref) {
    const auto narrowed = changed(project, call, compiled, output);
    if (!narrowed) return nothing_changed(call, project, output);
    selection = *narrowed;
  }
  if (call.has("fix")) {
    const auto fixed = write_fixes(project, wanted(compiled, selection), compiled.files);
    output.note(fmt::format("{} written\n", plural(fixed, "correction")));
    if (fixed != 0) compiled = compile_project(project, selection, basis.catalog);
  }
  require_sound(basis);
  const auto list = wanted(compiled, selection);
  const auto has = [&](diagnostics::Severity severity) {
    return std::any_of(list.begin(), list.end(), [&](const auto& d) { return d.code->severity == severity; });
  };
  const int exit = has(diagnostics::Severity::error) || (deny && has(diagnostics::Severity::warning)) ? no : done;
  auto report = report_of(list, compiled, selection, deny.has_value(), ci::begin(call, project));
  report.exit = exit;
  if (output.text()) print_text(list, compiled, file_count(compiled, selection), basis.name, output);
  if (!output.machine()) return ci::publish(report, call, output);
  auto found = nlohmann::ordered_json::array();
  for (const auto& diagnostic : list) found.push_back(as_json(diagnostic, compiled.files));
  output.object(exit, {{"files", file_count(compiled, selection)}, {"against", basis.name}, {"diagnostics", found}});
  return ci::publish(report, call, output);
}

}  // namespace

constinit const Command check_command{
    "check",
    "write",
    "check [FILE…]",
    "all errors, warnings and hazards, against a live database or a snapshot",
    "mig check                              all files, against the snapshot of mig.toml\n"
    "mig check --target production          against the live catalog\n"
    "mig check migrations/a.mig --catalog empty\n"
    "mig check --changed-since origin/main  in CI: only the files of this branch\n",
    flags,
    "text json github gitlab sarif markdown junit",
    -1,
    run};

}  // namespace mig::cli
