// Expectations, and the index of verb phrases.
#include "compiler/syntax/parsing.hpp"

namespace mig::syntax {

bool Expectations::reach(std::uint32_t offset) {
  if (offset < furthest) return false;
  if (offset > furthest) {
    furthest = offset;
    list.clear();
    words.clear();
    hints.clear();
    finished_form.reset();
  }
  return true;
}

void Expectations::expect(std::uint32_t offset, One one) {
  if (!reach(offset)) return;
  if (one.keyword) words.push_back(one.text);
  list.push_back(one);
}

void Expectations::summarise(std::uint32_t offset, std::size_t mark, const char* sentence) {
  if (offset != furthest) return;
  list.resize(std::min(mark, list.size()));
  if (*sentence != '\0') list.push_back({sentence, true, false});
}

Verbs::Verbs(const grammar::Vocabulary& vocabulary) : forms_(vocabulary.forms) {
  for (std::size_t i = 0; i < forms_.size(); ++i) index(i);
}

void Verbs::add(grammar::Form form) {
  own_.push_back(std::make_unique<grammar::Form>(std::move(form)));
  index(size() - 1);
}

const grammar::Form& Verbs::operator[](std::size_t index) const {
  return index < forms_.size() ? forms_[index] : *own_[index - forms_.size()];
}

void Verbs::index(std::size_t form) {
  auto& list = by_word_[(*this)[form].phrase.front()];
  const auto longer = [&](std::size_t a, std::size_t b) { return (*this)[a].phrase.size() > (*this)[b].phrase.size(); };
  list.insert(std::upper_bound(list.begin(), list.end(), form, longer), form);
}

std::vector<std::size_t> Verbs::at(const grammar::Tokens& tokens, std::size_t token) const {
  std::vector<std::size_t> found;
  const auto& first = tokens.list[token];
  if (first.token != grammar::Token::word || first.end - first.begin > 63) return found;
  std::string word(tokens.text_of(first));
  for (auto& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  const auto list = by_word_.find(word);
  if (list == by_word_.end()) return found;
  const auto stands = [&](const grammar::Form& form) {
    for (std::size_t i = 1; i < form.phrase.size(); ++i)
      if (token + i >= tokens.list.size() || !tokens.is(tokens.list[token + i], form.phrase[i])) return false;
    return true;
  };
  for (const auto index : list->second) {
    const auto& form = (*this)[index];
    if (!found.empty() && form.phrase.size() < (*this)[found.front()].phrase.size()) break;
    if (stands(form)) found.push_back(index);
  }
  return found;
}

bool Verbs::begins(const grammar::Tokens& tokens, std::size_t token) const { return !at(tokens, token).empty(); }

Parsing::Parsing(const source::Files& all, std::uint32_t index, const grammar::Vocabulary& vocabulary,
                 diagnostics::Sink& to)
    : files(all), file(index), sink(to), verbs(vocabulary), tokens_(grammar::tokenise(all[index].text)) {}

}  // namespace mig::syntax
