// Where reports go.
#include "cli/ci/publish.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace mig::cli::ci {

namespace {

// GitHub refuses a step's summary of more than 1 MiB whole.
constexpr std::size_t summary_limit = 1'000'000;

std::string variable(const Invocation& call, const std::string& name) {
  const auto found = call.variables.find(name);
  return found == call.variables.end() ? "" : found->second;
}

std::string document(const Report& report, Format format) {
  switch (format) {
    case Format::github:
      return github(report);
    case Format::gitlab:
      return gitlab(report);
    case Format::sarif:
      return sarif(report);
    case Format::markdown:
      return markdown(report);
    case Format::junit:
      return junit(report);
    case Format::text:
    case Format::json:
    case Format::jsonl:
    case Format::sql:
      return "";
  }
  return "";
}

std::string cut(std::string text) {
  if (text.size() <= summary_limit) return text;
  text.resize(text.rfind('\n', summary_limit) + 1);
  return text + "\n… cut here: the summary of a step holds 1 MiB\n";
}

// The summary is for people who look later: that it cannot be written must not turn a good run into a bad one.
void append_summary(const Report& report, const Invocation& call, const Output& output) {
  const auto path = variable(call, "GITHUB_STEP_SUMMARY");
  if (path.empty()) return;
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << cut(markdown(report)) << "\n";
  file.close();
  if (!file)
    output.warning("the step summary " + path + " cannot be written: " + std::strerror(errno != 0 ? errno : EIO));
}

// Findings without a place are about the project: a document of CI wants a file for each.
void set_place(Report& report, const std::filesystem::path& root, const std::string& config) {
  report.prefix = repository_prefix(root);
  report.fallback = config.empty() ? "mig.toml" : std::filesystem::path(config).filename().string();
}

}  // namespace

Report begin(const Invocation& call, const Project& project) {
  Report report;
  report.command = call.command->name;
  set_place(report, project.config.root, project.config.file);
  return report;
}

int publish(const Report& report, const Invocation& call, const Output& output) {
  output.answer(document(report, output.format()));
  if (variable(call, "GITHUB_ACTIONS") == "true" && output.format() != Format::github)
    write_all(STDERR_FILENO, github(report));
  append_summary(report, call, output);
  return report.exit;
}

int fail(const Failure& failure, const Invocation& call, const Output& output) {
  output.failure(failure);
  auto report = report_of(failure, call.command == nullptr ? "" : call.command->name);
  const auto here = std::filesystem::current_path();
  const auto config = find_config(here);
  set_place(report, config ? config->parent_path() : here, "");
  return publish(report, call, output);
}

}  // namespace mig::cli::ci
