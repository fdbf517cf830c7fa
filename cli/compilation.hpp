// Files of the project through the compiler, for every command that reads .mig.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/basis.hpp"
#include "compiler/compile.hpp"

namespace mig::cli {

// Which migrations a command is about, as its arguments say it.
struct Selection {
  std::vector<std::string> names;  // of migrations
  std::vector<std::string> files;  // as shown (shown_name)
  [[nodiscard]] bool all() const { return names.empty() && files.empty(); }
};

// A word with a slash or the ending .mig is a file, else a migration's name.
[[nodiscard]] Selection select(const Project& project, const std::vector<std::string>& arguments);

// Compiles the folder of migrations, and the selected files where they stand elsewhere.
[[nodiscard]] mig::Output compile_project(const Project& project, const Selection& selection, catalog::Catalog catalog);

// The same for commands that run: where a selected migration and those it comes after are free of errors, errors in
// other files do not stand in the way. Throws Failure(no) after printing the diagnostics on stderr, and Failure(usage)
// for a name that there is no file of.
[[nodiscard]] mig::Output compile_to_run(const Project& project, const Selection& selection,
                                         const catalog::Catalog& catalog, const Output& output);

// Is this migration selected, by its name or its file?
[[nodiscard]] bool selected(const Selection& selection, const std::string& name, const std::string& file);

// "2 errors, 1 warning".
[[nodiscard]] std::string count_line(const diagnostics::Sink& sink);

}  // namespace mig::cli
