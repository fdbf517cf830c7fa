// initdb once per version into a cached directory, then copies of it: a server is there in 0.2 s.
#include "tests/support/server.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

namespace mig::tests {

namespace fs = std::filesystem;

namespace {

// In memory where there is plenty of it: the tests copy databases all the time. A unix socket's path has at most 107
// bytes, so a long TMPDIR is not used.
std::string temporary() {
  const char* given = std::getenv("TMPDIR");
  if (given != nullptr && *given != '\0' && std::strlen(given) <= 60) return given;
  struct statvfs space {};
  constexpr unsigned long long plenty = 2ULL << 30;  // bytes
  const bool memory = access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &space) == 0 &&
                      static_cast<unsigned long long>(space.f_bavail) * space.f_frsize >= plenty;
  return memory ? "/dev/shm" : "/tmp";
}

runtime::Ran checked(const std::vector<std::string>& arguments, const runtime::Account& account,
                     const std::string& directory) {
  auto ran = runtime::run_program(arguments, account, directory);
  if (ran.exit != 0) throw std::runtime_error(arguments[0] + " failed:\n" + ran.output);
  return ran;
}

void own(const std::string& path, const runtime::Account& account) {
  if (geteuid() == 0 && chown(path.c_str(), account.uid, account.gid) != 0) throw std::runtime_error("chown " + path);
}

int version_of(const std::string& bin) {
  const auto said = runtime::run_program({bin + "/postgres", "--version"}).output;  // postgres (PostgreSQL) 15.4 (…)
  const auto digit = said.find_first_of("0123456789");
  if (digit == std::string::npos) throw std::runtime_error("no PostgreSQL programs in " + bin);
  return std::stoi(said.substr(digit));
}

// The initdb'ed directory of these programs: made under a lock, put in place by rename.
std::string initialised(const std::string& bin, const runtime::Account& account) {
  const auto cache = temporary() + "/mig-tests-" + std::to_string(geteuid());
  fs::create_directories(cache);
  fs::permissions(cache, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  const auto key =
      std::to_string(std::hash<std::string>{}(bin + runtime::run_program({bin + "/postgres", "-V"}).output));
  const auto place = cache + "/" + key;
  const int lock = open((cache + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  flock(lock, LOCK_EX);
  if (!fs::exists(place)) {
    const auto work = place + ".work";
    fs::remove_all(work);
    fs::create_directory(work);
    own(work, account);
    checked({bin + "/initdb", "-D", work + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
             "--no-sync"},
            account, work);
    fs::rename(work, place);
  }
  close(lock);
  return place + "/data";
}

void configure(const std::string& directory, const ServerOptions& options) {
  std::ofstream out(directory + "/data/postgresql.conf", std::ios::app);
  out << "listen_addresses = ''\nunix_socket_directories = '" << directory << "'\n"
      << "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\njit = off\nshared_buffers = "
         "32MB\n"
      << "max_connections = 90\nlog_statement = '" << options.log_statement << "'\nlog_line_prefix = '@%d|%p|%a@ '\n";
  for (const auto& line : options.settings) out << line << "\n";
}

// Outlives us, however we end: `read` returns when the last writer of its stdin is gone.
pid_t start_reaper(const std::string& directory, int& hold) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    dup2(ends[0], STDIN_FILENO);
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    const char* script =
        "read end; pid=$(head -n 1 \"$0/data/postmaster.pid\") && kill -QUIT $pid && "
        "for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 $pid || break; sleep 0.1; done; "
        "cd / && rm -rf \"$0\"";
    execl("/bin/sh", "sh", "-c", script, directory.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[0]);
  hold = ends[1];
  return child;
}

std::vector<std::string> installed() {
  std::vector<std::pair<int, std::string>> found;
  std::error_code none;
  for (const char* base : {"/usr/lib/postgresql", "/usr/pgsql"})
    for (const auto& entry : fs::directory_iterator(base, none))
      if (fs::exists(entry.path() / "bin/initdb"))
        found.emplace_back(std::atoi(entry.path().filename().c_str()), (entry.path() / "bin").string());
  std::sort(found.rbegin(), found.rend());
  if (!found.empty()) return {found.front().second};
  auto ran = runtime::run_program({"pg_config", "--bindir"});
  if (ran.exit != 0)
    throw std::runtime_error("tests need PostgreSQL's programs: set MIG_TEST_SERVERS=/usr/lib/postgresql/15");
  ran.output.erase(ran.output.find_last_not_of('\n') + 1);
  return {ran.output};
}

}  // namespace

std::vector<std::string> all_servers() {
  const char* given = std::getenv("MIG_TEST_SERVERS");
  if (given == nullptr || *given == '\0') return installed();
  std::vector<std::string> bins;
  std::istringstream list(given);
  for (std::string directory; std::getline(list, directory, ':');)
    if (!directory.empty()) bins.push_back(directory + "/bin");
  return bins;
}

Server::Server(ServerOptions options) : options_(std::move(options)), account_(runtime::server_account()) {
  if (options_.bin.empty()) options_.bin = all_servers().front();
  major_ = version_of(options_.bin);
  const auto from = initialised(options_.bin, account_);
  auto name = temporary() + "/migt-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory " + name);
  directory_ = name;
  own(directory_, account_);
  reaper_pid_ = start_reaper(directory_, reaper_);
  if (runtime::run_program({"cp", "-a", from, directory_ + "/data"}).exit != 0)
    throw std::runtime_error("cp -a " + from);
  configure(directory_, options_);
  start();
}

Server::~Server() {
  close(reaper_);
  int status = 0;
  waitpid(reaper_pid_, &status, 0);
}

void Server::start() {
  checked({options_.bin + "/pg_ctl", "-D", directory_ + "/data", "-l", directory_ + "/log", "-w", "-t", "60", "-s",
           "start"},
          account_, directory_);
}

void Server::stop(const std::string& mode) {
  checked({options_.bin + "/pg_ctl", "-D", directory_ + "/data", "-m", mode, "-w", "-s", "stop"}, account_, directory_);
}

runtime::Target Server::target(const std::string& database, const std::string& role) const {
  runtime::Target target;
  target.name = "test";
  target.origin = "tests/support/server.hpp";
  target.conninfo = "host=" + directory_ + " user=" + role + " dbname=" + database;
  return target;
}

runtime::Rows Server::run(const std::string& statement) const { return tests::run(target("postgres"), statement); }

runtime::Target Server::database(std::string_view script) {
  auto from = std::string("template1");
  if (!script.empty()) {
    auto& made = templates_[std::string(script)];
    if (made.empty()) {
      auto name = "template_" + std::to_string(templates_.size());
      run("create database " + name);
      tests::run(target(name), std::string(script));
      made = name;
    }
    from = made;
  }
  const auto name = "test_" + std::to_string(++databases_);
  run("create database " + name + " template " + from);
  return target(name);
}

runtime::Target Server::copy(const runtime::Target& database) {
  const auto from = tests::run(database, "select current_database()").value();
  const auto name = "test_" + std::to_string(++databases_);
  run("create database " + name + " template " + from);
  return target(name);
}

void Server::drop(const runtime::Target& database) const {
  const auto name = tests::run(database, "select current_database()").value();
  (void)run("drop database " + name + " with (force)");
}

std::string Server::log(std::size_t from) const {
  std::ifstream in(directory_ + "/log", std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A statement of several lines continues with a tab at the start of each; the server adds it.
std::vector<std::string> Server::logged_statements(std::size_t from, const std::string& database) const {
  std::vector<std::string> statements;
  std::istringstream lines(log(from));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && !line.empty() && line[0] == '\t') {
      statements.back() += "\n" + line.substr(1);
      continue;
    }
    const std::string marker = "LOG:  statement: ";
    const auto at = line.find(marker);
    inside = at != std::string::npos && line.rfind("@" + database + "|", 0) == 0;
    if (inside) statements.push_back(line.substr(at + marker.size()));
  }
  return statements;
}

Server& server() {
  static Server common;
  return common;
}

runtime::Rows run(const runtime::Target& target, const std::string& statement) {
  return runtime::Session(target).run(sql::verbatim(statement));
}

runtime::Ran psql(const runtime::Target& target, const std::vector<std::string>& arguments) {
  const auto beside = all_servers().front() + "/psql";
  std::vector<std::string> all = {
      fs::exists(beside) ? beside : "psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", target.conninfo};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return runtime::run_program(all);
}

}  // namespace mig::tests
