// What is shown beside a line of a file: one shape for annotations, code scanning, merge requests and test reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"

namespace mig::cli {

// Lines and columns count from 1, columns in code points, the end one behind the last; 0: not known.
struct Region {
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
};

struct Finding {
  enum class Level { error, warning, note };
  Level level = Level::error;
  std::string code;                  // "E0207"; a word where there is no code: "pending", "drift"
  std::string message;               // one line
  std::vector<std::string> details;  // more lines: what was found, what to write
  std::string file;                  // as shown to the user, from the project's root; empty: it has no place
  Region region;
  std::optional<std::pair<Region, std::string>> fix;  // replace this by that
};

[[nodiscard]] Finding finding_of(const diagnostics::Diagnostic& diagnostic, const source::Files& files);
[[nodiscard]] std::vector<Finding> findings_of(const std::vector<diagnostics::Diagnostic>& list,
                                               const source::Files& files);

// "error", "warning", "note".
[[nodiscard]] const char* to_string(Finding::Level level);

// The title of a code, of codes.def or of a hazard; of another word, the word.
[[nodiscard]] std::string title_of(const std::string& code);

}  // namespace mig::cli
