// Running the server's own programs (initdb, pg_ctl): as which user, where, and what they said.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mig::runtime {

// A user of the operating system.
struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name, home;
};

// Whom a server started by us runs as: ourselves, but PostgreSQL refuses root: then `postgres`, else `nobody`.
[[nodiscard]] Account server_account();

// How a program ended and what it printed (stdout and stderr together). 127: it could not be started.
struct Ran {
  int exit = 0;
  std::string output;
};

// Runs a program to its end with an empty stdin, LC_ALL=C and, when we are root, as `account`.
[[nodiscard]] Ran run_program(const std::vector<std::string>& arguments, const Account& account,
                              const std::string& directory);

// As ourselves, in the present directory, with these variables beside our own; what it writes is for us alone (0600).
// `stop` is asked every 100 ms: true ends the program by SIGTERM.
[[nodiscard]] Ran run_program(const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& variables, const std::function<bool()>& stop);

// The same as ourselves, in the present directory.
[[nodiscard]] Ran run_program(const std::vector<std::string>& arguments);

}  // namespace mig::runtime
