// Names of sequences, wherever the server prints them.
#include "compiler/catalog/rename_sequence.hpp"

#include <set>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_uses.hpp"
#include "compiler/sql/relation_names.hpp"
#include "compiler/sql/words.hpp"

namespace mig::catalog {

namespace {

using sql::Word;

// The words of a text that name the sequence: constants of regclass, and relations of queries.
struct Places {
  std::vector<Word> constants;
  bool read = false;
};

bool is_name(const std::vector<Word>& words, std::size_t i, const std::string& value) {
  return i < words.size() && words[i].is == Word::Is::name && words[i].value == value;
}
bool is_symbol(const std::string& text, const std::vector<Word>& words, std::size_t i, char c) {
  return i < words.size() && words[i].is == Word::Is::symbol && text[words[i].begin] == c;
}

Places places_of(const std::string& text, const Name& sequence) {
  Places found;
  // Most texts name none at all.
  const bool may =
      text.find(sql::quote_ident(sequence.name)) != std::string::npos || text.find("::regclass") != std::string::npos;
  if (!may) return found;
  const auto words = sql::words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].is == Word::Is::string && words[i].value == sequence.text() && is_symbol(text, words, i + 1, ':') &&
        is_symbol(text, words, i + 2, ':') && is_name(words, i + 3, "regclass"))
      found.constants.push_back(words[i]);
    else if (is_name(words, i, sequence.schema) && is_symbol(text, words, i + 1, '.') &&
             is_name(words, i + 2, sequence.name) && !is_symbol(text, words, i + 3, '(') &&
             (i == 0 || !is_symbol(text, words, i - 1, '.')))
      found.read = true;
  }
  return found;
}

bool follow(std::string& text, const Name& from, const Name& to) {
  const auto places = places_of(text, from);
  for (auto each = places.constants.rbegin(); each != places.constants.rend(); ++each)
    text.replace(each->begin, each->end - each->begin, sql::quote_literal(to.text()));
  if (places.read)
    for (const auto kind : {sql::Text::statement, sql::Text::expression})
      if (auto renamed = sql::rename_relation(text, kind, from.sql(), to.sql())) {
        text = std::move(*renamed);
        break;
      }
  return places.read || !places.constants.empty();
}

}  // namespace

void rename_sequence(Catalog& catalog, const Name& from, const Name& to) {
  auto sequence = *catalog.sequence(from);
  catalog.drop("sequence", from);
  sequence.name = to;
  catalog.put(std::move(sequence));
  each_text(catalog, [&](const std::string&, std::string& text) { return follow(text, from, to); });
  rename_uses(catalog, from, to);
}

std::vector<std::string> users_of_sequence(const Catalog& catalog, const Name& sequence) {
  auto copy = catalog;
  std::set<std::string> keys;
  each_text(copy, [&](const std::string& key, std::string& text) {
    const auto places = places_of(text, sequence);
    if (places.read || !places.constants.empty()) keys.insert(key);
    return false;
  });
  return {keys.begin(), keys.end()};
}

}  // namespace mig::catalog
