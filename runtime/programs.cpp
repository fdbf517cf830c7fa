// PATH, pg_config, and the places where the distributions put them.
#include "runtime/programs.hpp"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "runtime/process.hpp"

namespace mig::runtime {

namespace {

// Debian, PGDG's RPMs, Alpine, source builds, Homebrew, Postgres.app.
constexpr const char* usual_places[] = {"/usr/lib/postgresql/*/bin",
                                        "/usr/pgsql-*/bin",
                                        "/usr/libexec/postgresql*",
                                        "/usr/local/pgsql/bin",
                                        "/opt/homebrew/opt/postgresql*/bin",
                                        "/usr/local/opt/postgresql*/bin",
                                        "/Applications/Postgres.app/Contents/Versions/*/bin"};

std::vector<std::string> path_directories() {
  const char* path = std::getenv("PATH");
  std::istringstream list(path != nullptr ? path : "");
  std::vector<std::string> directories;
  for (std::string directory; std::getline(list, directory, ':');)
    if (!directory.empty()) directories.push_back(directory);
  return directories;
}

std::vector<std::string> glob_directories(const char* pattern) {
  glob_t found{};
  std::vector<std::string> directories;
  if (glob(pattern, 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) directories.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return directories;
}

bool executable(const std::string& file) { return access(file.c_str(), X_OK) == 0; }

std::string looked() {
  return "(looked in PATH, pg_config, /usr/lib/postgresql/*/bin); install postgresql, or mig apply --url …";
}

}  // namespace

std::vector<std::string> program_directories() {
  auto directories = path_directories();
  auto said = run_program({"pg_config", "--bindir"});
  if (said.exit == 0) directories.push_back(said.output.substr(0, said.output.find('\n')));
  for (const char* place : usual_places)
    for (auto& directory : glob_directories(place)) directories.push_back(std::move(directory));
  return directories;
}

Programs programs_in(const std::string& bin) {
  Programs programs{bin, 0, {}};
  for (const char* name : {"initdb", "pg_ctl", "postgres"})
    if (!executable(bin + "/" + name)) return programs;
  const auto said = run_program({bin + "/postgres", "--version"}).output;  // postgres (PostgreSQL) 16.4 (Debian …)
  const auto begin = said.find_first_of("0123456789");
  if (begin == std::string::npos) return programs;
  programs.version = said.substr(begin, said.find_first_not_of("0123456789.", begin) - begin);
  programs.major = std::atoi(programs.version.c_str());
  return programs;
}

std::vector<Programs> find_programs() {
  std::vector<Programs> found;
  for (const auto& directory : program_directories())
    if (auto programs = programs_in(directory); programs.major != 0) found.push_back(std::move(programs));
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.major > b.major; });
  return found;
}

Programs choose_programs(const std::string& bin, int major) {
  if (!bin.empty()) {
    auto programs = programs_in(bin);
    if (programs.major == 0) throw std::runtime_error("no initdb, pg_ctl and postgres in " + bin);
    if (major != 0 && programs.major != major)
      throw std::runtime_error("PostgreSQL " + programs.version + " is in " + bin + ", asked for is " +
                               std::to_string(major));
    return programs;
  }
  return choose_programs(find_programs(), major);
}

Programs choose_programs(const std::vector<Programs>& found, int major) {
  if (found.empty()) throw std::runtime_error("no initdb found " + looked());
  for (const auto& programs : found)
    if (major == 0 || programs.major == major) return programs;
  throw std::runtime_error("no initdb of PostgreSQL " + std::to_string(major) + " found " + looked() + "; found is " +
                           found.front().version + " in " + found.front().bin);
}

}  // namespace mig::runtime
