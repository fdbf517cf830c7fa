// Workflow commands of GitHub Actions. The runner reads them on stdout and stderr alike.
#include "cli/ci/report.hpp"

namespace mig::cli::ci {

namespace {

// The runner's own escapes: %, CR and LF in a message; : and , as well in a property.
std::string escape(const std::string& text, bool property) {
  std::string safe;
  for (const char c : text) {
    if (c == '%')
      safe += "%25";
    else if (c == '\r')
      safe += "%0D";
    else if (c == '\n')
      safe += "%0A";
    else if (property && c == ':')
      safe += "%3A";
    else if (property && c == ',')
      safe += "%2C";
    else
      safe += c;
  }
  return safe;
}

const char* command_of(Finding::Level level) {
  return level == Finding::Level::error ? "error" : level == Finding::Level::warning ? "warning" : "notice";
}

// GitHub takes columns only where the place lies within one line.
std::string place_of(const Finding& finding, const Report& report) {
  const auto path = path_of(finding, report);
  if (path.empty()) return "";
  auto text = "file=" + escape(path, true) + ",";
  const auto& region = finding.region;
  if (region.line == 0) return text;
  text += "line=" + std::to_string(region.line) + ",";
  if (region.end_line > region.line) return text + "endLine=" + std::to_string(region.end_line) + ",";
  if (region.column == 0) return text;
  text += "col=" + std::to_string(region.column) + ",";
  return region.end_column > region.column ? text + "endColumn=" + std::to_string(region.end_column) + "," : text;
}

}  // namespace

std::string github(const Report& report) {
  std::string text;
  for (const auto& finding : report.findings)
    text += std::string("::") + command_of(finding.level) + " " + place_of(finding, report) +
            "title=" + escape(finding.code, true) + "::" + escape(words_of(finding), false) + "\n";
  return text;
}

}  // namespace mig::cli::ci
