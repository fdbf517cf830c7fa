// GitLab's code quality report: an array of issues, each with a path, a line and a fingerprint of its own.
#include <map>
#include <nlohmann/json.hpp>

#include "cli/ci/report.hpp"
#include "compiler/source/hash.hpp"

namespace mig::cli::ci {

namespace {

const char* severity_of(Finding::Level level) {
  return level == Finding::Level::error ? "major" : level == Finding::Level::warning ? "minor" : "info";
}

}  // namespace

std::string gitlab(const Report& report) {
  auto issues = nlohmann::ordered_json::array();
  std::map<std::string, int> seen;
  for (const auto& finding : report.findings) {
    const auto path = path_of(finding, report);
    // Without the line: an issue stays the same one when lines are added above it. Equal ones are told apart by number.
    auto identity = finding.code + '\n' + path + '\n' + finding.message;
    if (const auto again = seen[identity]++; again != 0) identity += '\n' + std::to_string(again);
    issues.push_back({{"description", words_of(finding)},
                      {"check_name", finding.code},
                      {"fingerprint", source::sha256_hex(identity)},
                      {"severity", severity_of(finding.level)},
                      {"location", {{"path", path}, {"lines", {{"begin", std::max(1U, finding.region.line)}}}}}});
  }
  return issues.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace mig::cli::ci
