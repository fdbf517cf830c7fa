// What a command is: a name, a line of help, its flags, a function. One entry per file of commands/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mig::cli {

// Exit codes are a contract (docs/cli.md).
enum Exit : int {
  done = 0, no = 1, pending = 2, not_yet = 3, stopped = 4, refused = 5, busy = 6, no_connection = 7, decide = 8,
  usage = 64, bug = 70, interrupted = 130, terminated = 143
};

struct Flag {
  const char* name;    // "through"
  const char* value;   // "PHASE"; null: a switch
  const char* help;
  char letter = 0;     // 'y'
};

struct Invocation {
  std::vector<std::string> arguments;                           // positional
  std::multimap<std::string, std::optional<std::string>> flags;  // given, global ones included
  [[nodiscard]] bool has(const std::string& flag) const { return flags.count(flag) != 0; }
  [[nodiscard]] std::optional<std::string> value(const std::string& flag) const;
};

struct Command {
  const char* name;
  const char* group;     // write, run, trust, plumbing
  const char* synopsis;  // "apply [NAME… or plan.json]"
  const char* summary;   // one line
  const char* examples;  // begins the help page
  std::vector<Flag> flags;
  int (*run)(const Invocation&);
};

[[nodiscard]] const std::vector<const Command*>& all_commands();

}  // namespace mig::cli
