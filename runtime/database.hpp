// Sessions with PostgreSQL by libpq: one statement per message, every error with its fields.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sql/sql.hpp"

namespace mig::runtime {

// What the server or the connection said. `sqlstate` is empty when there was no answer (connection lost): then whether
// the last statement happened is not known.
struct DatabaseError : std::runtime_error {
  std::string sqlstate, message, detail, hint, schema, table, column, constraint, context;
  int position = 0;  // 1-based character in the statement, 0: none
  explicit DatabaseError(const std::string& what) : std::runtime_error(what) {}
  // 57P01 to 57P05 and the timeouts that end a session: the server says goodbye, then the connection is gone.
  [[nodiscard]] bool connection_lost() const {
    return sqlstate.empty() || sqlstate.substr(0, 2) == "08" || sqlstate.substr(0, 3) == "57P" || sqlstate == "25P03" ||
           sqlstate == "25P04";
  }
  // A person or a service manager ended this session on purpose: nothing goes on without being asked.
  [[nodiscard]] bool ended_by_admin() const { return sqlstate == "57P01"; }
};

// Rows as text; a null is nullopt.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::string command_tag;
  // The only value of a one-row one-column answer; throws std::logic_error otherwise.
  [[nodiscard]] const std::string& value() const;
  [[nodiscard]] bool truth() const { return value() == "t"; }
};

// Where to connect: a conninfo string or URI for libpq, and how it is shown (never with a password).
struct Target {
  std::string name;      // "production", "sandbox", "" when given by URL
  std::string conninfo;  // secret
  std::string origin;    // "--url", "DATABASE_URL", "mig.toml [target.dev]"
  bool protected_ = false;
};

class Session {
 public:
  // Connects and sets application_name = 'mig', client_encoding = UTF8. Throws DatabaseError.
  explicit Session(const Target& target);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One simple-protocol message with one statement. Throws DatabaseError.
  Rows run(const sql::Fragment& statement);
  // The same; `waiting` is called every 50 ms until the answer is there, with the milliseconds so far (it may
  // cancel()).
  Rows run(const sql::Fragment& statement, const std::function<void(long)>& waiting);
  // Lets the server parse one statement without running it (the extended protocol's Parse): a command that is no query
  // is not looked at beyond its syntax. Throws DatabaseError: 42601 where the syntax is wrong.
  void parse(const sql::Fragment& statement);
  // Asks the server to cancel what runs (from a signal handler's thread); safe at any time.
  void cancel() const;
  [[nodiscard]] int backend_pid() const;
  [[nodiscard]] bool alive() const;
  [[nodiscard]] bool in_transaction() const;
  // user@host:port/database as connected; no password.
  [[nodiscard]] std::string display() const;
  [[nodiscard]] int server_version() const;
  // COPY … TO STDOUT: hands on what comes, piece by piece, and returns the number of rows. Throws DatabaseError.
  long long copy_out(const sql::Fragment& statement, const std::function<void(std::string_view)>& take);
  // This connection as libpq's variables (PGHOST …), PGPASSWORD among them: for PostgreSQL's own programs. Secret.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace mig::runtime
