// Diagnostics as findings.
#include "cli/finding.hpp"

#include "compiler/hazards/hazard.hpp"

namespace mig::cli {

namespace {

Region region_of(const source::Span& span, const source::Files& files) {
  const auto begin = files[span.file].place(span.begin), end = files[span.file].place(span.end);
  return {begin.line, begin.column, end.line, end.column};
}

Finding::Level level_of(diagnostics::Severity severity) {
  if (severity == diagnostics::Severity::error) return Finding::Level::error;
  return severity == diagnostics::Severity::warning ? Finding::Level::warning : Finding::Level::note;
}

}  // namespace

Finding finding_of(const diagnostics::Diagnostic& diagnostic, const source::Files& files) {
  Finding finding;
  finding.level = level_of(diagnostic.code->severity);
  finding.code = diagnostic.code->id;
  finding.message = diagnostic.message;
  if (diagnostic.primary) {
    finding.file = files[diagnostic.primary->span.file].name;
    finding.region = region_of(diagnostic.primary->span, files);
    if (!diagnostic.primary->text.empty()) finding.details.push_back(diagnostic.primary->text);
  }
  for (const auto& also : diagnostic.secondary) {
    const auto place = files[also.span.file].place(also.span.begin);
    finding.details.push_back(files[also.span.file].name + ":" + std::to_string(place.line) + ":" +
                              std::to_string(place.column) + (also.text.empty() ? "" : " " + also.text));
  }
  finding.details.insert(finding.details.end(), diagnostic.notes.begin(), diagnostic.notes.end());
  // A document names one file for a finding and its fix; one in another file stays in the words.
  if (diagnostic.fix && diagnostic.primary && diagnostic.fix->span.file == diagnostic.primary->span.file)
    finding.fix = {region_of(diagnostic.fix->span, files), diagnostic.fix->replacement};
  return finding;
}

std::vector<Finding> findings_of(const std::vector<diagnostics::Diagnostic>& list, const source::Files& files) {
  std::vector<Finding> findings;
  for (const auto& diagnostic : list) findings.push_back(finding_of(diagnostic, files));
  return findings;
}

const char* to_string(Finding::Level level) {
  return level == Finding::Level::error ? "error" : level == Finding::Level::warning ? "warning" : "note";
}

std::string title_of(const std::string& code) {
  if (const auto* known = diagnostics::find_code(code)) return known->title;
  for (const auto* hazard : hazards::all())
    if (code == hazard->code.id) return hazard->code.title;
  return code;
}

}  // namespace mig::cli
