// docs/operations.md, generated from the registry.
#pragma once

#include <string>

namespace mig::operations {

// The whole page; tests/registry_test.cpp holds the file against it.
[[nodiscard]] std::string operations_page();

}  // namespace mig::operations
