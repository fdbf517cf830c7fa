// forkpty: the child's terminal is ours to read and to write.
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace mig::tests {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Program::Program(const std::string& path, const std::vector<std::string>& arguments, const std::string& directory,
                 const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const char* path_variable = std::getenv("PATH");
  variables.push_back(std::string("PATH=") + (path_variable != nullptr ? path_variable : ""));
  auto argv = pointers(words);
  auto envp = pointers(variables);
  winsize size{};
  size.ws_row = 40;
  size.ws_col = 200;
  child_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (child_ < 0) throw std::runtime_error("no terminal for " + path);
  if (child_ == 0) {
    if (chdir(directory.c_str()) == 0) execve(path.c_str(), argv.data(), envp.data());
    _exit(127);
  }
}

Program::~Program() {
  if (child_ > 0) {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  if (terminal_ >= 0) close(terminal_);
}

// False when nothing more will come.
bool Program::read_some(double seconds) {
  pollfd waiting{terminal_, POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(seconds * 1000)) <= 0) return true;
  char buffer[4096];
  const auto count = read(terminal_, buffer, sizeof buffer);
  if (count <= 0) return false;  // EIO: the other side is closed
  for (const char* c = buffer; c != buffer + count; ++c)
    if (*c != '\r') out_ += *c;
  return true;
}

bool Program::shows(const std::string& text, double seconds) {
  const auto start = Clock::now();
  bool open = true;
  while (out_.find(text) == std::string::npos) {
    if (!open || since(start) > seconds) return false;
    open = read_some(0.05);
  }
  return true;
}

void Program::type(const std::string& text) {
  if (write(terminal_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error("the terminal takes nothing");
}

void Program::signal(int number) { kill(child_, number); }

Ended Program::wait(double seconds) {
  const auto start = Clock::now();
  int status = 0;
  bool open = true;
  for (;;) {
    if (open) open = read_some(0.02);
    if (!open) usleep(5000);
    const auto done = waitpid(child_, &status, WNOHANG);
    if (done == child_) break;
    if (since(start) > seconds) kill(child_, SIGKILL);
  }
  while (open && poll(nullptr, 0, 0) == 0) {
    const auto before = out_.size();
    open = read_some(0);
    if (out_.size() == before) break;
  }
  child_ = -1;
  Ended ended;
  ended.out = out_;
  if (WIFEXITED(status)) ended.exit = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

}  // namespace mig::tests
