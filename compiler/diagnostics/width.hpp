// How wide text is on a terminal, and text made safe to print there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mig::diagnostics {

inline constexpr unsigned tab_width = 4;

// One code point of a line as it is printed. A tab becomes blanks; a control character or a broken byte becomes `?`,
// since a source file must not be able to send commands to the terminal.
struct Cell {
  std::uint32_t offset = 0;  // of its first byte in the line
  std::string text;
  unsigned width = 1;  // columns: 2 for wide characters, 0 for combining ones
};
[[nodiscard]] std::vector<Cell> cells(std::string_view line);

// Columns that the text takes.
[[nodiscard]] unsigned display_width(std::string_view text);

// The text with nothing in it that a terminal would obey.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace mig::diagnostics
