// The files that a backup copies.
#pragma once

#include "runtime/backup/manifest.hpp"

namespace mig::runtime::backup {

// Regular files that the patterns name, relative to the project, sorted, each once. Throws Failed where a pattern names
// none, or a file cannot be copied as it is: a SQLite database with a journal beside it is whole only with that.
[[nodiscard]] std::vector<std::string> files_of(const std::vector<std::string>& patterns,
                                                const std::filesystem::path& project);
[[nodiscard]] long long bytes_of(const std::vector<std::string>& files, const std::filesystem::path& project);

// Copies one into the backup's folder. Throws Failed.
[[nodiscard]] Entry copy_file(const std::string& file, const std::filesystem::path& project,
                              const std::filesystem::path& folder);

}  // namespace mig::runtime::backup
