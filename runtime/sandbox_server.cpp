// initdb into a directory of its own and rename: a killed initdb leaves nothing that looks like data.
#include "runtime/sandbox_server.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace mig::runtime {

namespace fs = std::filesystem;

namespace {

std::string last_lines(const std::string& file, std::size_t bytes) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const auto all = text.str();
  return all.size() <= bytes ? all : all.substr(all.find('\n', all.size() - bytes) + 1);
}

// The server's working directory is its data directory (PostgreSQL's ChangeToDataDir). Where the system does not tell
// working directories, a living process counts as the server.
bool works_in(pid_t process, const std::string& data) {
  std::error_code error;
  const auto directory = fs::read_symlink("/proc/" + std::to_string(process) + "/cwd", error);
  if (error) return !fs::exists("/proc/self/cwd");
  return directory == fs::weakly_canonical(data, error);
}

// A killed command may have left an initdb behind, even one that still writes: each has its own directory.
void remove_unfinished(const SandboxFiles& files) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(files.state, error))
    if (entry.path().filename().string().rfind("new-", 0) == 0) fs::remove_all(entry.path(), error);
}

void configure(const std::string& data) {
  std::ofstream out(data + "/postgresql.conf", std::ios::app);
  // Durability off: the sandbox is made again in a second, and a start or a database costs a tenth.
  out << "\n# mig sandbox\nlisten_addresses = ''\nunix_socket_permissions = 0700\nfsync = off\nfull_page_writes = off\n"
      << "synchronous_commit = off\nshared_buffers = 64MB\nlog_statement = 'all'\nlog_line_prefix = '%m [%p] %d '\n"
      << "timezone = 'UTC'\nlog_timezone = 'UTC'\n";
}

}  // namespace

std::optional<pid_t> running_server(const SandboxFiles& files) {
  const auto file = files.data + "/postmaster.pid";
  std::ifstream in(file);
  pid_t process = 0;
  if (!(in >> process) || process <= 0) return std::nullopt;
  if ((kill(process, 0) == 0 || errno == EPERM) && works_in(process, files.data)) return process;
  std::error_code error;
  fs::remove(file, error);
  return std::nullopt;
}

int data_major(const SandboxFiles& files) {
  std::ifstream in(files.data + "/PG_VERSION");
  int major = 0;
  in >> major;
  return major;
}

void initialise_data(const SandboxFiles& files, const Programs& programs) {
  remove_unfinished(files);
  const auto work = files.state + "/new-" + std::to_string(getpid());
  const auto ran = run_program(
      {programs.bin + "/initdb", "-D", work, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
      files.account, files.state);
  if (ran.exit != 0)
    throw std::runtime_error("initdb of PostgreSQL " + programs.version + " (" + programs.bin + ") failed as user " +
                             files.account.name + ":\n" + ran.output);
  configure(work);
  fs::rename(work, files.data);
}

void start_server(const SandboxFiles& files, const Programs& programs) {
  std::error_code error;
  // Left by a killed server; PostgreSQL would refuse while any process has the number in it. The directory is ours.
  for (const char* name : {"/.s.PGSQL.5432", "/.s.PGSQL.5432.lock"}) fs::remove(files.socket + name, error);
  fs::rename(files.log, files.log + ".1", error);
  const auto ran = run_program({programs.bin + "/pg_ctl", "-D", files.data, "-l", files.log, "-o",
                                "-k '" + files.socket + "' -p 5432", "-w", "-t", "60", "-s", "start"},
                               files.account, files.state);
  if (ran.exit != 0)
    throw std::runtime_error("the sandbox's server did not start; " + files.log + " ends with:\n" +
                             last_lines(files.log, 1000) + ran.output + "next: mig sandbox --reset");
}

void stop_server(const SandboxFiles& files, pid_t server) {
  using namespace std::chrono_literals;
  kill(server, SIGINT);  // pg_ctl -m fast
  for (int tries = 0; tries < 600 && kill(server, 0) == 0 && works_in(server, files.data); ++tries) {
    if (tries == 400) kill(server, SIGQUIT);  // -m immediate, after 20 s
    std::this_thread::sleep_for(tries < 20 ? 5ms : 50ms);
  }
}

}  // namespace mig::runtime
