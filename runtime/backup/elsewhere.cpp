// Restoring a dump into a throwaway server: only that shows that it can be done.
#include <fmt/format.h>

#include "runtime/backup/dump.hpp"
#include "runtime/process.hpp"
#include "runtime/programs.hpp"
#include "runtime/sandbox.hpp"

namespace mig::runtime::backup {

using sql::sql;
namespace fs = std::filesystem;

namespace {

// A server of its own, gone with the object.
class Throwaway {
 public:
  explicit Throwaway(SandboxOptions options)
      : options_(std::move(options)), sandbox_(std::make_unique<Sandbox>(options_)) {}
  ~Throwaway() {
    sandbox_.reset();
    try {
      Sandbox::reset(options_);
    } catch (const std::exception&) {  // what is left of it is of no use to anybody, and named as what it is
    }
  }
  Throwaway(const Throwaway&) = delete;
  Throwaway& operator=(const Throwaway&) = delete;
  [[nodiscard]] Target target() const { return sandbox_->target(); }
  [[nodiscard]] std::string version() const { return sandbox_->version(); }

 private:
  SandboxOptions options_;
  std::unique_ptr<Sandbox> sandbox_;
};

bool at_hand(const std::string& bin, int major) {
  try {
    return choose_programs(bin, major).major == major;
  } catch (const std::runtime_error&) {
    return false;
  }
}

long long bytes_of(const std::vector<Table>& tables) {
  long long bytes = 0;
  for (const auto& table : tables) bytes += table.bytes;
  return bytes;
}

// Twice the rows: their WAL is written as well. And what an empty server takes.
bool has_room(const std::vector<Table>& tables) {
  constexpr long long empty_server = 200'000'000;
  return room_at(fs::temp_directory_path()) > 2 * bytes_of(tables) + empty_server;
}

// "pg_restore: error: could not execute query: ERROR:  type "x" does not exist"
std::string first_error(const std::string& output) {
  const auto begin = output.find("ERROR:");
  const auto text = output.substr(begin == std::string::npos ? 0 : begin);
  return text.substr(0, text.find('\n'));
}

std::string compared(Session& session, const std::vector<Table>& tables, const std::map<std::string, long long>& rows,
                     const std::string& version) {
  const auto restored = count_rows(session, tables);
  if (!restored) return {};
  long long sum = 0;
  for (const auto& [table, count] : rows) {
    sum += count;
    const auto found = restored->find(table);
    if (found == restored->end() || found->second != count)
      throw Failed(fmt::format("restored elsewhere, {} has {} rows instead of {}", table,
                               found == restored->end() ? 0 : found->second, count));
  }
  return fmt::format("restored into a sandbox of PostgreSQL {}: {} {}, {} rows as counted", version, rows.size(),
                     rows.size() == 1 ? "table" : "tables", sum);
}

}  // namespace

Elsewhere restore_elsewhere(const Work& work, const BackupOptions& options, const Programs& programs,
                            const fs::path& archive, const std::vector<Table>& tables,
                            const std::map<std::string, long long>& rows) {
  const int major = work.session->server_version() / 10000;
  if (!at_hand(options.sandbox_bin, major)) return {"", fmt::format("no server of PostgreSQL {} is here", major)};
  if (!has_room(tables)) return {"", "the disk has no room for a second copy"};
  try {
    const Throwaway server({fs::absolute(archive).string() + ".read-back", options.sandbox_bin, major});
    Session first(server.target());
    first.run(sql("CREATE DATABASE read_back TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'",
                  ::mig::sql::Literal{work.ask(sql("SHOW server_encoding")).value()}));
    auto variables = first.environment();
    variables["PGDATABASE"] = "read_back";
    const auto ran = run_program(
        {programs.restore, "--no-password", "--no-owner", "--no-privileges", "--dbname=read_back", archive.string()},
        variables, [&work] { return work.asked_to_stop() != 0; });
    // What the dump rests on and does not hold (a type, an extension) is missing there: that says nothing of the dump.
    if (ran.exit != 0) return {"", "a sandbox lacks what it rests on: " + first_error(ran.output)};
    auto target = server.target();
    static constexpr std::string_view first_database = "@/postgres?";  // Sandbox::target is a URL
    if (const auto at = target.conninfo.find(first_database); at != std::string::npos)
      target.conninfo.replace(at, first_database.size(), "@/read_back?");
    Session session(target);
    return {compared(session, tables, rows, server.version()), "a table is missing after it was restored elsewhere"};
  } catch (const Failed&) {
    throw;
  } catch (const std::runtime_error& error) {  // no server came up, or it went away
    return {"", std::string("no sandbox: ") + error.what()};
  }
}

}  // namespace mig::runtime::backup
