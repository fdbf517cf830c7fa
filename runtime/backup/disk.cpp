// open, write, fsync, rename: what the standard library's streams do not promise.
#include "runtime/backup/disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "compiler/source/hash.hpp"

namespace mig::runtime::backup {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* verb, const fs::path& path) {
  const int reason = errno;
  throw Failed(fmt::format("cannot {} {}: {}", verb, path.string(), std::strerror(reason)));
}

// Closed at the end of its block.
struct Handle {
  int number = -1;
  ~Handle() {
    if (number >= 0) ::close(number);
  }
};

template <class Take>
void read_all(const fs::path& path, const Take& take) {
  const Handle file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) fail("read", path);
  std::array<char, 256 * 1024> buffer{};
  for (;;) {
    const auto got = ::read(file.number, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path);
    if (got == 0) return;
    take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  }
}

fs::path nearest_existing(fs::path path) {
  std::error_code error;
  path = fs::absolute(path, error);
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  return path;
}

}  // namespace

struct Out::State {
  fs::path path;
  int file = -1;
  long long bytes = 0;
  source::Sha256 hash;
};

Out::Out(const fs::path& path) : state_(new State{path, -1, 0, {}}) {
  state_->file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (state_->file >= 0) return;
  const int reason = errno;
  delete state_;
  errno = reason;
  fail("make", path);
}

Out::~Out() {
  if (state_->file >= 0) ::close(state_->file);
  delete state_;
}

void Out::write(std::string_view bytes) {
  state_->hash.add(bytes);
  state_->bytes += static_cast<long long>(bytes.size());
  while (!bytes.empty()) {
    const auto put = ::write(state_->file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write", state_->path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

Sum Out::close() {
  if (::fsync(state_->file) != 0) fail("flush", state_->path);
  const int file = state_->file;
  state_->file = -1;
  if (::close(file) != 0) fail("close", state_->path);
  return {state_->bytes, state_->hash.hex()};
}

Sum sum_of(const fs::path& path) {
  Sum sum;
  source::Sha256 hash;
  read_all(path, [&](std::string_view bytes) {
    hash.add(bytes);
    sum.bytes += static_cast<long long>(bytes.size());
  });
  sum.sha256 = hash.hex();
  return sum;
}

Sum copy_whole(const fs::path& from, const fs::path& to) {
  Out out(to);
  read_all(from, [&](std::string_view bytes) { out.write(bytes); });
  auto copied = out.close();
  const auto now = sum_of(from);
  if (now.sha256 != copied.sha256)
    throw Failed(from.string() + " was changed while it was copied", "stop what writes to it");
  return copied;
}

Sum write_new(const fs::path& path, std::string_view text) {
  Out out(path);
  out.write(text);
  return out.close();
}

void make_folder(const fs::path& path) {
  if (path.empty() || fs::is_directory(path)) return;
  make_folder(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("make", path);
}

void sync_folder(const fs::path& path) {
  const auto shown = path.empty() ? fs::path(".") : path;
  const Handle folder{::open(shown.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.number < 0 || ::fsync(folder.number) != 0) fail("flush", shown);
}

void give_name(const fs::path& made, const fs::path& name) {
  for (const auto& entry : fs::recursive_directory_iterator(made))
    if (entry.is_directory()) sync_folder(entry.path());
  sync_folder(made);
  if (fs::exists(name)) throw Failed(name.string() + " is there already", "write {timestamp} into `to`");
  if (::rename(made.c_str(), name.c_str()) != 0) fail("make", name);
  sync_folder(name.parent_path());
}

long long room_at(const fs::path& path) {
  struct statvfs disk {};
  const auto place = nearest_existing(path);
  if (::statvfs(place.c_str(), &disk) != 0) fail("look at", place);
  return static_cast<long long>(disk.f_bavail) * static_cast<long long>(disk.f_frsize);
}

std::string size_words(long long bytes) {
  constexpr std::array<const char*, 5> units{"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 || value >= 100 ? fmt::format("{:.0f} {}", value, units[unit])
                                   : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace mig::runtime::backup
