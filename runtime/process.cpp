// fork, drop privileges, exec: no shell in between, so no quoting.
#include "runtime/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace mig::runtime {

namespace {

Account account_of(const passwd& entry) { return {entry.pw_uid, entry.pw_gid, entry.pw_name, entry.pw_dir}; }

using Variables = std::map<std::string, std::string>;

// Only async-signal-safe calls and setenv between fork and exec: the process may have threads.
[[noreturn]] void become(const std::vector<std::string>& arguments, const Account* account,
                         const std::string& directory, const Variables* variables, int output) {
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (account != nullptr && geteuid() == 0) {
    if (initgroups(account->name.c_str(), account->gid) != 0 || setgid(account->gid) != 0 || setuid(account->uid) != 0)
      _exit(126);
    setenv("HOME", directory.c_str(), 1);
  }
  if (!directory.empty() && chdir(directory.c_str()) != 0) _exit(126);
  setenv("LC_ALL", "C", 1);
  // PGDATA and friends of the caller's environment must not lead initdb or pg_ctl elsewhere.
  for (const char* name : {"PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "PGSERVICE"})
    unsetenv(name);
  if (variables != nullptr) {
    umask(077);
    for (const auto& [name, value] : *variables) setenv(name.c_str(), value.c_str(), 1);
  }
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

// What the child writes until its end; where somebody may stop it, that is asked while nothing comes.
std::string read_all(int from, pid_t child, const std::function<bool()>* stop) {
  std::string text;
  char buffer[4096];
  for (;;) {
    pollfd end{from, POLLIN, 0};
    if (stop != nullptr && poll(&end, 1, 100) == 0) {
      if ((*stop)()) kill(child, SIGTERM);
      continue;
    }
    const auto got = read(from, buffer, sizeof buffer);
    if (got > 0)
      text.append(buffer, static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
      return text;
  }
}

Ran run(const std::vector<std::string>& arguments, const Account* account, const std::string& directory,
        const Variables* variables, const std::function<bool()>* stop) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) become(arguments, account, directory, variables, ends[1]);
  close(ends[1]);
  Ran ran;
  ran.output = read_all(ends[0], child, stop);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

}  // namespace

Account server_account() {
  if (geteuid() != 0) {
    const auto* self = getpwuid(geteuid());
    return self != nullptr ? account_of(*self) : Account{geteuid(), getegid(), "", ""};
  }
  for (const char* name : {"postgres", "nobody"})
    if (const auto* entry = getpwnam(name)) return account_of(*entry);
  throw std::runtime_error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
}

Ran run_program(const std::vector<std::string>& arguments, const Account& account, const std::string& directory) {
  return run(arguments, &account, directory, nullptr, nullptr);
}

Ran run_program(const std::vector<std::string>& arguments) { return run(arguments, nullptr, {}, nullptr, nullptr); }

Ran run_program(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& variables,
                const std::function<bool()>& stop) {
  return run(arguments, nullptr, {}, &variables, &stop);
}

}  // namespace mig::runtime
