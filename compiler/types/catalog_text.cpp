// Lists and parts of texts, by hand: they are the server's own and always well formed.
#include "compiler/types/catalog_text.hpp"

#include <charconv>

namespace mig::types {

std::vector<std::string_view> listed(std::string_view text) {
  std::vector<std::string_view> result;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')') --depth;
    if (c != ',' || (i < text.size() && (quoted || depth > 0))) continue;
    auto part = text.substr(begin, i - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    if (!part.empty()) result.push_back(part);
    begin = i + 1;
  }
  return result;
}

void read_aggregate(Function& made, std::string_view definition) {
  made.aggregate = 'n';
  for (const auto part : listed(definition)) {
    if (part.rfind("kind ", 0) == 0 && part.size() > 5) made.aggregate = part[5];
    if (part.rfind("direct ", 0) == 0) std::from_chars(part.data() + 7, part.data() + part.size(), made.direct);
  }
}

}  // namespace mig::types
