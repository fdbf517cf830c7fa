// A folder of a test's own, gone with the object.
#pragma once

#include <filesystem>

namespace mig::tests {

class Scratch {
 public:
  Scratch();  // throws std::runtime_error where none can be made
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mig::tests
