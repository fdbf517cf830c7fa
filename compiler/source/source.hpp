// Source text with byte spans: where everything that mig says about a file begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mig::source {

// A half-open range of bytes [begin, end) in the file with index `file` of a `Files`.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool empty() const { return begin == end; }
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// The smallest span that covers both; both must be in one file.
[[nodiscard]] Span join(Span a, Span b);

// A place as people count: line and column from 1, the column in code points.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

// One file: its name as shown to the user, its bytes, and where its lines begin.
struct File {
  std::string name;
  std::string text;
  std::vector<std::uint32_t> line_starts;

  File(std::string name, std::string text);
  [[nodiscard]] Place place(std::uint32_t offset) const;
  // The line with number `line` (from 1), without its line end.
  [[nodiscard]] std::string_view line(std::uint32_t line) const;
};

// All files of one compilation. Spans refer to them by index; files are only ever added.
class Files {
 public:
  // Adds a file and returns its index.
  std::uint32_t add(std::string name, std::string text);
  [[nodiscard]] const File& operator[](std::uint32_t index) const { return files_[index]; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] std::string_view text(Span span) const;
  [[nodiscard]] Place place(Span span) const { return files_[span.file].place(span.begin); }

 private:
  std::vector<File> files_;
};

}  // namespace mig::source
