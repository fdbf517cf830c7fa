// The laws for forms: what could follow what, so that a form never reads as something else than it says.
#include <algorithm>

#include "grammar/form.hpp"
#include "grammar/words.hpp"

namespace mig::grammar {
namespace {

// What may stand next at some place: a part, and the word after it where that is certain.
struct Next {
  const Part* part;
  std::string_view then;
};
using Follow = std::vector<Next>;

void firsts_of(const std::vector<Part>& parts, std::size_t from, const Follow& after, Follow& out);

bool nullable(const Part& part) { return part.is == Part::Is::optional || part.is == Part::Is::repeated; }

// The parts that can stand at parts[from]; `after` is what follows the whole sequence.
void firsts_of(const std::vector<Part>& parts, std::size_t from, const Follow& after, Follow& out) {
  for (auto i = from; i < parts.size(); ++i) {
    const auto& part = parts[i];
    const bool word_next = i + 1 < parts.size() && parts[i + 1].is == Part::Is::word;
    if (part.branches.empty()) out.push_back({&part, word_next ? std::string_view(parts[i + 1].text) : ""});
    for (const auto& branch : part.branches) firsts_of(branch, 0, {}, out);
    if (!nullable(part)) return;
  }
  out.insert(out.end(), after.begin(), after.end());
}

bool one_of(Kind kind, std::initializer_list<Kind> list) {
  return std::find(list.begin(), list.end(), kind) != list.end();
}
bool ends_in_expression(Kind kind) {
  return one_of(kind, {Kind::value, Kind::assignments, Kind::definition, Kind::index_list});
}
bool ends_in_type(Kind kind) { return one_of(kind, {Kind::type, Kind::callable, Kind::callables}); }
bool begins_with_parenthesis(Kind kind) {
  return one_of(kind,
                {Kind::names, Kind::condition, Kind::query, Kind::elements, Kind::index_elements, Kind::parameters,
                 Kind::settings, Kind::rows, Kind::labels, Kind::exclude_elements, Kind::type_fields, Kind::arguments});
}
bool takes_any_word(Kind kind) { return one_of(kind, {Kind::word, Kind::words, Kind::privileges}); }
bool begins_with_name(Kind kind) {
  return takes_any_word(kind) ||
         one_of(kind, {Kind::name, Kind::path, Kind::name_list, Kind::path_list, Kind::callable, Kind::callables,
                       Kind::type, Kind::definition, Kind::value, Kind::assignments, Kind::index_list});
}

// `not` continues only before a comparison word, `at` only before time or local (grammar/mig.ebnf, infix).
bool continues_expression(const Next& next) {
  const auto& word = next.part->text;
  if (word == "not") return next.then.empty() || (infix_word(next.then) && next.then != "and" && next.then != "or");
  if (word == "at") return next.then == "time" || next.then == "local";
  return infix_word(word);
}

struct Laws {
  std::vector<std::string> found;

  void expression_then_infix(const Part& hole, const Follow& next) {
    for (const auto& one : next)
      if (one.part->is == Part::Is::word && continues_expression(one))
        found.push_back("`" + one.part->text + "` after (" + hole.text + " " + to_string(hole.kind) +
                        ") would continue the expression");
  }
  void type_then_parenthesis(const Part& hole, const Follow& next) {
    for (const auto& one : next)
      if (one.part->is == Part::Is::hole && begins_with_parenthesis(one.part->kind))
        found.push_back("(" + one.part->text + " " + to_string(one.part->kind) + ") begins with `(`, which (" +
                        hole.text + " " + to_string(hole.kind) + ") before it would take");
  }
  void greedy_words(const Part& hole, const Follow& next) {
    for (const auto& one : next)
      if (one.part->is == Part::Is::word)
        found.push_back("`" + one.part->text + "` after (" + hole.text + " words) would be one of its words");
  }
  // Optional parts that begin with a name, before a word that could be that name.
  void optional_then_word(const Part& part, const Follow& next) {
    Follow begin;
    for (const auto& branch : part.branches) firsts_of(branch, 0, {}, begin);
    for (const auto& first : begin) {
      if (first.part->is != Part::Is::hole || !begins_with_name(first.part->kind)) continue;
      for (const auto& one : next)
        if (one.part->is == Part::Is::word && (!reserved(one.part->text) || takes_any_word(first.part->kind)))
          found.push_back("optional (" + first.part->text + " " + to_string(first.part->kind) + ") before `" +
                          one.part->text + "`, which could be taken for it");
    }
  }
  void hole(const Part& part, const Follow& next) {
    if (ends_in_expression(part.kind)) expression_then_infix(part, next);
    if (ends_in_type(part.kind)) type_then_parenthesis(part, next);
    if (part.kind == Kind::words) greedy_words(part, next);
  }
  void sequence(const std::vector<Part>& parts, const Follow& after) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Follow next;
      firsts_of(parts, i + 1, after, next);
      if (parts[i].is == Part::Is::hole) hole(parts[i], next);
      if (nullable(parts[i])) optional_then_word(parts[i], next);
      if (parts[i].is == Part::Is::repeated) firsts_of(parts[i].branches.front(), 0, {}, next);
      for (const auto& branch : parts[i].branches) sequence(branch, next);
    }
  }
};

std::string phrase_text(const Form& form) {
  std::string text;
  for (const auto& word : form.phrase) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

std::vector<std::string> breaches(const Form& form, const std::vector<Form>& others) {
  Laws laws;
  laws.sequence(form.parts, {});
  if (section_word(form.phrase.front()))
    laws.found.push_back("`" + form.phrase.front() + "` begins a section, so no phrase may begin with it");
  for (const auto& other : others)
    if (other.phrase == form.phrase && other.text != form.text)
      laws.found.push_back("the phrase `" + phrase_text(form) + "` is also that of: " + other.text);
  std::sort(laws.found.begin(), laws.found.end());
  laws.found.erase(std::unique(laws.found.begin(), laws.found.end()), laws.found.end());
  return std::move(laws.found);
}

}  // namespace mig::grammar
