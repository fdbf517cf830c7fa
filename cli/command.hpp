// What a command is: a name, a line of help, its flags, a function. One entry per file of commands/.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mig::cli {

// Exit codes are a contract (docs/cli.md).
enum Exit : int {
  done = 0,
  no = 1,
  pending = 2,
  not_yet = 3,
  stopped = 4,
  refused = 5,
  busy = 6,
  no_connection = 7,
  decide = 8,
  usage = 64,
  bug = 70,
  interrupted = 130,
  terminated = 143
};

// A flag's name has one shape in all of mig: always a switch, always with a value, or always with an optional one
// (registry_test): so flags may stand before the command's name.
struct Flag {
  const char* name;   // "through"
  const char* value;  // "PHASE"; "[TARGET]": may be left out, given as --yes=TARGET; null: a switch
  const char* help;
  char letter = 0;  // 'y'
};

struct Command;

// One call of mig, as written: what the flags and the MIG_* variables say. Nothing is looked up yet.
struct Invocation {
  const Command* command = nullptr;
  std::vector<std::string> arguments;                            // positional, after the command's name
  std::multimap<std::string, std::optional<std::string>> flags;  // given on the command line, global ones included
  std::map<std::string, std::string> variables;                  // the process environment

  // Given on the command line, or by its MIG_ variable (global flags only).
  [[nodiscard]] bool has(const std::string& flag) const;
  // Its value from the command line, else from its MIG_ variable; nullopt: neither, or a flag without a value.
  [[nodiscard]] std::optional<std::string> value(const std::string& flag) const;
};

struct Command {
  const char* name;
  const char* group;     // write, run, trust, plumbing
  const char* synopsis;  // "apply [NAME… or plan.json]"
  const char* summary;   // one line
  const char* examples;  // begins the help page: lines of "command   what it does"
  std::span<const Flag> flags;
  const char* formats;  // what it can print: "text json jsonl"
  int most;             // positional arguments; -1: any number
  int (*run)(const Invocation&);
};

#define MIG_COMMAND(name) extern const Command name##_command;
#define MIG_PLANNED(name, summary)
#include "cli/commands.def"
#undef MIG_PLANNED
#undef MIG_COMMAND

// The commands that there are, in the order of commands.def.
[[nodiscard]] const std::vector<const Command*>& all_commands();
// The command of this name, or null.
[[nodiscard]] const Command* find_command(std::string_view name);
// Words of the design that this version refuses by name: name and what it will do.
[[nodiscard]] const std::map<std::string, std::string, std::less<>>& planned_commands();
// Flags that every command takes.
[[nodiscard]] std::span<const Flag> global_flags();

}  // namespace mig::cli
