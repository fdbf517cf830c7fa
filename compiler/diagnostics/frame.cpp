// Lines of source with carets under them: tabs and wide characters, long lines, spans of many lines, several labels.
#include "compiler/diagnostics/frame.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/diagnostics/width.hpp"

namespace mig::diagnostics {

namespace {

// What stands under one line: carets from byte `begin` to byte `end` of the line, and words.
struct Mark {
  std::uint32_t begin = 0, end = 0;
  std::string text;
  bool primary = false;
};

using Lines = std::map<std::uint32_t, std::vector<Mark>>;  // by line number

// A line cut to the width that there is, and where its bytes stand on the screen.
struct Shown {
  std::string text;
  std::vector<std::pair<std::uint32_t, unsigned>> columns;  // byte offset -> column, ascending
  unsigned width = 0;

  // The column of the first character at or after the byte; before the cut 0, after it the width.
  [[nodiscard]] unsigned column(std::uint32_t offset) const {
    const auto found = std::lower_bound(columns.begin(), columns.end(), std::pair(offset, 0U));
    return found == columns.end() ? width : found->second;
  }
};

std::string number(std::uint32_t value) { return std::to_string(value); }

std::uint32_t offset_in_line(const source::File& file, std::uint32_t line, std::uint32_t offset) {
  const auto size = static_cast<std::uint32_t>(file.line(line).size());
  return std::min(offset - std::min(offset, file.line_starts[line - 1]), size);
}

// The last line of a span is where its last byte stands, not where the next one would.
std::uint32_t last_line(const source::File& file, source::Span span) {
  return file.place(span.empty() ? span.begin : span.end - 1).line;
}

// A span of many lines is drawn under its first and its last one; the words stand at the last.
void add_marks(Lines& lines, const source::File& file, const Label& label, bool primary) {
  const auto first = file.place(label.span.begin).line;
  const auto last = last_line(file, label.span);
  const auto begin = offset_in_line(file, first, label.span.begin);
  if (first == last) {
    lines[first].push_back({begin, offset_in_line(file, first, label.span.end), label.text, primary});
    return;
  }
  const auto text = file.line(last);
  const auto indent = std::min(text.find_first_not_of(" \t"), text.size());
  lines[first].push_back({begin, static_cast<std::uint32_t>(file.line(first).size()), {}, primary});
  lines[last].push_back(
      {static_cast<std::uint32_t>(indent), offset_in_line(file, last, label.span.end), label.text, primary});
}

// A part of a line, in bytes.
struct Slice {
  std::uint32_t begin = 0, end = 0;
};

// Only the neighbourhood of the marks is decoded: a line of a megabyte costs no more than one of a kilobyte.
Slice neighbourhood(std::string_view line, const std::vector<Mark>& marks, unsigned room) {
  const std::size_t reach = std::size_t{room} * 8;
  const std::size_t middle = std::min<std::size_t>(marks.front().begin, line.size());
  auto begin = middle > reach ? middle - reach : 0;
  auto end = std::min(line.size(), middle + reach);
  const auto inside = [&](std::size_t at) { return (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U; };
  while (begin > 0 && inside(begin)) --begin;
  while (end < line.size() && inside(end)) ++end;
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// Where the window of `room` columns begins so that the first mark is in it, with as much around it as fits.
unsigned window_begin(unsigned total, unsigned mark_begin, unsigned mark_end, unsigned room) {
  const unsigned marked = std::min(mark_end - mark_begin, room);
  const unsigned around = (room - marked) / 2;
  const unsigned begin = mark_begin > around ? mark_begin - around : 0;
  return std::min(begin, total > room ? total - room : 0);
}

Shown show(std::string_view line, const std::vector<Mark>& marks, unsigned room, const Style& style) {
  const auto slice = neighbourhood(line, marks, room);
  const auto all = cells(line.substr(slice.begin, slice.end - slice.begin));
  std::vector<unsigned> at(all.size() + 1, 0);
  for (std::size_t i = 0; i < all.size(); ++i) at[i + 1] = at[i] + all[i].width;
  const auto column_of = [&](std::uint32_t offset) {
    const auto wanted = offset > slice.begin ? offset - slice.begin : 0;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Cell& cell) { return cell.offset >= wanted; });
    return at[static_cast<std::size_t>(found - all.begin())];
  };
  const bool fits = at.back() <= room && slice.begin == 0 && slice.end == line.size();
  const std::string dots = style.ascii ? "..." : "…";
  const unsigned dots_width = style.ascii ? 3 : 1;
  const unsigned inner = fits ? at.back() : room - 2 * dots_width;
  const unsigned begin =
      fits ? 0 : window_begin(at.back(), column_of(marks.front().begin), column_of(marks.front().end), inner);
  Shown shown;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (at[i] < begin || at[i + 1] > begin + inner) continue;
    if (shown.columns.empty() && (i > 0 || slice.begin > 0)) shown.text = dots, shown.width = dots_width;
    shown.columns.emplace_back(slice.begin + all[i].offset, shown.width);
    shown.text += all[i].text;
    shown.width += all[i].width;
  }
  const bool cut_at_end = at.back() > begin + inner || slice.end < line.size();
  if (!cut_at_end) shown.columns.emplace_back(static_cast<std::uint32_t>(line.size()), shown.width);
  if (cut_at_end) shown.text += dots;
  return shown;
}

// The carets of one mark with its words: beside them where they fit, else in a line of their own.
std::string mark_lines(const Mark& mark, const Shown& shown, const std::string& bar, unsigned room, Ink ink,
                       const Style& style) {
  const unsigned begin = shown.column(mark.begin);
  const unsigned end = std::max(shown.column(mark.end), begin + 1);
  const std::string carets(end - begin, mark.primary ? '^' : '-');
  const auto words = printable(mark.text);
  const unsigned width = display_width(words);
  std::string result = bar + std::string(begin + 1, ' ');
  if (words.empty()) return result + paint(carets, ink, style) + "\n";
  if (end + 1 + width <= room) return result + paint(carets + " " + words, ink, style) + "\n";
  const unsigned left = width >= room ? 0 : std::min(begin, room - width);
  return result + paint(carets, ink, style) + "\n" + bar + std::string(left + 1, ' ') + paint(words, ink, style) + "\n";
}

std::string source_line(const source::File& file, std::uint32_t line, std::vector<Mark> marks, unsigned gutter,
                        Ink primary, const Style& style) {
  const unsigned room = std::max(style.width, gutter + 3 + 20) - gutter - 3;
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.primary > b.primary; });
  if (marks.empty()) marks.push_back({});  // a line between two others: shown from its beginning
  const auto shown = show(file.line(line), marks, room, style);
  const auto count = number(line);
  const std::string bar = std::string(gutter + 1, ' ') + "|";
  std::string result = paint(std::string(gutter - count.size(), ' ') + count + " |", Ink::dim, style);
  result += shown.text.empty() ? "\n" : " " + shown.text + "\n";
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
  for (const auto& mark : marks)
    if (mark.primary || mark.end != 0 || !mark.text.empty())
      result += mark_lines(mark, shown, paint(bar, Ink::dim, style), room, mark.primary ? primary : Ink::cyan, style);
  return result;
}

