// Making SQL text: patterns, names, constants. What PostgreSQL does with names, done the same way.
#include "compiler/sql/sql.hpp"

#include <algorithm>
#include <cassert>

namespace mig::sql {

namespace {

bool is_plain_name(std::string_view name) {
  if (name.empty()) return false;
  const auto begins = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto goes_on = [&](char c) { return begins(c) || (c >= '0' && c <= '9'); };
  return begins(name.front()) && std::all_of(name.begin(), name.end(), goes_on);
}

// Bytes of the UTF-8 character that begins with this byte (pg_utf_mblen: a stray byte counts as one).
std::size_t character_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if ((byte & 0xE0U) == 0xC0U) return 2;
  if ((byte & 0xF0U) == 0xE0U) return 3;
  if ((byte & 0xF8U) == 0xF0U) return 4;
  return 1;
}

// The longest beginning of whole characters within `limit` bytes (pg_mbcliplen).
std::string_view clip(std::string_view text, std::size_t limit) {
  std::size_t size = 0;
  while (size < text.size() && size + character_size(text[size]) <= limit) size += character_size(text[size]);
  return text.substr(0, std::min(size, text.size()));
}

std::string doubled(std::string_view text, std::string_view specials) {
  std::string result;
  result.reserve(text.size() + 2);
  for (const char c : text) {
    if (specials.find(c) != std::string_view::npos) result += c;
    result += c;
  }
  return result;
}

}  // namespace

std::string quote_ident(std::string_view name) {
  if (is_plain_name(name) && !is_keyword(name)) return std::string(name);
  return '"' + doubled(name, "\"") + '"';
}

std::string quote_literal(std::string_view value) {
  // E'' means the same with standard_conforming_strings on and off.
  if (value.find('\\') != std::string_view::npos) return "E'" + doubled(value, "'\\") + "'";
  return "'" + doubled(value, "'") + "'";
}

std::string display(const Qualified& name) {
  if (name.schema.empty()) return quote_ident(name.name);
  return quote_ident(name.schema) + "." + quote_ident(name.name);
}

// makeObjectName of src/backend/commands/indexcmds.c: the longer part gives way, byte by byte, the second one on a tie.
std::string object_name(std::string_view name1, std::string_view name2, std::string_view label) {
  const std::size_t overhead = (name2.empty() ? 0 : 1) + (label.empty() ? 0 : label.size() + 1);
  assert(overhead < max_name && "the label alone fills the name");
  std::size_t size1 = name1.size();
  std::size_t size2 = name2.size();
  while (size1 + size2 > max_name - overhead) --(size1 > size2 ? size1 : size2);
  std::string result(clip(name1, size1));
  if (!name2.empty()) result.append("_").append(clip(name2, size2));
  if (!label.empty()) result.append("_").append(label);
  return result;
}

Fragment fragment(const Ident& ident) { return Fragment(quote_ident(ident.name)); }
Fragment fragment(const Qualified& name) { return Fragment(display(name)); }
Fragment fragment(const Literal& literal) { return Fragment(quote_literal(literal.value)); }
Fragment fragment(long long number) { return Fragment(std::to_string(number)); }
Fragment verbatim(std::string text) { return Fragment(std::move(text)); }

Fragment make(std::string_view pattern, std::initializer_list<Fragment> arguments) {
  assert(holes(pattern) == arguments.size() && "sql() checks this when it compiles");
  std::string text;
  const auto* next = arguments.begin();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' && pattern[i] != '}') {
      text += pattern[i];
      continue;
    }
    if (pattern.substr(i, 2) == "{}")
      text += (next++)->text();
    else
      text += pattern[i];
    ++i;
  }
  return Fragment(std::move(text));
}

Fragment join(const std::vector<Fragment>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part.text();
  }
  return Fragment(std::move(text));
}

}  // namespace mig::sql
