// What one call of mig found, as the machines that build and review other people's changes read it. A report is a
// value; each format is a pure function of it, so that the same call prints the same bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/failure.hpp"
#include "cli/finding.hpp"

namespace mig::cli::ci {

// One line of a test report: a file that was checked, a migration that ran.
struct Case {
  std::string name;               // "migrations/a.mig"
  std::vector<Finding> findings;  // it failed where one of them is an error
  std::string output;             // what it says where it did not fail
  bool skipped = false;
};

struct Report {
  std::string command;  // "check"
  int exit = 0;
  std::string summary;            // "2 errors, 0 warnings"
  std::vector<Finding> findings;  // errors first
  std::vector<Case> cases;
  std::string body;      // Markdown, below the table of findings
  std::string prefix;    // from the repository's root to the project's: "services/shop/", or empty
  std::string fallback;  // the file that a finding without a place is about: "mig.toml"
};

// Errors before warnings before notes, else as they were: machines show the first few.
void sort(std::vector<Finding>& findings);

// The failure as a report of one finding, or of those that it carries.
[[nodiscard]] Report report_of(const Failure& failure, const std::string& command);

// The way from the root of the repository (the folder with .git) to this folder, with a `/` at its end; empty where it
// is the root, or where there is none.
[[nodiscard]] std::string repository_prefix(const std::filesystem::path& folder);

// Where a finding is, from the root of the repository.
[[nodiscard]] std::string path_of(const Finding& finding, const Report& report);

// Message and details, one a line.
[[nodiscard]] std::string words_of(const Finding& finding);

// Workflow commands of GitHub Actions: ::error file=…,line=…::message, one a line.
[[nodiscard]] std::string github(const Report& report);
// SARIF 2.1.0, for code scanning.
[[nodiscard]] std::string sarif(const Report& report);
// GitLab's code quality report: a subset of Code Climate's.
[[nodiscard]] std::string gitlab(const Report& report);
// JUnit's XML: a test case for each file or migration.
[[nodiscard]] std::string junit(const Report& report);
// A comment on a pull request; its first line is hidden and names the command, so that the next one can replace it.
[[nodiscard]] std::string markdown(const Report& report);

}  // namespace mig::cli::ci
