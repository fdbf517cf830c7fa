// Compiling a project's files.
#include "cli/compilation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/lock_file.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "compiler/diagnostics/render.hpp"
#include "compiler/ir/names.hpp"

namespace mig::cli {

namespace fs = std::filesystem;

namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

Files all_files(const Project& project, const Selection& selection) {
  auto files = migration_files(project);
  for (const auto& name : selection.files) {
    const bool known = std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.first == name; });
    const auto inside = project.config.root / name;
    if (!known) files.emplace_back(name, read_file(fs::exists(inside) ? inside : fs::path(name)));
  }
  return files;
}

mig::Output compile_these(const Project& project, Files files, catalog::Catalog catalog, bool all_files) {
  Input input;
  input.files = std::move(files);
  input.catalog = std::move(catalog);
  input.policy = project.config.policy;
  input.read = [root = project.config.root](const std::string& path) { return read_if_there(root / path); };
  input.environment = [&environment = project.environment](const std::string& name) -> std::optional<std::string> {
    const auto variable = environment.get(name);
    return variable ? std::optional(variable->value) : std::nullopt;
  };
  auto compiled = compile(std::move(input));
  hold_lock(project, compiled, all_files);
  return compiled;
}

// The files of the selected migrations and of all that they come after.
std::set<std::string> closure(const ir::Program& program, const Selection& selection) {
  std::set<std::string> names, files(selection.files.begin(), selection.files.end());
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& migration : program.migrations) {
      if (names.count(migration.name) != 0) continue;
      const bool wanted = selected(selection, migration.name, migration.file) || files.count(migration.file) != 0;
      const bool needed = std::any_of(program.migrations.begin(), program.migrations.end(), [&](const auto& other) {
        const auto names_it = [&](const auto& list) {
          return std::find(list.begin(), list.end(), migration.name) != list.end();
        };
        return names.count(other.name) != 0 && (names_it(other.after) || names_it(other.after_done));
      });
      if (!wanted && !needed) continue;
      names.insert(migration.name);
      files.insert(migration.file);
      grown = true;
    }
  }
  return files;
}

void require_known(const mig::Output& compiled, const Selection& selection) {
  std::vector<std::string> known;
  for (const auto& migration : compiled.program.migrations) {
    known.push_back(migration.name);
    if (const auto run = ir::as_run(migration.name)) known.push_back(run->repeatable);
  }
  for (const auto& name : selection.names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Failure(usage, fmt::format("no migration `{}`{}", name, did_you_mean(name, known)))
          .at("the files")
          .state("nothing was done")
          .then("mig status");
}

}  // namespace

Selection select(const Project& project, const std::vector<std::string>& arguments) {
  Selection selection;
  for (const auto& word : arguments)
    if (word.find('/') != std::string::npos || fs::path(word).extension() == ".mig")
      selection.files.push_back(shown_name(project, word));
    else
      selection.names.push_back(word);
  return selection;
}

bool selected(const Selection& selection, const std::string& name, const std::string& file) {
  const auto holds = [](const auto& list, const auto& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  const auto run = ir::as_run(name);  // a repeatable may be named without the number of its run
  return selection.all() || holds(selection.names, name) || (run && holds(selection.names, run->repeatable)) ||
         holds(selection.files, file);
}

mig::Output compile_project(const Project& project, const Selection& selection, catalog::Catalog catalog) {
  return compile_these(project, all_files(project, selection), std::move(catalog), true);
}

namespace {

// The files are right and the role is not: no privilege, as where the server says so.
bool only_rights_missing(const diagnostics::Sink& sink) {
  return std::all_of(sink.list().begin(), sink.list().end(), [](const diagnostics::Diagnostic& diagnostic) {
    return diagnostic.code->severity != diagnostics::Severity::error || diagnostic.code == &diagnostics::no_permission;
  });
}

}  // namespace

mig::Output compile_to_run(const Project& project, const Selection& selection, const catalog::Catalog& catalog,
                           const Output& output) {
  auto files = all_files(project, selection);
  auto compiled = compile_these(project, files, catalog, true);
  if (!selection.all() && compiled.diagnostics.has_errors()) {
    const auto needed = closure(compiled.program, selection);
    std::erase_if(files, [&](const auto& file) { return needed.count(file.first) == 0; });
    compiled = compile_these(project, files, catalog, false);
  }
  if (compiled.diagnostics.has_errors()) {
    write_all(2,
              diagnostics::render(compiled.diagnostics.list(), compiled.files, output.style(Stream::progress)) + "\n");
    const bool rights = only_rights_missing(compiled.diagnostics);
    auto failure =
        Failure(rights ? no_connection : no,
                "the files have " +
                    plural(static_cast<long long>(compiled.diagnostics.count(diagnostics::Severity::error)), "error"));
    failure.findings = findings_of(compiled.diagnostics.list(), compiled.files);
    throw failure.state("nothing was done").then(rights ? "the GRANT above, then the same command" : "mig check");
  }
  require_known(compiled, selection);
  return compiled;
}

std::string count_line(const diagnostics::Sink& sink) {
  return plural(static_cast<long long>(sink.count(diagnostics::Severity::error)), "error") + ", " +
         plural(static_cast<long long>(sink.count(diagnostics::Severity::warning)), "warning");
}

}  // namespace mig::cli
