// Diagnostics as people read them: head line, frame, notes.
#include "compiler/diagnostics/render.hpp"

#include "compiler/diagnostics/frame.hpp"
#include "compiler/diagnostics/width.hpp"

namespace mig::diagnostics {

namespace {

const char* word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

std::string head(const Diagnostic& diagnostic, const Style& style) {
  const auto code = std::string(word(diagnostic.code->severity)) + "[" + diagnostic.code->id + "]";
  return paint(code, ink(diagnostic.code->severity), style) + ": " + printable(diagnostic.message) + "\n";
}

bool is_the_fix(const Diagnostic& diagnostic, const std::string& note) {
  return diagnostic.fix && note == "write: " + diagnostic.fix->replacement;
}

// Every line of every note begins with "= ".
std::string notes(const Diagnostic& diagnostic, unsigned gutter, const Style& style) {
  std::string result;
  const auto sign = std::string(gutter + 1, ' ') + paint("=", Ink::dim, style) + " ";
  for (const auto& note : diagnostic.notes) {
    for (std::size_t begin = 0; begin <= note.size();) {
      const auto end = std::min(note.find('\n', begin), note.size());
      result += sign + printable(std::string_view(note).substr(begin, end - begin));
      if (end == note.size() && style.fix_hint && is_the_fix(diagnostic, note))
        result += paint("    (mig check --fix writes it)", Ink::dim, style);
      result += "\n";
      begin = end + 1;
    }
  }
  return result;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const source::Files& files, const Style& style) {
  const auto gutter = gutter_width(diagnostic, files);
  std::string result = head(diagnostic, style);
  if (diagnostic.primary) result += frames(diagnostic, files, style);
  if (diagnostic.primary && !diagnostic.notes.empty())
    result += paint(std::string(gutter + 1, ' ') + "|", Ink::dim, style) + "\n";
  return result + notes(diagnostic, gutter, style);
}

std::string render(const std::vector<Diagnostic>& list, const source::Files& files, const Style& style) {
  std::string result;
  for (const auto& diagnostic : list) {
    if (!result.empty()) result += "\n";
    result += render(diagnostic, files, style);
  }
  return result;
}

}  // namespace mig::diagnostics
