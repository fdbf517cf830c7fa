// Columns: what stands in consecutive one-line items under each other is lined up.
#include <algorithm>

#include "compiler/diagnostics/width.hpp"
#include "compiler/syntax/format_lines.hpp"

namespace mig::syntax {

namespace {

constexpr unsigned before_comment = 4;

unsigned width(std::string_view text) { return diagnostics::display_width(text); }

std::string_view left_of(const Line& line) {
  const auto left = std::string_view(line.text).substr(0, line.split);
  return left.substr(0, left.find_last_not_of(' ') + 1);
}

// In pairs the arrows are of two lengths and end under each other: the right sides are what is compared.
unsigned arrow(const Line& line) {
  if (line.column != Column::pair) return 0;
  const auto end = std::min(line.text.find(' ', line.split), line.text.size());
  return static_cast<unsigned>(end - line.split);
}

bool has_columns(const Line& line) {
  return line.column != Column::none && line.column != Column::comment && line.column != Column::other;
}

// May the line stand between aligned ones? Assignments and definitions go through, as `check` does in a map; operations
// that only begin alike are aligned where they are neighbours.
bool passes(const Line& line, Column column) {
  return line.column == Column::comment || (line.column == Column::other && column != Column::added_column);
}

// The lines that are aligned with line `first`: the same column, and no empty line between.
std::size_t end_of_columns(const std::vector<Line>& lines, std::size_t first) {
  std::size_t end = first + 1;
  for (std::size_t i = first + 1; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (line.blank_before || line.indent != lines[first].indent) break;
    if (line.column == lines[first].column)
      end = i + 1;
    else if (!passes(line, lines[first].column))
      break;
  }
  return end;
}

void align_columns(std::vector<Line>& lines, std::size_t first, std::size_t end) {
  unsigned widest = 0;
  for (auto i = first; i < end; ++i)
    if (has_columns(lines[i])) widest = std::max(widest, width(left_of(lines[i])) + arrow(lines[i]));
  for (auto i = first; i < end; ++i) {
    auto& line = lines[i];
    if (!has_columns(line)) continue;
    const std::string left(left_of(line));
    const auto blanks = widest - width(left) - arrow(line) + 1;
    line.text = left + std::string(blanks, ' ') + line.text.substr(line.split);
  }
}

bool has_aligned_comment(const Line& line) {
  return !line.comment.empty() && line.text.find('\n') == std::string::npos;
}

std::size_t end_of_comments(const std::vector<Line>& lines, std::size_t first) {
  auto end = first + 1;
  while (end < lines.size() && has_aligned_comment(lines[end]) && !lines[end].blank_before &&
         lines[end].indent == lines[first].indent)
    ++end;
  return end;
}

void align_comments(std::vector<Line>& lines, std::size_t first, std::size_t end) {
  unsigned widest = 0;
  for (auto i = first; i < end; ++i) widest = std::max(widest, width(lines[i].text));
  for (auto i = first; i < end; ++i)
    lines[i].text += std::string(widest - width(lines[i].text) + before_comment, ' ') + lines[i].comment;
}

}  // namespace

void align(std::vector<Line>& lines) {
  for (std::size_t i = 0; i < lines.size();) {
    const auto end = has_columns(lines[i]) ? end_of_columns(lines, i) : i + 1;
    if (has_columns(lines[i])) align_columns(lines, i, end);
    i = end;
  }
  for (std::size_t i = 0; i < lines.size();) {
    const auto end = has_aligned_comment(lines[i]) ? end_of_comments(lines, i) : i + 1;
    if (has_aligned_comment(lines[i]))
      align_comments(lines, i, end);
    else if (!lines[i].comment.empty())
      lines[i].text += std::string(before_comment, ' ') + lines[i].comment;
    i = end;
  }
}

}  // namespace mig::syntax
