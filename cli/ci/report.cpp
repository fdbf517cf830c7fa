// What all formats have in common.
#include "cli/ci/report.hpp"

#include <algorithm>

namespace mig::cli::ci {

namespace fs = std::filesystem;

void sort(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) { return a.level < b.level; });
}

Report report_of(const Failure& failure, const std::string& command) {
  Report report;
  report.command = command;
  report.exit = failure.exit;
  report.summary = failure.about;
  report.findings = failure.findings;
  if (report.findings.empty()) {
    Finding finding;
    finding.code = failure.code.empty() ? "failed" : failure.code;
    finding.message = failure.about;
    for (const auto& [word, text] :
         {std::pair{"where: ", &failure.where}, {"now: ", &failure.now}, {"next: ", &failure.next}})
      if (!text->empty()) finding.details.push_back(word + *text);
    report.findings.push_back(std::move(finding));
  }
  sort(report.findings);
  report.cases.push_back({"mig " + command, report.findings, "", false});
  return report;
}

std::string repository_prefix(const fs::path& folder) {
  std::error_code ignored;
  const auto start = fs::weakly_canonical(folder, ignored);
  for (auto at = start;; at = at.parent_path()) {
    if (fs::exists(at / ".git", ignored)) {
      const auto way = start.lexically_relative(at).generic_string();
      return way.empty() || way == "." ? "" : way + "/";
    }
    if (at == at.parent_path()) return "";
  }
}

std::string path_of(const Finding& finding, const Report& report) {
  const fs::path file = finding.file.empty() ? report.fallback : finding.file;
  if (file.empty() || file.is_absolute()) return file.generic_string();
  return (fs::path(report.prefix) / file).lexically_normal().generic_string();
}

std::string words_of(const Finding& finding) {
  auto text = finding.message;
  for (const auto& line : finding.details) text += "\n" + line;
  return text;
}

}  // namespace mig::cli::ci
