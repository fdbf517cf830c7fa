// Diagnostics for tools.
#include "cli/report.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace mig::cli {

namespace {

using Json = nlohmann::ordered_json;

const char* word(diagnostics::Severity severity) {
  switch (severity) {
    case diagnostics::Severity::error:
      return "error";
    case diagnostics::Severity::warning:
      return "warning";
    case diagnostics::Severity::note:
      return "note";
  }
  return "";
}

Json place(const source::Span& span, const source::Files& files) {
  const auto begin = files[span.file].place(span.begin), end = files[span.file].place(span.end);
  return {{"file", files[span.file].name},
          {"line", begin.line},
          {"column", begin.column},
          {"end_line", end.line},
          {"end_column", end.column}};
}

Json label(const diagnostics::Label& label, const source::Files& files) {
  auto json = place(label.span, files);
  json["text"] = label.text;
  return json;
}

}  // namespace

Json as_json(const diagnostics::Diagnostic& diagnostic, const source::Files& files) {
  Json json{{"code", diagnostic.code->id},
            {"name", diagnostic.code->name},
            {"severity", word(diagnostic.code->severity)},
            {"message", diagnostic.message}};
  if (diagnostic.primary) json["place"] = label(*diagnostic.primary, files);
  for (const auto& also : diagnostic.secondary) json["also"].push_back(label(also, files));
  json["notes"] = diagnostic.notes;
  if (diagnostic.fix) {
    json["fix"] = place(diagnostic.fix->span, files);
    json["fix"]["replacement"] = diagnostic.fix->replacement;
  }
  return json;
}

int write_fixes(const Project& project, const std::vector<diagnostics::Diagnostic>& list, const source::Files& files) {
  std::map<std::uint32_t, std::vector<diagnostics::Fix>> by_file;
  for (const auto& diagnostic : list)
    if (diagnostic.fix) by_file[diagnostic.fix->span.file].push_back(*diagnostic.fix);
  int written = 0;
  for (auto& [index, fixes] : by_file) {
    std::stable_sort(fixes.begin(), fixes.end(),
                     [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
    std::string text;
    std::uint32_t at = 0;
    for (const auto& fix : fixes) {
      if (fix.span.begin < at) continue;
      text += files[index].text.substr(at, fix.span.begin - at) + fix.replacement;
      at = fix.span.end;
      ++written;
    }
    const auto inside = project.config.root / files[index].name;
    write_file(std::filesystem::exists(inside) ? inside : std::filesystem::path(files[index].name),
               text + files[index].text.substr(at));
  }
  return written;
}

}  // namespace mig::cli
