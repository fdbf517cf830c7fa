// Line tables and code-point columns.
#include "compiler/source/source.hpp"

#include <algorithm>
#include <utility>

namespace mig::source {

Span join(Span a, Span b) { return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

File::File(std::string file_name, std::string file_text)
    : name(std::move(file_name)), text(std::move(file_text)), line_starts{0} {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') line_starts.push_back(static_cast<std::uint32_t>(i + 1));
}

Place File::place(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  const auto after = std::upper_bound(line_starts.begin(), line_starts.end(), offset);
  const auto start = *std::prev(after);
  // A column counts code points: continuation bytes of UTF-8 (10xxxxxx) are not columns of their own.
  const auto points = std::count_if(text.begin() + start, text.begin() + offset,
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {static_cast<std::uint32_t>(after - line_starts.begin()), static_cast<std::uint32_t>(points) + 1};
}

std::string_view File::line(std::uint32_t line) const {
  if (line == 0 || line > line_starts.size()) return {};
  const auto begin = line_starts[line - 1];
  auto end = line < line_starts.size() ? line_starts[line] - 1 : static_cast<std::uint32_t>(text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  return std::string_view(text).substr(begin, end - begin);
}

std::uint32_t Files::add(std::string name, std::string text) {
  files_.emplace_back(std::move(name), std::move(text));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::string_view Files::text(Span span) const {
  return std::string_view(files_[span.file].text).substr(span.begin, span.size());
}

}  // namespace mig::source
