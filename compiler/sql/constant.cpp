// Constants by type: what the input function reads and the output function prints again.
#include "compiler/sql/constant.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

namespace mig::sql {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && *a == *b;
}

std::optional<double> float_value(std::string_view text) {
  const std::string copy(trimmed(text));
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != '\0') return std::nullopt;
  return value;
}

// 2020-1-5 to 2020-01-05, `2020-01-05T10:00` to `2020-01-05 10:00:00`; what is not so written stays.
std::string canonical_time(std::string_view text) {
  std::string result;
  std::string digits;
  bool clock = false;
  int parts = 0;  // of the clock
  const auto flush = [&] {
    const bool fraction = !result.empty() && result.back() == '.';
    if (digits.size() == 1 && !fraction) result += '0';
    result += digits;
    digits.clear();
  };
  for (const char c : lower(trimmed(text))) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      digits += c;
      continue;
    }
    flush();
    if (c == 't' && result.size() == 10) {
      result += ' ';
    } else if (c == 'z' && clock) {
      result += "+00";
    } else {
      if (c == ':') clock = true, ++parts;
      result += c;
    }
  }
  flush();
  return parts == 1 && result.find_first_of("+.") == std::string::npos ? result + ":00" : result;
}

// A timestamp's own fields, without an offset and without zeros that say nothing.
std::string local_time(std::string_view text) {
  auto result = canonical_time(text);
  const auto clock = result.find(':');
  const auto offset = result.find_first_of("+-", clock == std::string::npos ? result.size() : clock);
  if (offset != std::string::npos) result.resize(offset);
  if (const auto point = result.find('.'); point != std::string::npos) {
    result.resize(result.find_last_not_of('0') + 1);
    if (result.back() == '.') result.pop_back();
  }
  const std::string_view midnight = " 00:00:00";
  if (result.size() > midnight.size() && result.substr(result.size() - midnight.size()) == midnight)
    result.resize(result.size() - midnight.size());
  return result;
}

// The elements of '{a,"b c",{d}}' with braces and commas as marks: equal lists are equal arrays.
std::vector<std::string> array_parts(std::string_view text) {
  std::vector<std::string> parts;
  std::string word;
  bool quoted = false;
  const auto flush = [&] {
    if (!quoted) word = std::string(trimmed(word));
    if (quoted)
      parts.push_back("=" + word);
    else if (!word.empty())
      parts.push_back((lower(word) == "null" ? "null" : "=" + word));
    word.clear();
    quoted = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      word.clear();  // blanks before the quote
      for (quoted = true, ++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        word += text[i];
      }
    } else if (text[i] == '{' || text[i] == '}' || text[i] == ',') {
      flush();
      parts.emplace_back(1, text[i]);
    } else if (!quoted) {
      word += text[i];
    }
  }
  flush();
  return parts;
}

bool same_arrays(std::string_view type, std::string_view a, std::string_view b) {
  const auto left = array_parts(a);
  const auto right = array_parts(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](const std::string& x, const std::string& y) {
                      if (x.front() != '=' || y.front() != '=') return x == y;
                      return same_constant(type, x.substr(1), y.substr(1));
                    });
}

bool same_json(std::string_view a, std::string_view b) {
  const auto left = nlohmann::json::parse(a, nullptr, false);
  const auto right = nlohmann::json::parse(b, nullptr, false);
  return !left.is_discarded() && !right.is_discarded() && left == right;
}

// 'public.orders' and 'orders': the server leaves out a schema that is on the path.
bool same_object(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a.size() > b.size() && a.substr(a.size() - b.size()) == b && a[a.size() - b.size() - 1] == '.';
}

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::optional<bool> boolean_value(std::string_view text) {
  constexpr std::array<std::string_view, 6> yes{"true", "t", "yes", "y", "on", "1"};
  constexpr std::array<std::string_view, 6> no{"false", "f", "no", "n", "off", "0"};
  const auto word = lower(trimmed(text));
  if (std::find(yes.begin(), yes.end(), word) != yes.end()) return true;
  if (std::find(no.begin(), no.end(), word) != no.end()) return false;
  return std::nullopt;
}

std::optional<std::string> canonical_number(std::string_view text) {
  text = trimmed(text);
  const bool minus = !text.empty() && text.front() == '-';
  if (!text.empty() && (minus || text.front() == '+')) text.remove_prefix(1);
  std::string digits;
  long point = -1, exponent = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) != 0) {
      digits += text[i];
    } else if (text[i] == '.' && point < 0) {
      point = static_cast<long>(digits.size());
    } else if ((text[i] | 0x20) == 'e' && !digits.empty() && text.size() - i < 6) {
      const std::string rest(text.substr(i + 1));
      char* end = nullptr;
      exponent = std::strtol(rest.c_str(), &end, 10);
      if (rest.empty() || *end != '\0' || rest.find(' ') != std::string::npos) return std::nullopt;
      break;
    } else {
      return std::nullopt;
    }
  }
  if (digits.empty()) return std::nullopt;
  point = (point < 0 ? static_cast<long>(digits.size()) : point) + exponent;
  if (point < 0) digits.insert(0, static_cast<std::size_t>(-point), '0'), point = 0;
  if (point > static_cast<long>(digits.size())) digits.append(static_cast<std::size_t>(point) - digits.size(), '0');
  auto whole = digits.substr(0, static_cast<std::size_t>(point));
  const auto part = digits.substr(static_cast<std::size_t>(point));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  const bool zero = digits.find_first_not_of('0') == std::string::npos;
  return (minus && !zero ? "-" : "") + (whole.empty() ? "0" : whole) + (part.empty() ? "" : "." + part);
}

bool same_constant(std::string_view type, std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (type.size() > 2 && type.substr(type.size() - 2) == "[]")
    return same_arrays(type.substr(0, type.size() - 2), a, b);
  if (is_one_of(type, {"int2", "int4", "int8", "numeric", "oid"}))
    return same(canonical_number(a), canonical_number(b));
  if (is_one_of(type, {"float4", "float8"})) return same(float_value(a), float_value(b));
  if (type == "bool") return same(boolean_value(a), boolean_value(b));
  if (type == "interval") return same(interval_value(a), interval_value(b));
  if (type == "date") return canonical_time(a) == canonical_time(b);
  if (is_one_of(type, {"timestamp", "timestamptz", "time", "timetz"})) return local_time(a) == local_time(b);
  if (type == "jsonb") return same_json(a, b);
  if (type == "bpchar") return a.substr(0, a.find_last_not_of(' ') + 1) == b.substr(0, b.find_last_not_of(' ') + 1);
  if (is_one_of(type, {"uuid", "bytea", "macaddr"})) return lower(a) == lower(b);
  if (is_one_of(type, {"regclass", "regtype", "regproc"})) return same_object(a, b);
  return false;
}

}  // namespace mig::sql
