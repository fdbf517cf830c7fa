// JUnit's XML as Jenkins and GitLab read it. No times and no host names: the same call gives the same bytes.
#include <algorithm>

#include "cli/ci/report.hpp"

namespace mig::cli::ci {

namespace {

// The code point that begins at `at`, its length in bytes there; 0xFFFD and 1 where the bytes are not UTF-8.
std::pair<char32_t, std::size_t> code_point(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const auto first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {0xFFFD, 1};
  char32_t point = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return {0xFFFD, 1};
    point = (point << 6U) | (byte(at + i) & 0x3FU);
  }
  return {point, size};
}

// XML 1.0 has no way to write control characters and some others: they become U+FFFD.
bool in_xml(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         c >= 0x10000;
}

std::string escape(const std::string& text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, size] = code_point(text, at);
    const auto bytes = text.substr(at, size);
    at += size;
    if (point == '&')
      safe += "&amp;";
    else if (point == '<')
      safe += "&lt;";
    else if (point == '>')
      safe += "&gt;";
    else if (point == '"')
      safe += "&quot;";
    else if (point == '\n' || point == '\r' || point == '\t')
      safe += "&#" + std::to_string(static_cast<unsigned>(point)) + ";";
    else if (point == 0xFFFD || !in_xml(point))
      safe += "\xEF\xBF\xBD";
    else
      safe += bytes;
  }
  return safe;
}

bool failed(const Case& one) {
  return std::any_of(one.findings.begin(), one.findings.end(),
                     [](const auto& finding) { return finding.level == Finding::Level::error; });
}

std::string all_words(const Case& one, const Report& report) {
  std::string text;
  for (const auto& finding : one.findings) {
    const auto path = path_of(finding, report);
    text += std::string(to_string(finding.level)) + "[" + finding.code + "] " + path +
            (finding.region.line == 0 ? "" : ":" + std::to_string(finding.region.line)) + (path.empty() ? "" : ": ") +
            words_of(finding) + "\n";
  }
  return text;
}

// A case holds one failure at most: what several readers of the format understand.
std::string case_text(const Case& one, const Report& report) {
  auto text = "    <testcase name=\"" + escape(one.name) + "\" classname=\"mig." + escape(report.command) + "\"";
  const auto words = all_words(one, report) + one.output;
  if (one.skipped) return text + ">\n      <skipped message=\"" + escape(one.output) + "\"/>\n    </testcase>\n";
  if (failed(one)) {
    const auto first = std::find_if(one.findings.begin(), one.findings.end(),
                                    [](const auto& finding) { return finding.level == Finding::Level::error; });
    return text + ">\n      <failure message=\"" + escape(first->message) + "\" type=\"" + escape(first->code) + "\">" +
           escape(words) + "</failure>\n    </testcase>\n";
  }
  if (words.empty()) return text + "/>\n";
  return text + ">\n      <system-out>" + escape(words) + "</system-out>\n    </testcase>\n";
}

}  // namespace

std::string junit(const Report& report) {
  std::size_t failures = 0, skipped = 0;
  std::string cases;
  for (const auto& one : report.cases) {
    failures += !one.skipped && failed(one) ? 1 : 0;
    skipped += one.skipped ? 1 : 0;
    cases += case_text(one, report);
  }
  const auto name = "name=\"mig " + escape(report.command) + "\" tests=\"" + std::to_string(report.cases.size()) +
                    "\" failures=\"" + std::to_string(failures) + "\" errors=\"0\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + name + ">\n  <testsuite " + name + " skipped=\"" +
         std::to_string(skipped) + "\">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mig::cli::ci
