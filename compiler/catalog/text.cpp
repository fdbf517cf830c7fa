// JSON strings: only what RFC 8259 demands is escaped, so that snapshots stay readable.
#include "compiler/catalog/text.hpp"

#include <charconv>

namespace mig::catalog::text {

namespace {

void append_escape(std::string& out, unsigned char c) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += digits[c >> 4U];
  out += digits[c & 15U];
}

bool plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

}  // namespace

void append_string(std::string& out, std::string_view value) {
  out += '"';
  while (!value.empty()) {
    const auto end = std::find_if_not(value.begin(), value.end(), plain);
    const auto run = static_cast<std::size_t>(end - value.begin());
    out.append(value.substr(0, run));
    if (run == value.size()) break;
    append_escape(out, static_cast<unsigned char>(value[run]));
    value.remove_prefix(run + 1);
  }
  out += '"';
}

void append_number(std::string& out, long long value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  static_cast<void>(error);  // 24 characters hold every long long
  out.append(digits, end);
}

}  // namespace mig::catalog::text
