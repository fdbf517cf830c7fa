// Items of a query's list, by PostgreSQL's words and parentheses.
#include "compiler/sql/query_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "compiler/sql/relation_walk.hpp"
#include "compiler/sql/server_parser.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

bool word_begin(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u >= 0x80 || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool word_part(char c) { return word_begin(c) || c == '$' || (c >= '0' && c <= '9'); }

struct Token {
  std::size_t begin = 0, end = 0;
  std::string word;  // lower case; a single character of punctuation; empty for strings and quoted names
  bool comment = false;
};

std::size_t quoted_end(std::string_view text, std::size_t at, char quote, bool escapes) {
  for (++at; at < text.size(); ++at) {
    if (escapes && text[at] == '\\') ++at;
    if (at < text.size() && text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return text.size();
}

// $tag$ … $tag$, or npos.
std::size_t dollar_end(std::string_view text, std::size_t at) {
  auto end = at + 1;
  while (end < text.size() && word_part(text[end]) && text[end] != '$') ++end;
  if (end >= text.size() || text[end] != '$') return std::string_view::npos;
  const auto tag = text.substr(at, end + 1 - at);
  const auto close = text.find(tag, end + 1);
  return close == std::string_view::npos ? close : close + tag.size();
}

std::size_t comment_end(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "--") return std::min(text.find('\n', at), text.size());
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text.substr(at, 2) == "/*")
      ++depth, ++at;
    else if (text.substr(at, 2) == "*/" && (++at, --depth == 0))
      return at + 1;
  }
  return text.size();
}

Token next(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) ++at;
  Token token{at, at, {}, false};
  if (at >= text.size()) return token;
  if (text.substr(at, 2) == "--" || text.substr(at, 2) == "/*") {
    token.comment = true;
    token.end = comment_end(text, at);
  } else if (text[at] == '"' || text[at] == '\'') {
    token.end = quoted_end(text, at, text[at], false);
  } else if ((text[at] == 'e' || text[at] == 'E') && text.substr(at + 1, 1) == "'") {
    token.end = quoted_end(text, at + 1, '\'', true);
  } else if (const auto end = text[at] == '$' ? dollar_end(text, at) : std::string_view::npos;
             end != std::string_view::npos) {
    token.end = end;
  } else if (word_begin(text[at])) {
    while (token.end < text.size() && word_part(text[token.end])) {
      const char c = text[token.end++];
      token.word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  } else {
    token.end = at + 1;
    token.word = text[at];
  }
  return token;
}

bool among(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A word that no expression holds outside of parentheses ends the list; `is distinct from` and `within group` do not.
bool ends_list(const std::string& word, const std::string& before) {
  if (word == "from") return before != "distinct";
  if (word == "group") return before != "within";
  return among(word, {",", ";", "where", "having", "window", "union", "intersect", "except", "order", "limit", "offset",
                      "fetch", "for", "into"});
}

// The innermost first query of set operations, and of WITH … its own.
json* first_select(json& tree) {
  if (!tree.contains("stmts") || tree["stmts"].size() != 1) return nullptr;
  auto& statement = tree["stmts"][0]["stmt"];
  if (!statement.contains("SelectStmt")) return nullptr;
  auto* select = &statement["SelectStmt"];
  while (select->contains("larg")) select = &(*select)["larg"];
  return select;
}

}  // namespace

std::size_t item_end(std::string_view text, std::size_t begin) {
  int depth = 0;
  std::size_t end = begin;
  std::string before;
  for (auto token = next(text, begin); token.end > token.begin; token = next(text, token.end)) {
    if (token.comment) continue;
    if (depth == 0 && end > begin && ends_list(token.word, before)) break;
    if (among(token.word, {"(", "["})) ++depth;
    if (among(token.word, {")", "]"}) && --depth < 0) break;
    end = token.end;
    before = token.word;
  }
  return end;
}

std::size_t last_name(std::string_view text, std::size_t begin, std::size_t end) {
  auto last = begin;
  for (auto token = next(text, begin); token.end > token.begin && token.begin < end; token = next(text, token.end))
    if (!token.comment) last = token.begin;
  return last;
}

std::optional<std::string> rename_output(std::string_view query, std::size_t number, std::string_view name) {
  const auto parsed = parse_to_json(query);
  if (parsed.error) return std::nullopt;
  auto tree = json::parse(parsed.json, nullptr, false);
  auto* select = tree.is_discarded() ? nullptr : first_select(tree);
  if (select == nullptr || !select->contains("targetList") || (*select)["targetList"].size() <= number)
    return std::nullopt;
  const auto& target = (*select)["targetList"][number]["ResTarget"];
  const auto begin = target.value("location", std::size_t{0});
  const auto end = item_end(query, begin);
  std::string made(query);
  if (target.contains("name")) {
    const auto at = last_name(query, begin, end);
    return made.replace(at, end - at, quote_ident(name));
  }
  return made.insert(end, " AS " + quote_ident(name));
}

}  // namespace mig::sql
