// A throwaway PostgreSQL for tests: private directory, unix socket only, gone when the test program ends or dies.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database.hpp"
#include "runtime/process.hpp"

namespace mig::tests {

struct ServerOptions {
  std::string bin;                    // directory with initdb, pg_ctl, postgres; empty: the first of all_servers()
  std::string log_statement = "all";  // none, ddl, mod, all
  std::vector<std::string> settings;  // further lines of postgresql.conf
};

// Directories with the programs of one version each: MIG_TEST_SERVERS=dir:dir (directories that contain bin/), else the
// newest PostgreSQL installed on this machine.
[[nodiscard]] std::vector<std::string> all_servers();

class Server {
 public:
  explicit Server(ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // A fresh database with what the script makes (one message, so one transaction; made once and then copied).
  [[nodiscard]] runtime::Target database(std::string_view script = {});
  // A copy of a database that nobody is connected to.
  [[nodiscard]] runtime::Target copy(const runtime::Target& database);
  // Drops what database() made: thousands of copies would fill the disk.
  void drop(const runtime::Target& database) const;
  // This database as this role, over the unix socket.
  [[nodiscard]] runtime::Target target(const std::string& database, const std::string& role = "postgres") const;
  // Statements of the superuser in database `postgres`, one message.
  runtime::Rows run(const std::string& statement) const;

  void stop(const std::string& mode = "immediate");  // pg_ctl -m: smart, fast, immediate
  void start();
  // What the server wrote, from this byte on (log().size() before a test gives the mark).
  [[nodiscard]] std::string log(std::size_t from = 0) const;
  // The texts of logged statements from this byte on, in order, without prefixes.
  [[nodiscard]] std::vector<std::string> logged_statements(std::size_t from, const std::string& database) const;
  [[nodiscard]] int major() const { return major_; }
  [[nodiscard]] const std::string& directory() const { return directory_; }  // holds data/, log and the socket
  [[nodiscard]] const std::string& bin() const { return options_.bin; }

 private:
  ServerOptions options_;
  runtime::Account account_;
  std::string directory_;
  int major_ = 0;
  int reaper_ = -1;  // closing it (also by our death) makes the reaper stop the server and remove the directory
  pid_t reaper_pid_ = 0;
  int databases_ = 0;
  std::map<std::string, std::string> templates_;  // script -> database
};

// The test program's common server, started at first use.
[[nodiscard]] Server& server();

// Statements by libpq in this database, one message; errors throw.
runtime::Rows run(const runtime::Target& target, const std::string& statement);

// psql -X -v ON_ERROR_STOP=1 with these further arguments.
[[nodiscard]] runtime::Ran psql(const runtime::Target& target, const std::vector<std::string>& arguments);

}  // namespace mig::tests
