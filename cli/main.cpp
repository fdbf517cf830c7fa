// The program: options, dispatch, exit codes.
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/ci/publish.hpp"
#include "cli/command.hpp"
#include "cli/connection.hpp"
#include "cli/failure.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"

namespace {

using namespace mig::cli;

int dispatch(const Invocation& call) {
  const Output output(call);
  if (call.flags.count("version") != 0) {
    output.answer(std::string("mig ") + version() + "\n");
    return done;
  }
  if (call.flags.count("help") != 0) {
    output.answer(output.plain(call.command != nullptr ? help_page(*call.command) : help_overview()));
    return done;
  }
  if (call.command == nullptr) {
    write_all(STDERR_FILENO, output.plain(help_overview()));
    return usage;
  }
  try {
    return call.command->run(call);
  } catch (const Failure& failure) {
    return ci::fail(failure, call, output);
  } catch (const mig::runtime::DatabaseError& error) {
    return ci::fail(database_failure(error), call, output);
  }
}

// What a call that does not read wanted its failure to be printed as.
void find_format(const std::vector<std::string>& words, Invocation& bare) {
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const std::string format : {"json", "jsonl", "github", "gitlab", "sarif", "markdown", "junit"})
      if (words[i] == "--format=" + format ||
          (words[i] == "--format" && i + 1 < words.size() && words[i + 1] == format))
        bare.flags.emplace("format", format);
}

int report_bug(const std::string& what) {
  write_all(STDERR_FILENO, std::string("bug in mig ") + version() + ": " + what +
                               "\n  please report this line with the command you typed\n");
  return bug;
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away (mig apply | head) must not end a migration: write() reports it instead.
  signal(SIGPIPE, SIG_IGN);
  try {
    Invocation bare;
    bare.variables = process_variables();
    const std::vector<std::string> words(argv + 1, argv + argc);
    find_format(words, bare);
    try {
      return dispatch(parse_options(words, bare.variables));
    } catch (const Failure& failure) {
      return ci::fail(failure, bare, Output(bare));
    }
  } catch (const std::exception& error) {
    return report_bug(error.what());
  } catch (...) {
    return report_bug("an exception of no known kind");
  }
}
