// Files of a project.
#include "cli/project.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "cli/failure.hpp"

namespace mig::cli {

namespace fs = std::filesystem;

namespace {

// As a person in this directory would write it.
std::string nearby(const fs::path& path) {
  const auto relative = path.is_absolute() ? path.lexically_relative(fs::current_path()) : path;
  return (relative.empty() || *relative.begin() == ".." ? path : relative).string();
}

Failure unreadable(const fs::path& path, const std::string& why) {
  auto failure = Failure(usage, fmt::format("cannot read {}: {}", nearby(path), why));
  failure.at(nearby(path)).then("name a file that is there");
  failure.code = "E0001";
  return failure;
}

Failure unwritable(const fs::path& path, const std::string& why) {
  return Failure(usage, fmt::format("cannot write {}: {}", path.string(), why)).state("nothing was written there");
}

// Writes all of it to `target`, or removes what was begun and complains about `path`.
void put(const fs::path& target, const std::string& text, const fs::path& path) {
  errno = 0;
  std::ofstream stream(target, std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return;
  const auto why = std::string(std::strerror(errno != 0 ? errno : EIO));
  std::error_code ignored;
  if (target != path) fs::remove(target, ignored);
  throw unwritable(path, why);
}

void enter_directory(const Invocation& call) {
  const auto directory = call.value("directory");
  if (directory && chdir(directory->c_str()) != 0)
    throw Failure(usage, fmt::format("cannot enter {}: {}", *directory, std::strerror(errno))).at("-C");
}

Config open_config(const Invocation& call) {
  const auto start = fs::current_path();
  if (const auto given = call.value("config"))
    return read_config(read_file(*given), *given, fs::absolute(*given).parent_path());
  const auto found = find_config(start);
  if (found) return read_config(read_file(*found), found->lexically_relative(start).string(), found->parent_path());
  Config none;
  none.root = start;
  return none;
}

// libpq reads its variables itself, and only from the environment.
void hand_to_libpq(const EnvFile& file) {
  for (const auto& [name, value] : file.values)
    if (name.rfind("PG", 0) == 0) setenv(name.c_str(), value.c_str(), 0);
}

Environment open_environment(const Invocation& call, const fs::path& root, const Output& output) {
  const auto named = call.variables.find("MIG_ENV_FILE");
  const bool given = named != call.variables.end();
  if (given && named->second.empty()) return {call.variables, {}, ""};
  const auto name = given ? named->second : std::string(".env");
  const auto text = given ? read_file(name) : read_if_there(root / ".env");
  if (!text) return {call.variables, {}, name};
  auto file = read_env_file(*text);
  for (const auto line : file.unread) output.note(fmt::format("warning: {}:{}: not KEY=VALUE, not read\n", name, line));
  hand_to_libpq(file);
  return {call.variables, std::move(file), name};
}

}  // namespace

Project open_project(const Invocation& call, const Output& output) {
  enter_directory(call);
  auto config = open_config(call);
  auto environment = open_environment(call, config.root, output);
  return {std::move(config), std::move(environment)};
}

std::string read_file(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) throw unreadable(path, "it is a directory");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream || stream.bad()) throw unreadable(path, std::strerror(errno != 0 ? errno : EIO));
  return text;
}

std::optional<std::string> read_if_there(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  return read_file(path);
}

void write_file(const fs::path& named, const std::string& text) {
  std::error_code error;
  // A link stays a link; a pipe or /dev/stdout is written to, not replaced.
  const auto path = fs::exists(named, error) ? fs::canonical(named, error) : named;
  const bool replace = !fs::exists(path, error) || fs::is_regular_file(path, error);
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) throw unwritable(path, error.message());
  auto target = path;
  if (replace) target += fmt::format(".{}.part", getpid());
  put(target, text, path);
  if (!replace) return;
  // The new file has the old one's permissions: a formatter must not change who may read a file.
  if (const auto old = fs::status(path, error); fs::is_regular_file(old))
    fs::permissions(target, old.permissions(), error);
  fs::rename(target, path, error);
  if (!error) return;
  const auto why = error.message();
  fs::remove(target, error);
  throw unwritable(path, why);
}

std::string shown_name(const Project& project, const fs::path& path) {
  const auto relative =
      fs::absolute(path).lexically_normal().lexically_relative(project.config.root.lexically_normal());
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return (inside ? relative : path.lexically_normal()).generic_string();
}

std::vector<std::pair<std::string, std::string>> migration_files(const Project& project) {
  const auto folder = project.config.root / project.config.migrations;
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".mig") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& path : paths) files.emplace_back(shown_name(project, path), read_file(path));
  return files;
}

}  // namespace mig::cli
