// The words of an SQL text with their places: for texts of the server that are changed in single places, whatever
// version of PostgreSQL printed them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mig::sql {

struct Word {
  enum class Is { name, string, body, number, symbol };  // body: $tag$ … $tag$; symbol: one character
  Is is = Is::symbol;
  std::size_t begin = 0, end = 0;
  std::string value;  // of a name without its quotes, of a string decoded
};

// Blanks and comments are left out. Total: what is not closed ends with the text.
[[nodiscard]] std::vector<Word> words(std::string_view text);

}  // namespace mig::sql
