// mig check: every error, warning and hazard of the files, against a catalog.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/compilation.hpp"
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
    {"deny", "WHAT", "`warnings`: exit 1 when there is one"},
};

// Diagnostics without a place are about the whole project: they are always shown.
std::vector<diagnostics::Diagnostic> wanted(const mig::Output& compiled, const Selection& selection) {
  std::vector<diagnostics::Diagnostic> list;
  std::vector<std::string> files = selection.files;
  for (const auto& migration : compiled.program.migrations)
    if (!selection.names.empty() && selected(selection, migration.name, migration.file))
      files.push_back(migration.file);
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

std::size_t file_count(const mig::Output& compiled, const Selection& selection) {
  return selection.all() ? compiled.files.size() : selection.files.size() + selection.names.size();
}

int run(const Invocation& call) {
  const Output output(call);
  const auto deny = call.value("deny");
  if (deny && *deny != "warnings") throw Failure(usage, "`--deny " + *deny + "` is not known").then("--deny warnings");
  const auto project = open_project(call, output);
  const auto selection = select(project, call.arguments);
  const auto basis = choose_basis(call, project, output);
  auto compiled = compile_project(project, selection, basis.catalog);
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
  if (output.text()) {
    print_text(list, compiled, file_count(compiled, selection), basis.name, output);
    return exit;
  }
  auto found = nlohmann::ordered_json::array();
  for (const auto& diagnostic : list) found.push_back(as_json(diagnostic, compiled.files));
  output.object(exit, {{"files", file_count(compiled, selection)}, {"against", basis.name}, {"diagnostics", found}});
  return exit;
}

}  // namespace

constinit const Command check_command{
    "check",
    "write",
    "check [FILE…]",
    "all errors, warnings and hazards, against a live database or a snapshot",
    "mig check                              all files, against the snapshot of mig.toml\n"
    "mig check --target production          against the live catalog\n"
    "mig check migrations/a.mig --catalog empty\n",
    flags,
    "text json",
    -1,
    run};

}  // namespace mig::cli
