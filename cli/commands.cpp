// The list of commands.
#include "cli/command.hpp"

namespace mig::cli {

const std::vector<const Command*>& all_commands() {
  static const std::vector<const Command*> list{
#define MIG_COMMAND(name) &name##_command,
#define MIG_PLANNED(name, summary)
#include "cli/commands.def"
#undef MIG_PLANNED
#undef MIG_COMMAND
  };
  return list;
}

const Command* find_command(std::string_view name) {
  for (const auto* command : all_commands())
    if (command->name == name) return command;
  return nullptr;
}

const std::map<std::string, std::string, std::less<>>& planned_commands() {
  static const std::map<std::string, std::string, std::less<>> list{
#define MIG_COMMAND(name)
#define MIG_PLANNED(name, summary) {#name, summary},
#include "cli/commands.def"
#undef MIG_PLANNED
#undef MIG_COMMAND
  };
  return list;
}

}  // namespace mig::cli
