// State directory, socket directory, lock files.
#include "runtime/sandbox_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "compiler/source/hash.hpp"

namespace mig::runtime {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw std::runtime_error("the sandbox cannot " + what + " " + path + ": " + std::strerror(errno));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string base_directory(const Account& account) {
  if (geteuid() == 0) return "/var/lib/mig";
  if (const auto state = environment("XDG_STATE_HOME"); !state.empty() && state[0] == '/') return state + "/mig";
  const auto home = environment("HOME");
  return (home.empty() ? account.home : home) + "/.local/state/mig";
}

// Only ours to enter: the server trusts whoever can reach its socket.
void make_private(const std::string& directory, const Account& account) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) fail("make", directory);
  if (geteuid() == 0 && chown(directory.c_str(), account.uid, account.gid) != 0) fail("hand over", directory);
  struct stat is {};
  if (lstat(directory.c_str(), &is) != 0) fail("look at", directory);
  if (!S_ISDIR(is.st_mode) || is.st_uid != account.uid || (is.st_mode & 077) != 0)
    throw std::runtime_error("the sandbox does not use " + directory + ": it is not a directory of " + account.name +
                             " alone (mode 0700)");
}

// sockaddr_un holds 107 bytes; clients add "/.s.PGSQL.5432.lock" and other tools' limits are lower.
std::string socket_directory(const std::string& state, const std::string& hash, const Account& account) {
  constexpr std::size_t limit = 60;
  if (state.size() < limit) return state;
  const auto runtime = environment("XDG_RUNTIME_DIR");
  auto directory = runtime.empty() || geteuid() == 0 ? std::string() : runtime + "/mig-" + hash.substr(0, 12);
  if (directory.empty() || directory.size() >= limit)
    directory = "/tmp/mig-" + std::to_string(account.uid) + "-" + hash.substr(0, 12);
  make_private(directory, account);
  return directory;
}

}  // namespace

// Not inherited by initdb, pg_ctl and the server, which would hold the lock for us after our end.
FileLock::FileLock(const std::string& file) : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (file_ < 0) fail("open", file);
}

FileLock::~FileLock() { close(file_); }

void FileLock::shared() {
  while (flock(file_, LOCK_SH) != 0 && errno == EINTR) {
  }
}

void FileLock::exclusive() {
  while (flock(file_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

bool FileLock::try_exclusive() { return flock(file_, LOCK_EX | LOCK_NB) == 0; }

void FileLock::release() { flock(file_, LOCK_UN); }

SandboxFiles sandbox_files(const std::string& project) {
  SandboxFiles files;
  files.account = server_account();
  const auto base = base_directory(files.account);
  std::error_code error;
  std::filesystem::create_directories(base, error);
  if (error) throw std::runtime_error("the sandbox cannot make " + base + ": " + error.message());
  const auto hash = source::sha256_hex(project).substr(0, 16);
  files.state = base + "/" + hash;
  make_private(files.state, files.account);
  files.data = files.state + "/data";
  files.log = files.state + "/log";
  files.kept = files.state + "/kept";
  files.users_lock = files.state + "/users.lock";
  files.start_lock = files.state + "/start.lock";
  files.socket = socket_directory(files.state, hash, files.account);
  return files;
}

}  // namespace mig::runtime
