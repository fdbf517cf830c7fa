// Recovery: skips by tokens, so that strings, comments and bodies never mislead it. Linear: it never looks back.
#include "compiler/syntax/recovery.hpp"

#include <algorithm>

#include "compiler/diagnostics/suggest.hpp"

namespace mig::syntax {
namespace {

using grammar::Token;
using Words = std::vector<std::string>;

bool sign(const grammar::Tokens& tokens, std::size_t token, std::string_view text) {
  return token < tokens.list.size() && tokens.list[token].token != Token::end &&
         tokens.text_of(tokens.list[token]) == text;
}

bool first_of_line(const grammar::Tokens& tokens, std::size_t token) {
  if (token == 0) return true;
  const auto begin = tokens.list[token - 1].end;
  return tokens.text.substr(begin, tokens.list[token].begin - begin).find('\n') != std::string_view::npos;
}

// Inside a list a line may begin with anything, also with a verb that is a column's name.
bool in_list(const grammar::Tokens& tokens, std::size_t token) {
  return token > 0 && (sign(tokens, token - 1, ",") || sign(tokens, token - 1, "("));
}

bool is_one_of(const grammar::Tokens& tokens, std::size_t token, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](const auto& word) { return tokens.is(tokens.list[token], word); });
}

bool takes_operations(Items items) { return items == Items::file || items == Items::sections || items == Items::phase; }

// A section's first word that stands as the head of one: `verify {`, `contract after …`, `migration name …`.
bool heads_section(const grammar::Tokens& tokens, std::size_t token) {
  static const Words with_brace{"policy", "backup", "require", "verify", "expand"};
  static const Words with_name{"checkpoint", "publish", "measure"};
  if (is_one_of(tokens, token, with_brace)) return sign(tokens, token + 1, "{");
  if (tokens.is(tokens.list[token], "contract"))
    return sign(tokens, token + 1, "{") || is_one_of(tokens, token + 1, {"after", "when", "retain"});
  return is_one_of(tokens, token, with_name) && tokens.list[token + 1].token == Token::word;
}

bool heads_declaration(const grammar::Tokens& tokens, std::size_t token) {
  static const Words words{"migration", "repeatable", "source", "values", "function"};
  return is_one_of(tokens, token, words) && tokens.list[token + 1].token == Token::word && first_of_line(tokens, token);
}

}  // namespace

const std::vector<std::string>& item_words(Items items) {
  static const Words file{"use",    "include",  "parameter", "time zone",  "skip",     "source",
                          "values", "function", "step",      "repeatable", "migration"};
  static const Words sections{"policy",     "backup",  "measure", "require", "verify", "expand",     "contract",
                              "checkpoint", "publish", "skip",    "include", "map",    "when server"};
  static const Words phase{"include", "map", "when server"};
  static const Words map{"key", "check", "on duplicate", "on missing", "on changed", "back", "accept"};
  static const Words back{"accept"};
  static const Words expects{"expect"};
  static const Words examples{"inverse", "example"};
  static const Words none;
  switch (items) {
    case Items::file:
      return file;
    case Items::sections:
      return sections;
    case Items::phase:
      return phase;
    case Items::map:
      return map;
    case Items::back:
      return back;
    case Items::expects:
      return expects;
    case Items::examples:
      return examples;
    case Items::assignments:
    case Items::rules:
    case Items::fields:
    case Items::values:
      return none;
  }
  return none;
}

std::optional<Items> block_of(std::string_view word) {
  struct Head {
    std::string_view word;
    Items items;
  };
  static constexpr Head heads[]{
      {"migration", Items::sections}, {"step", Items::sections},  {"repeatable", Items::phase},
      {"expand", Items::phase},       {"contract", Items::phase}, {"when", Items::phase},
      {"policy", Items::rules},       {"backup", Items::rules},   {"require", Items::expects},
      {"verify", Items::expects},     {"map", Items::map},        {"back", Items::back},
      {"source", Items::fields},      {"values", Items::values}};
  std::vector<std::string> known;
  for (const auto& head : heads) {
    if (grammar::equal_fold(word, head.word)) return head.items;
    known.emplace_back(head.word);
  }
  // expnd { … } is read as what was meant: its items have mistakes of their own.
  const auto near = word.size() > 3 ? diagnostics::nearest(word, known, 1) : Words{};
  return near.empty() ? std::nullopt : block_of(near.front());
}

bool begins_item(const Parsing& parsing, Items items, std::size_t token) {
  const auto& tokens = parsing.tokens();
  if (tokens.list[token].token == Token::end) return false;
  for (const auto& words : item_words(items)) {
    const auto space = words.find(' ');
    if (!tokens.is(tokens.list[token], words.substr(0, space))) continue;
    if (space == std::string::npos || tokens.is(tokens.list[token + 1], words.substr(space + 1))) return true;
  }
  if (takes_operations(items)) return parsing.verbs.begins(tokens, token);
  switch (items) {
    case Items::map:
    case Items::back:
    case Items::assignments:
      return sign(tokens, token + 1, "=");
    case Items::rules:
    case Items::fields:
      return tokens.list[token].token == Token::word || tokens.list[token].token == Token::quoted;
    case Items::values:
      return sign(tokens, token + 1, "<->") || sign(tokens, token + 1, "->") || tokens.is(tokens.list[token], "else");
    default:
      return false;
  }
}

bool belongs_outside(const Parsing& parsing, Items items, std::size_t token) {
  const auto& tokens = parsing.tokens();
  if (tokens.list[token].token != Token::word || items == Items::file) return false;
  // A field, rule or assignment may have any name: only what could be none of them tells.
  const bool any_name = items == Items::fields || items == Items::rules;
  if (heads_section(tokens, token)) return items != Items::sections && !(any_name && !sign(tokens, token + 1, "{"));
  return !any_name && heads_declaration(tokens, token);
}

Resume resume(const Parsing& parsing, Items items, std::uint32_t begin, std::uint32_t from, bool enter) {
  const auto& tokens = parsing.tokens();
  const auto first = tokens.index[begin];
  const auto inner = block_of(tokens.text_of(tokens.list[first]));
  int depth = 0;
  for (auto i = first; i < tokens.index[from]; ++i) depth += sign(tokens, i, "{") - sign(tokens, i, "}");
  for (std::size_t i = tokens.index[from]; i + 1 < tokens.list.size(); ++i) {
    const auto next = tokens.list[i + 1].begin;
    const bool own = i == first;
    if (depth <= 0 && !own && first_of_line(tokens, i) && !in_list(tokens, i) &&
        (begins_item(parsing, items, i) || belongs_outside(parsing, items, i)))
      return {tokens.list[i].begin};
    if (sign(tokens, i, "{")) {
      if (depth <= 0 && enter && inner) return {tokens.list[i].begin, true};
      ++depth;
    } else if (sign(tokens, i, "}")) {
      if (depth <= 0) return own ? Resume{next} : Resume{tokens.list[i].begin};
      if (--depth == 0 && !sign(tokens, i + 1, ";") && !sign(tokens, i + 1, "]")) return {next};
    } else if (depth <= 0 && sign(tokens, i, ";")) {
      return {next};
    }
  }
  return {tokens.list.back().begin};
}

}  // namespace mig::syntax
