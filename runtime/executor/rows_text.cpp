// Columns as wide as their widest value.
#include "runtime/executor/rows_text.hpp"

#include <algorithm>

#include "compiler/diagnostics/width.hpp"

namespace mig::runtime {

namespace {

constexpr std::size_t widest = 40;

// At a character's beginning (UTF-8).
std::string cell(const std::optional<std::string>& value) {
  if (!value) return "null";
  std::string text;
  for (const char c : *value) text += static_cast<unsigned char>(c) < 0x20U || c == 0x7f ? ' ' : c;
  if (text.size() <= widest) return text;
  auto end = widest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

using Line = std::vector<std::string>;

}  // namespace

std::string rows_text(const Rows& rows, std::size_t most) {
  std::vector<Line> lines{rows.columns};
  for (std::size_t i = 0; i < rows.rows.size() && i < most; ++i) {
    Line line;
    for (const auto& value : rows.rows[i]) line.push_back(cell(value));
    lines.push_back(std::move(line));
  }
  std::vector<unsigned> widths(rows.columns.size());
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], diagnostics::display_width(line[c]));
  std::string text;
  for (const auto& line : lines) {
    std::string one = " ";
    for (std::size_t c = 0; c < line.size(); ++c)
      one += " " + line[c] +
             (c + 1 == line.size() ? "" : std::string(widths[c] - diagnostics::display_width(line[c]) + 1, ' '));
    text += (text.empty() ? "" : "\n") + one;
  }
  if (rows.rows.size() > most) text += "\n  and more";
  return text;
}

}  // namespace mig::runtime
