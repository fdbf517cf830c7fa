// Reading statements that mig wrote: not SQL at large, only names, quotes, and the words between them.
#include "cli/statements.hpp"

#include <algorithm>

namespace mig::cli {

namespace {

void add_texts(const sql::Action& action, std::vector<std::string>& texts) {
  for (const auto* statement : sql::statements(action)) texts.push_back(statement->text.text());
}

// Where what begins at `from` ends: behind the closing mark, or at the end of the text.
std::size_t behind(std::string_view text, std::string_view mark, std::size_t from) {
  const auto at = text.find(mark, from);
  return at == std::string_view::npos ? text.size() : at + mark.size();
}

// The length of the name that the text begins with; 0: none.
std::size_t name_length(std::string_view text) {
  if (!text.starts_with('"')) return std::min(text.find_first_of(" \n\t\"().,;'"), text.size());
  auto end = behind(text, "\"", 1);
  while (end < text.size() && text[end] == '"') end = behind(text, "\"", end + 1);
  return end;
}

std::size_t path_length(std::string_view text) {
  auto length = name_length(text);
  while (length > 0 && length < text.size() && text[length] == '.') {
    const auto next = name_length(text.substr(length + 1));
    if (next == 0) break;
    length += 1 + next;
  }
  return length;
}

// {*}: as little as will do, but all of it where nothing follows.
bool fits_anything(std::string_view pattern, std::string_view text, std::vector<std::string>& found) {
  const auto literal = pattern.substr(0, pattern.find('{'));
  const auto mark = found.size();
  for (auto at = pattern.empty() ? text.size() : text.find(literal); at != std::string_view::npos;
       at = at < text.size() ? text.find(literal, at + 1) : std::string_view::npos) {
    found.resize(mark);
    found.emplace_back(text.substr(0, at));
    if (fits(pattern, text.substr(at), found)) return true;
  }
  return false;
}

// Where the quoted thing, body or comment that begins at `at` ends; `at` itself: nothing of that kind begins there.
std::size_t kept_until(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  if (rest.starts_with('\'') || rest.starts_with('"')) return behind(text, rest.substr(0, 1), at + 1);
  if (rest.starts_with("--")) return behind(text, "\n", at);
  if (rest.starts_with("/*")) return behind(text, "*/", at);
  if (!rest.starts_with('$')) return at;
  const auto tag = rest.substr(0, behind(rest, "$", 1));
  const auto name = tag.substr(1, tag.size() < 2 ? 0 : tag.size() - 2);
  const bool opens = tag.ends_with('$') && tag.size() > 1 && name.find_first_of(" \n(),;'") == std::string_view::npos;
  return opens ? behind(text, tag, at + tag.size()) : at;
}

}  // namespace

std::vector<std::string> forward(const Steps& steps) {
  std::vector<std::string> texts;
  for (const auto* step : steps) add_texts(step->action, texts);
  return texts;
}

std::vector<std::string> backward(const Steps& steps) {
  std::vector<std::string> texts;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    for (const auto& back : (*step)->back) add_texts(back.action, texts);
  return texts;
}

bool names_mig(const std::string& text) {
  for (const auto* mark : {"_mig_", "mig_park", "mig."})
    if (text.find(mark) != std::string::npos) return true;
  return false;
}

bool fits(std::string_view pattern, std::string_view text, std::vector<std::string>& found) {
  const auto literal = pattern.substr(0, pattern.find('{'));
  if (!text.starts_with(literal)) return false;
  pattern.remove_prefix(literal.size());
  text.remove_prefix(literal.size());
  if (pattern.empty()) return text.empty();
  const auto hole = pattern.substr(0, 3);
  pattern.remove_prefix(3);
  if (hole == "{*}") return fits_anything(pattern, text, found);
  const auto length = hole == "{p}" ? path_length(text) : name_length(text);
  if (length == 0) return false;
  found.emplace_back(text.substr(0, length));
  return fits(pattern, text.substr(length), found);
}

std::string small_letters(const std::string& text) {
  std::string small;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = kept_until(text, at);
    if (end > at) {
      small += text.substr(at, end - at);
      at = end;
      continue;
    }
    const char c = text[at++];
    small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return small;
}

}  // namespace mig::cli
