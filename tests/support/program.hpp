// A program that runs beside the test: on a terminal of its own, watched, answered and signalled.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace mig::tests {

// What became of it.
struct Ended {
  int exit = -1;    // exit code; -1: a signal ended it
  int signal = 0;   // that signal
  std::string out;  // everything that stood on its terminal, "\r\n" as "\n"
};

class Program {
 public:
  // Starts the program in `directory` with exactly this environment (and PATH); stdin, stdout and stderr are a
  // terminal.
  Program(const std::string& path, const std::vector<std::string>& arguments, const std::string& directory,
          const std::map<std::string, std::string>& environment);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Waits until the terminal shows this text; false after `seconds`, or when the program ended without it.
  [[nodiscard]] bool shows(const std::string& text, double seconds = 20);
  void type(const std::string& text);  // a line wants its "\n"
  void signal(int number);
  // Waits for its end; after `seconds` it is killed.
  [[nodiscard]] Ended wait(double seconds = 60);

 private:
  bool read_some(double seconds);
  pid_t child_ = -1;
  int terminal_ = -1;
  std::string out_;
};

}  // namespace mig::tests
