// .env files: a small, strict reader.
#include "cli/environment.hpp"

#include <cctype>
#include <utility>

namespace mig::cli {

namespace {

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

bool is_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return false;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  return true;
}

char escaped(char c) { return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c; }

// A quoted value that begins at `at` (its quote); moves `at` behind the closing quote. nullopt: it is not closed.
std::optional<std::string> quoted(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  std::string value;
  for (; at < text.size() && text[at] != quote; ++at) {
    if (quote == '"' && text[at] == '\\' && at + 1 < text.size())
      value += escaped(text[++at]);
    else
      value += text[at];
  }
  if (at == text.size()) return std::nullopt;
  ++at;
  return value;
}

std::string_view line_at(std::string_view text, std::size_t at) { return text.substr(at, text.find('\n', at) - at); }

// One assignment that begins at `at`; moves `at` to the end of its last line.
bool read_line(std::string_view text, std::size_t& at, EnvFile& file) {
  const auto line = line_at(text, at);
  const auto begin = at;
  at += line.size();
  auto content = trim(line);
  if (content.empty() || content[0] == '#') return true;
  if (content.rfind("export ", 0) == 0) content = trim(content.substr(7));
  const auto equals = content.find('=');
  if (equals == std::string::npos || !is_name(trim(content.substr(0, equals)))) return false;
  const auto name = trim(content.substr(0, equals));
  auto value = trim(content.substr(equals + 1));
  if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
    auto open = text.find(value[0], begin + line.find('=') + 1);
    auto read = quoted(text, open);
    if (!read) return false;
    const auto rest = trim(line_at(text, open));
    if (!rest.empty() && rest[0] != '#') return false;
    at = open + line_at(text, open).size();
    file.values.insert_or_assign(name, std::move(*read));
    return true;
  }
  if (const auto comment = value.find(" #"); comment != std::string::npos) value = trim(value.substr(0, comment));
  file.values.insert_or_assign(name, value);
  return true;
}

}  // namespace

EnvFile read_env_file(std::string_view text) {
  EnvFile file;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  int number = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto begin = at;
    if (!read_line(text, at, file)) file.unread.push_back(number);
    for (auto i = begin; i <= at && i < text.size(); ++i) number += text[i] == '\n' ? 1 : 0;
  }
  return file;
}

Environment::Environment(std::map<std::string, std::string> process, EnvFile file, std::string file_name)
    : process_(std::move(process)), file_(std::move(file)), file_name_(std::move(file_name)) {}

std::optional<Variable> Environment::get(const std::string& name) const {
  if (const auto found = process_.find(name); found != process_.end()) {
    if (found->second.empty()) return std::nullopt;
    return Variable{found->second, name, false};
  }
  const auto found = file_.values.find(name);
  if (found == file_.values.end() || found->second.empty()) return std::nullopt;
  return Variable{found->second, name + " in " + file_name_, true};
}

}  // namespace mig::cli
