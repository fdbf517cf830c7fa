// The list of commands.
#include "cli/command.hpp"

namespace mig::cli {

#define MIG_COMMAND(name) extern const Command name##_command;
#include "cli/commands.def"
#undef MIG_COMMAND

const std::vector<const Command*>& all_commands() {
  static const std::vector<const Command*> list{
#define MIG_COMMAND(name) &name##_command,
#include "cli/commands.def"
#undef MIG_COMMAND
  };
  return list;
}

}  // namespace mig::cli
