// A report to where it is wanted: stdout in the format asked for, annotations and the step summary where GitHub Actions
// runs mig.
#pragma once

#include "cli/ci/report.hpp"
#include "cli/project.hpp"

namespace mig::cli::ci {

// An empty report of this command about this project.
[[nodiscard]] Report begin(const Invocation& call, const Project& project);

// Prints the report on stdout where --format is one of github, gitlab, sarif, markdown and junit. Besides, whatever the
// format: annotations on stderr where GITHUB_ACTIONS is true, Markdown appended to the file that GITHUB_STEP_SUMMARY
// names. Returns the report's exit code.
int publish(const Report& report, const Invocation& call, const Output& output);

// A failure that ends the command: in words on stderr or as JSON, and published. Returns its exit code.
int fail(const Failure& failure, const Invocation& call, const Output& output);

}  // namespace mig::cli::ci
