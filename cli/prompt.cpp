// Questions on stderr, answers from the terminal.
#include "cli/prompt.hpp"

#include <unistd.h>

#include "cli/interrupt.hpp"

namespace mig::cli {

namespace {

// Not by std::cin: it takes no notice of a signal and would wait for the line all the same.
std::string read_line() {
  std::string line;
  for (char c = 0; interrupts() == 0 && read(STDIN_FILENO, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

std::string read_answer(const Invocation& call, const std::string& question, const std::string& sign,
                        const std::string& flag) {
  if (!can_ask(call))
    throw Failure(decide, "a person must answer, and nobody can be asked here: " + question)
        .state("nothing was done")
        .then("needs " + flag);
  write_all(STDERR_FILENO, question + sign);
  const auto line = read_line();
  if (interrupts() > 0) throw Failure(interrupt_exit(), "interrupted at the question").state("nothing was done");
  const auto first = line.find_first_not_of(" \t\r");
  const auto last = line.find_last_not_of(" \t\r");
  return first == std::string::npos ? "" : line.substr(first, last - first + 1);
}

}  // namespace

bool can_ask(const Invocation& call) {
  const auto ci = call.variables.find("CI");
  const bool in_ci = ci != call.variables.end() && !ci->second.empty() && ci->second != "false" && ci->second != "0";
  return !in_ci && !call.has("no-input") && isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
}

bool ask_yes(const Invocation& call, const Output& output, const std::string& question, const std::string& flag) {
  const auto answer = read_answer(call, output.plain(question), " [y/N] ", flag);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

bool ask_word(const Invocation& call, const Output& output, const std::string& question, const std::string& word,
              const std::string& flag) {
  return read_answer(call, output.plain(question), " ", flag) == word;
}

}  // namespace mig::cli
