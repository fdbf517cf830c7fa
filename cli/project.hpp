// What every command looks at first: mig.toml, .env, and the files of migrations.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/config.hpp"
#include "cli/environment.hpp"
#include "cli/output.hpp"

namespace mig::cli {

struct Project {
  Config config;
  Environment environment;
};

// Enters -C DIR, finds mig.toml or takes --config FILE, reads .env. Throws Failure(usage).
[[nodiscard]] Project open_project(const Invocation& call, const Output& output);

// A file's bytes; throws Failure(usage) with E0001 and the reason.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
// The same, nullopt where there is no such file.
[[nodiscard]] std::optional<std::string> read_if_there(const std::filesystem::path& path);
// Writes through a temporary file beside it and a rename: never half a file. Makes the folder.
void write_file(const std::filesystem::path& path, const std::string& text);

// How a file is called in frames and plans: relative to the project's root where it lies in it, so that a plan is the
// same from every working directory; else as it was written.
[[nodiscard]] std::string shown_name(const Project& project, const std::filesystem::path& path);

// Name and text of all *.mig directly in the folder of migrations, sorted by name; files in its subfolders are for
// `include` and `use`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> migration_files(const Project& project);

}  // namespace mig::cli
