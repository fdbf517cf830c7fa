// Files that last: for their owner alone from the first byte, flushed to the disk, hashed on the way.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mig::runtime::backup {

// Why a backup cannot be made or brought back, and what to do about it.
struct Failed : std::runtime_error {
  std::string next;
  explicit Failed(const std::string& what, std::string then = {}) : std::runtime_error(what), next(std::move(then)) {}
};

struct Sum {
  long long bytes = 0;
  std::string sha256;
};

// A file that is not there yet. All calls throw Failed with the system's reason.
class Out {
 public:
  explicit Out(const std::filesystem::path& path);
  ~Out();
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  void write(std::string_view bytes);
  // Flushes it to the disk; what was written.
  [[nodiscard]] Sum close();

 private:
  struct State;
  State* state_;
};

// Reads a file to its end. Throws Failed.
[[nodiscard]] Sum sum_of(const std::filesystem::path& path);
// Copies a file; its source is read once more afterwards, and must not have changed meanwhile. Throws Failed.
[[nodiscard]] Sum copy_whole(const std::filesystem::path& from, const std::filesystem::path& to);
// Puts this text into a new file. Throws Failed.
Sum write_new(const std::filesystem::path& path, std::string_view text);

// The folder and those above it that are missing, each for its owner alone. Throws Failed.
void make_folder(const std::filesystem::path& path);
// What was made and renamed in the folder is on the disk. Throws Failed.
void sync_folder(const std::filesystem::path& path);
// Gives the new folder its name; it and all in it are on the disk. Throws Failed where the name is taken.
void give_name(const std::filesystem::path& made, const std::filesystem::path& name);

// Bytes that this user may still write where the path is, or will be.
[[nodiscard]] long long room_at(const std::filesystem::path& path);
// "812 MB", as people read it.
[[nodiscard]] std::string size_words(long long bytes);

}  // namespace mig::runtime::backup
