// What git knows of the project: which files changed. Asked by git's own program; nothing is guessed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mig::cli {

// The files below the repository's root that differ from where HEAD left REF: committed since, staged, changed and
// untracked ones, deleted ones as well. Absolute paths, sorted. Throws Failure(usage): no git, no repository, no such
// REF, nothing in common with it, or a shallow clone, whose history ends before anybody can tell.
[[nodiscard]] std::vector<std::filesystem::path> changed_since(const std::filesystem::path& root,
                                                               const std::string& ref);

}  // namespace mig::cli
