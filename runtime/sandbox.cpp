// Sharing one server between commands. Each holds users.lock shared for its lifetime; whoever lets go last stops the
// server, unless it is kept. start.lock serialises looking, starting and stopping. Locks die with their process, so a
// killed command blocks nobody, and the next one joins what it left running and stops that at its end.
#include "runtime/sandbox.hpp"

#include <cctype>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "runtime/sandbox_server.hpp"

namespace mig::runtime {

namespace fs = std::filesystem;

struct Sandbox::Impl {
  explicit Impl(const std::string& project)
      : files(sandbox_files(project)), users(files.users_lock), start(files.start_lock) {}
  SandboxFiles files;
  FileLock users, start;
  Programs programs;
  bool started_here = false;
  long start_ms = 0;
};

namespace {

// A URL, since people paste it into other programs: of a path only slashes and plain characters stand for themselves.
std::string url_of(const std::string& socket_directory) {
  std::string host;
  for (const char c : socket_directory) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || std::strchr("/-_.", c) != nullptr;
    constexpr const char* digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      host += c;
    else
      host += {'%', digits[byte / 16], digits[byte % 16]};
  }
  return "postgresql://postgres@/postgres?host=" + host;
}

Target target_of(const SandboxFiles& files) {
  Target target;
  target.name = "sandbox";
  target.conninfo = url_of(files.socket);
  target.origin = "sandbox";
  return target;
}

// The data decides the version: a newer PostgreSQL on the machine must not make yesterday's sandbox unreadable.
Programs programs_for(const SandboxFiles& files, const SandboxOptions& options) {
  const int major = data_major(files);
  if (major == 0) return choose_programs(options.bin, options.major);
  if (options.major != 0 && options.major != major)
    throw std::runtime_error("the sandbox holds data of PostgreSQL " + std::to_string(major) + ", asked for is " +
                             std::to_string(options.major) + "; next: mig sandbox --reset");
  try {
    return choose_programs(options.bin, major);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string(error.what()) + "; the sandbox's data was made by PostgreSQL " +
                             std::to_string(major) + ": mig sandbox --reset begins anew");
  }
}

// A server that another, killed command was just starting answers "starting up" (57P03) or not at all for a moment.
void wait_until_ready(const SandboxFiles& files) {
  using namespace std::chrono_literals;
  for (int tries = 0;; ++tries) {
    try {
      const Session session(target_of(files));
      return;
    } catch (const DatabaseError& error) {
      if (tries == 300) throw std::runtime_error("the sandbox's server does not answer: " + error.message);
    }
    std::this_thread::sleep_for(100ms);
  }
}

void stop_running(const SandboxFiles& files) {
  if (const auto server = running_server(files)) stop_server(files, *server);
  std::error_code error;
  fs::remove(files.kept, error);
}

}  // namespace

Sandbox::Sandbox(const SandboxOptions& options) : impl_(std::make_unique<Impl>(options.project)) {
  const auto begin = std::chrono::steady_clock::now();
  impl_->start.exclusive();
  impl_->users.shared();
  impl_->programs = programs_for(impl_->files, options);
  if (running_server(impl_->files)) {
    wait_until_ready(impl_->files);
  } else {
    if (data_major(impl_->files) == 0) initialise_data(impl_->files, impl_->programs);
    start_server(impl_->files, impl_->programs);
    impl_->started_here = true;
  }
  impl_->start.release();
  const auto took = std::chrono::steady_clock::now() - begin;
  impl_->start_ms = static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

Sandbox::~Sandbox() {
  impl_->start.exclusive();
  impl_->users.release();
  // An upgrade that succeeds says that nobody else holds it; nobody can join while we hold the start lock.
  if (impl_->users.try_exclusive() && !fs::exists(impl_->files.kept)) stop_running(impl_->files);
}

Target Sandbox::target() const { return target_of(impl_->files); }
std::string Sandbox::url() const {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/";
  std::string host;
  for (const char c : impl_->files.socket) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos)
      host += c;
    else
      (host += '%') += {"0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 15U]};
  }
  return "postgresql:///postgres?host=" + host + "&user=postgres";
}
bool Sandbox::started_here() const { return impl_->started_here; }
long Sandbox::start_ms() const { return impl_->start_ms; }
std::string Sandbox::version() const { return impl_->programs.version; }
std::string Sandbox::log_file() const { return impl_->files.log; }
std::string Sandbox::bin() const { return impl_->programs.bin; }

void Sandbox::keep() { std::ofstream(impl_->files.kept) << "until mig sandbox --stop\n"; }

void Sandbox::stop(const SandboxOptions& options) {
  Impl impl(options.project);
  impl.start.exclusive();
  stop_running(impl.files);
}

void Sandbox::reset(const SandboxOptions& options) {
  Impl impl(options.project);
  impl.start.exclusive();
  stop_running(impl.files);
  fs::remove_all(impl.files.data);
}

}  // namespace mig::runtime
