// libFuzzer: formatting changes white space only, and formatting again changes nothing.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/syntax/format.hpp"
#include "compiler/syntax/token.hpp"

namespace {

using namespace mig::syntax;

bool same_content(std::string_view a, std::string_view b) {
  const auto significant = [](std::string_view text) {
    std::vector<std::string_view> words;
    for (const auto& token : tokenize(text))
      if (token.kind != TokenKind::blank) words.push_back(token.text(text));
    return words;
  };
  return significant(a) == significant(b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::uint32_t at = 0;
  for (const auto& token : tokenize(text)) {
    if (token.begin != at || token.end <= token.begin) std::abort();
    at = token.end;
  }
  if (at != text.size()) std::abort();
  const auto once = format(text);
  if (!once) return 0;
  if (!same_content(text, *once) || format(*once) != once) std::abort();
  return 0;
}