// The lines with marks; a single line between two of them is shown, more are left out with dots.
std::string source_lines(const source::File& file, const Lines& lines, unsigned gutter, Ink primary,
                         const Style& style) {
  std::string result;
  std::uint32_t before = lines.begin()->first;
  for (const auto& [line, marks] : lines) {
    if (line == before + 2) result += source_line(file, line - 1, {}, gutter, primary, style);
    if (line > before + 2) result += paint("...", Ink::dim, style) + "\n";
    result += source_line(file, line, marks, gutter, primary, style);
    before = line;
  }
  return result;
}

std::string frame(std::uint32_t index, source::Span at, const Lines& lines, const char* arrow, unsigned gutter,
                  Ink primary, const source::Files& files, const Style& style) {
  const auto place = files.place(at);
  const auto where = printable(files[index].name) + ":" + number(place.line) + ":" + number(place.column);
  return std::string(gutter, ' ') + paint(arrow, Ink::dim, style) + " " + paint(where, Ink::cyan, style) + "\n" +
         paint(std::string(gutter + 1, ' ') + "|", Ink::dim, style) + "\n" +
         source_lines(files[index], lines, gutter, primary, style);
}

}  // namespace

Ink ink(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Ink::red;
    case Severity::warning:
      return Ink::yellow;
    case Severity::note:
      return Ink::cyan;
  }
  return Ink::plain;
}

std::string paint(std::string_view text, Ink ink, const Style& style) {
  if (!style.color || ink == Ink::plain) return std::string(text);
  const char* code = ink == Ink::red ? "31" : ink == Ink::yellow ? "33" : ink == Ink::cyan ? "36" : "2";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

unsigned gutter_width(const Diagnostic& diagnostic, const source::Files& files) {
  std::uint32_t last = 1;
  if (diagnostic.primary) last = last_line(files[diagnostic.primary->span.file], diagnostic.primary->span);
  for (const auto& label : diagnostic.secondary) last = std::max(last, last_line(files[label.span.file], label.span));
  return std::max(2U, static_cast<unsigned>(number(last).size()));
}

std::string frames(const Diagnostic& diagnostic, const source::Files& files, const Style& style) {
  const auto home = diagnostic.primary->span.file;
  std::map<std::uint32_t, Lines> by_file;
  std::map<std::uint32_t, source::Span> first{{home, diagnostic.primary->span}};
  add_marks(by_file[home], files[home], *diagnostic.primary, true);
  for (const auto& label : diagnostic.secondary) {
    first.emplace(label.span.file, label.span);
    add_marks(by_file[label.span.file], files[label.span.file], label, false);
  }
  const auto gutter = gutter_width(diagnostic, files);
  const auto color = ink(diagnostic.code->severity);
  std::string result = frame(home, first.at(home), by_file.at(home), "-->", gutter, color, files, style);
  for (const auto& [file, lines] : by_file)
    if (file != home) result += frame(file, first.at(file), lines, ":::", gutter, color, files, style);
  return result;
}

}  // namespace mig::diagnostics
