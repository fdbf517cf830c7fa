// mig help [TOPIC].
#include "cli/help.hpp"

#include "cli/output.hpp"

namespace mig::cli {

namespace {

int run(const Invocation& call) {
  const Output output(call);
  if (call.arguments.empty())
    output.answer(output.plain(help_overview()));
  else if (const auto* command = find_command(call.arguments[0]))
    output.answer(output.plain(help_page(*command)));
  else
    output.answer(output.plain(help_topic(call.arguments[0])));
  return done;
}

}  // namespace

constinit const Command help_command{"help",
                                     "plumbing",
                                     "help [TOPIC]",
                                     "a command's page, or: flags, targets, environment, exit-codes, templates",
                                     "mig help apply\nmig help targets\n",
                                     {},
                                     "text",
                                     1,
                                     run};

}  // namespace mig::cli
