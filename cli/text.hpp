// How numbers, durations, times and tables are written for people. Pure: no stream, no terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mig::cli {

// Columns that a text takes on a terminal; ANSI colours take none.
[[nodiscard]] std::size_t columns(std::string_view text);
// Filled with blanks to `width` columns.
[[nodiscard]] std::string pad(std::string text, std::size_t width);
// Cut to `width` columns from the middle; names stay readable at both ends.
[[nodiscard]] std::string cut_middle(const std::string& text, std::size_t width, bool ascii);

[[nodiscard]] std::string thousands(long long number);                     // "1,204,511"
[[nodiscard]] std::string plural(long long count, std::string_view noun);  // "1 step", "3 steps", "2 indexes"
[[nodiscard]] std::string duration(long long milliseconds);                // "12 ms", "4.2 s", "50 s", "3 min 5 s"
[[nodiscard]] std::string age(long long seconds);                          // "12 min", "18h", "3d 4h"
[[nodiscard]] std::string size(std::int64_t bytes);                        // "412 MB"
// "2026-10-29 08:10Z" from ISO 8601 in UTC as PostgreSQL or the journal prints it; other text is returned unchanged.
[[nodiscard]] std::string minute(std::string_view iso);

// Rows of cells to lines, two blanks between columns; the last column is not padded.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent = "");

}  // namespace mig::cli
