// Finding PostgreSQL's own programs on this machine.
#pragma once

#include <string>
#include <vector>

namespace mig::runtime {

// A directory that holds initdb, pg_ctl and postgres, all of one version.
struct Programs {
  std::string bin;
  int major = 0;
  std::string version;  // "16.4"
};

// What stands in this directory; major 0: not all three programs.
[[nodiscard]] Programs programs_in(const std::string& bin);

// Where PostgreSQL's programs may be: PATH, pg_config, the usual places; whether they are there or not.
[[nodiscard]] std::vector<std::string> program_directories();

// All that are found, newest first; of equal versions the first in the order PATH, pg_config, the usual places.
[[nodiscard]] std::vector<Programs> find_programs();

// The programs to use: those in `bin` if it is given, else the newest of this major version (0: of any). Throws
// std::runtime_error with what was looked for and the way out.
[[nodiscard]] Programs choose_programs(const std::string& bin, int major);

// The newest of these of this major version (0: of any).
[[nodiscard]] Programs choose_programs(const std::vector<Programs>& found, int major);

}  // namespace mig::runtime
