// Keys of objects: `column public.orders.total`, `function public.f(integer, text)`. Written and taken apart here
// alone.
#include <algorithm>
#include <array>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

namespace {

// Kinds of two and more words: a name may begin with a word like `event`, so the longest kind that fits is taken.
constexpr std::array long_kinds = {"text search configuration",
                                   "text search dictionary",
                                   "text search parser",
                                   "text search template",
                                   "foreign data wrapper",
                                   "foreign server",
                                   "operator class",
                                   "operator family",
                                   "event trigger",
                                   "user mapping",
                                   "default privileges",
                                   "access method"};

bool takes_part(std::string_view kind) {
  return kind == "column" || kind == "constraint" || kind == "trigger" || kind == "policy" || kind == "rule";
}

std::size_t kind_length(std::string_view text) {
  for (const std::string_view kind : long_kinds)
    if (text.size() > kind.size() && text.substr(0, kind.size()) == kind && text[kind.size()] == ' ')
      return kind.size();
  return text.find(' ');
}

// One identifier at the front, removed from it; an empty one is none.
std::optional<std::string> take_ident(std::string_view& text) {
  if (text.empty() || text.front() != '"') {
    const auto end = std::min(text.find('.'), text.size());
    std::string ident(text.substr(0, end));
    text.remove_prefix(end);
    if (ident.empty() || ident.find('"') != std::string::npos) return std::nullopt;
    return ident;
  }
  std::string ident;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '"') {
      ident += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      ident += text[i++];
    } else {
      text.remove_prefix(i + 1);
      return ident.empty() ? std::nullopt : std::optional(ident);
    }
  }
  return std::nullopt;
}

// Where a function's argument types begin: the first parenthesis outside quotes.
std::size_t arguments_begin(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '(' && !quoted) return i;
  }
  return std::string_view::npos;
}

std::optional<Key> with_name(Key key, const std::vector<std::string>& idents) {
  const std::size_t parts = takes_part(key.kind) ? 1 : 0;
  if (idents.size() < 1 + parts || idents.size() > 2 + parts) return std::nullopt;
  if (parts == 1) key.part = idents.back();
  const auto last = idents.size() - 1 - parts;
  key.name.name = idents[last];
  if (last == 1) key.name.schema = idents[0];
  return key;
}

}  // namespace

std::string key(std::string_view kind, const Name& name, std::string_view part) {
  std::string text(kind);
  text += ' ';
  text += name.text();
  if (kind == "function") return text += '(', text += part, text += ')';
  if (!part.empty()) text += '.', text += sql::quote_ident(part);
  return text;
}

std::optional<std::vector<std::string>> parse_name(std::string_view text) {
  std::vector<std::string> idents;
  while (true) {
    auto ident = take_ident(text);
    if (!ident) return std::nullopt;
    idents.push_back(std::move(*ident));
    if (text.empty()) return idents;
    if (text.front() != '.' || idents.size() == 3) return std::nullopt;
    text.remove_prefix(1);
  }
}

std::optional<Key> parse_key(std::string_view text) {
  const auto length = kind_length(text);
  if (length == std::string_view::npos || length == 0) return std::nullopt;
  Key key{std::string(text.substr(0, length)), {}, {}};
  text.remove_prefix(length + 1);
  if (key.kind == "function") {
    const auto begin = arguments_begin(text);
    if (begin == std::string_view::npos || text.back() != ')') return std::nullopt;
    key.part = text.substr(begin + 1, text.size() - begin - 2);
    text = text.substr(0, begin);
  }
  const auto idents = parse_name(text);
  if (!idents) return std::nullopt;
  return with_name(std::move(key), *idents);
}

std::string relation_of(std::string_view key) {
  const auto parsed = parse_key(key);
  return parsed ? parsed->name.text() : std::string(key);
}

}  // namespace mig::catalog
