// Where a project's sandbox lives on disk, and the locks by which several commands share it.
#pragma once

#include <string>

#include "runtime/process.hpp"

namespace mig::runtime {

// flock() on a file: gone with the process, however it ends.
class FileLock {
 public:
  explicit FileLock(const std::string& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  void shared();
  void exclusive();
  [[nodiscard]] bool try_exclusive();
  void release();

 private:
  int file_ = -1;
};

struct SandboxFiles {
  Account account;    // owns the data
  std::string state;  // directory of everything below
  std::string data, log, kept, users_lock, start_lock;
  std::string socket;  // directory of the socket, fewer than 60 characters
};

// Makes the directories where they are missing. Throws std::runtime_error with the path and the cause.
[[nodiscard]] SandboxFiles sandbox_files(const std::string& project);

}  // namespace mig::runtime
