// Rows of an answer for people.
#pragma once

#include <string>

#include "runtime/database.hpp"

namespace mig::runtime {

// A line with the columns' names and one for each row, in columns; no more than `most` rows, then "and more". Values
// are cut at 40 bytes, line ends and control characters in them become blanks.
[[nodiscard]] std::string rows_text(const Rows& rows, std::size_t most);

}  // namespace mig::runtime
