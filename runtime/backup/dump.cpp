// Finding and running pg_dump and pg_restore. The connection goes by libpq's variables: no password is ever an
// argument.
#include "runtime/backup/dump.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/process.hpp"
#include "runtime/programs.hpp"

namespace mig::runtime::backup {

namespace fs = std::filesystem;

namespace {

bool executable(const fs::path& file) { return access(file.c_str(), X_OK) == 0; }

// Debian's wrapper in /usr/bin takes the version of a local cluster, which may be another than that of the server.
bool is_wrapper(const fs::path& file) {
  std::error_code error;
  return fs::canonical(file, error).filename() == "pg_wrapper";
}

Programs programs_at(const fs::path& dump) {
  Programs found;
  const auto restore = dump.parent_path() / "pg_restore";
  if (!executable(dump) || !executable(restore) || is_wrapper(dump)) return found;
  const auto said = run_program({dump.string(), "--version"}).output;  // pg_dump (PostgreSQL) 16.4 (Debian …)
  const auto begin = said.find_first_of("0123456789");
  if (begin == std::string::npos) return found;
  found.dump = dump.string();
  found.restore = restore.string();
  found.version = said.substr(begin, said.find_first_not_of("0123456789.", begin) - begin);
  found.major = std::atoi(found.version.c_str());
  return found;
}

std::string last_line(const std::string& output) {
  const auto end = output.find_last_not_of("\n ");
  if (end == std::string::npos) return "no word why";
  const auto begin = output.find_last_of('\n', end);
  return output.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

std::function<bool()> asks_to_stop(const Work& work) {
  return [&work] { return work.asked_to_stop() != 0; };
}

void run_or_fail(const Work& work, const std::vector<std::string>& arguments,
                 const std::map<std::string, std::string>& variables, const char* what) {
  const auto ran = run_program(arguments, variables, asks_to_stop(work));
  if (ran.exit != 0)
    throw Failed(
        fmt::format("{} {}: {}", fs::path(arguments.front()).filename().string(), what, last_line(ran.output)));
}

// Only where a shell would take the word apart.
std::string shell_word(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string address(const Work& work, const char* database_flag, const std::string& suffix) {
  auto variables = work.session->environment();
  return fmt::format("--host={} --port={} --username={} {}{}", shell_word(variables["PGHOST"]),
                     shell_word(variables["PGPORT"]), shell_word(variables["PGUSER"]), database_flag,
                     shell_word(variables["PGDATABASE"] + suffix));
}

}  // namespace

Programs find_dump(const std::string& wanted, int server_major) {
  Programs best, newest;
  if (wanted == "none") return best;
  std::vector<fs::path> places;
  if (!wanted.empty())
    places = {wanted};
  else
    for (const auto& directory : program_directories()) places.push_back(fs::path(directory) / "pg_dump");
  for (const auto& place : places) {
    const auto found = programs_at(place);
    if (found.major > newest.major) newest = found;
    if (found.major >= server_major && (best.major == 0 || found.major < best.major)) best = found;
  }
  if (best.major == 0) best.version = newest.version;
  return best;
}

Entry dump(Work& work, const Programs& programs, const std::string& snapshot, const std::vector<Table>& tables,
           const fs::path& folder) {
  Entry entry;
  entry.kind = "dump";
  entry.path = tables.empty() ? "database.dump" : "tables.dump";
  std::vector<std::string> arguments{programs.dump, "--format=custom", "--no-password", "--snapshot=" + snapshot,
                                     "--file=" + (folder / entry.path).string()};
  for (const auto& table : tables) {
    // In double quotes a name is taken as it is; a quote in it is written twice.
    const auto quoted = [](const std::string& name) {
      std::string out = "\"";
      for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
      return out + "\"";
    };
    arguments.push_back("--table=" + quoted(table.name.schema) + "." + quoted(table.name.name));
  }
  run_or_fail(work, arguments, work.session->environment(), "did not dump");
  // pg_dump has flushed it; others may not have been kept out by an odd umask of its own.
  fs::permissions(folder / entry.path, fs::perms::owner_read | fs::perms::owner_write);
  entry.sum = sum_of(folder / entry.path);
  return entry;
}

std::string read_back(const Work& work, const BackupOptions& options, const Programs& programs, const fs::path& archive,
                      const std::vector<Table>& tables, const std::map<std::string, long long>& rows) {
  run_or_fail(work, {programs.restore, "--list", archive.string()}, {}, "cannot list what was dumped");
  run_or_fail(work, {programs.restore, "--file=/dev/null", archive.string()}, {}, "cannot read what was dumped");
  if (!options.restore) return "read to its end";
  const auto elsewhere = restore_elsewhere(work, options, programs, archive, tables, rows);
  return elsewhere.said.empty() ? "read to its end, not restored: " + elsewhere.why : elsewhere.said;
}

std::string restore_command(const Work& work, bool database, const std::string& archive) {
  if (!database)
    return "pg_restore --clean --if-exists --single-transaction " + address(work, "--dbname=", "") + " " +
           shell_word(archive);
  return "createdb " + address(work, "", "_restored") + " && pg_restore --exit-on-error " +
         address(work, "--dbname=", "_restored") + " " + shell_word(archive);
}

std::string own_restore_command(const Work& work, const std::string& folder) {
  return "cd " + shell_word(folder) + " && psql -X -v ON_ERROR_STOP=1 " + address(work, "--dbname=", "") +
         " -f restore.sql";
}

}  // namespace mig::runtime::backup
