// A new folder where temporary files go.
#include "tests/support/scratch.hpp"

#include <cstdlib>
#include <stdexcept>

namespace mig::tests {

Scratch::Scratch() {
  auto name = (std::filesystem::temp_directory_path() / "mig_test_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;  // it is in the system's temporary folder
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace mig::tests
