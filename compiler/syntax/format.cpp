// mig fmt: pieces to lines to text.
#include "compiler/syntax/format.hpp"

#include "compiler/syntax/format_lines.hpp"

namespace mig::syntax {

std::optional<std::string> format(std::string_view text) {
  const auto read = pieces(text);
  if (!read) return std::nullopt;
  auto laid_out = lines(*read);
  align(laid_out);
  std::string result;
  for (const auto& line : laid_out) {
    if (line.blank_before) result += '\n';
    result += std::string(line.text.empty() ? 0 : line.indent, ' ') + line.text + '\n';
  }
  return result;
}

}  // namespace mig::syntax
