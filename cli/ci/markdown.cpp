// Markdown for a comment on a pull request and for the summary of a step.
#include "cli/ci/report.hpp"
#include "compiler/diagnostics/width.hpp"

namespace mig::cli::ci {

namespace {

// A cell of a table: nothing in it that Markdown or HTML would obey, line ends as <br>.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\n')
      safe += "<br>";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (std::string_view("|*_[]\\`#@~").find(c) != std::string_view::npos)
      safe += {'\\', c};
    else
      safe += c;
  }
  return safe;
}

std::string words(const Finding& finding) {
  auto text = cell(diagnostics::printable(finding.message));
  for (const auto& line : finding.details) text += "<br>" + cell(diagnostics::printable(line));
  return text;
}

std::string place(const Finding& finding, const Report& report) {
  const auto path = path_of(finding, report);
  if (path.empty()) return "";
  return cell(path) + (finding.region.line == 0 ? "" : ":" + std::to_string(finding.region.line));
}

}  // namespace

std::string markdown(const Report& report) {
  auto text = "<!-- mig " + report.command +
              (report.prefix.empty() ? "" : " " + cell(diagnostics::printable(report.prefix))) + " -->\n### mig " +
              report.command + ": " + cell(diagnostics::printable(report.summary)) + "\n";
  if (!report.findings.empty()) {
    text += "\n| | place | what |\n|---|---|---|\n";
    for (const auto& finding : report.findings)
      text += std::string("| ") + to_string(finding.level) + " " + cell(finding.code) + " | " + place(finding, report) +
              " | " + words(finding) + " |\n";
  }
  return report.body.empty() ? text : text + "\n" + report.body;
}

}  // namespace mig::cli::ci
