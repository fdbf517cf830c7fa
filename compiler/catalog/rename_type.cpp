// Names of types, wherever the server prints them: word by word, so that no version's syntax is in the way.
#include "compiler/catalog/rename_type.hpp"

#include <set>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_uses.hpp"
#include "compiler/sql/words.hpp"

namespace mig::catalog {

namespace {

using sql::Word;

// Replaces words of a text from its end on, so that places before stay right.
struct Splice {
  std::size_t begin, end;
  std::string with;
};
bool splice(std::string& text, const std::vector<Splice>& splices) {
  for (auto each = splices.rbegin(); each != splices.rend(); ++each)
    text.replace(each->begin, each->end - each->begin, each->with);
  return !splices.empty();
}

class TypeNames {
 public:
  TypeNames(const Name& from, const Name& to) : from_(from), to_(to) {}

  bool operator()(std::string& text) {
    if (text.find(sql::quote_ident(from_.name)) == std::string::npos) return false;
    text_ = text;
    words_ = sql::words(text_);
    splices_.clear();
    for (std::size_t i = 0; i < words_.size(); ++i) look_at(i);
    return splice(text, splices_);
  }

 private:
  [[nodiscard]] bool symbol(std::size_t i, char c) const {
    return i < words_.size() && words_[i].is == Word::Is::symbol && text_[words_[i].begin] == c;
  }
  [[nodiscard]] bool name(std::size_t i, const std::string& name) const {
    return i < words_.size() && words_[i].is == Word::Is::name && words_[i].value == name;
  }
  [[nodiscard]] bool cast_before(std::size_t i) const { return i > 1 && symbol(i - 1, ':') && symbol(i - 2, ':'); }

  void look_at(std::size_t i) {
    // A function of the same name has a parenthesis behind it.
    if (name(i, from_.schema) && symbol(i + 1, '.') && name(i + 2, from_.name) && !symbol(i + 3, '(') &&
        !(i > 0 && symbol(i - 1, '.')))
      splices_.push_back({words_[i].begin, words_[i + 2].end, to_.text()});
    else if (name(i, from_.name) && cast_before(i) && !symbol(i + 1, '.'))  // as a user wrote it
      splices_.push_back({words_[i].begin, words_[i].end, to_.text()});
    else if (words_[i].is == Word::Is::string && symbol(i + 1, ':') && symbol(i + 2, ':') && name(i + 3, "regtype"))
      constant(words_[i]);
  }
  // The server prints such constants with the name that the type has.
  void constant(const Word& word) {
    for (const char* suffix : {"", "[]"})
      if (word.value == from_.text() + suffix)
        splices_.push_back({word.begin, word.end, sql::fragment(sql::Literal{to_.text() + suffix}).text()});
  }

  const Name& from_;
  const Name& to_;
  std::string text_;
  std::vector<Word> words_;
  std::vector<Splice> splices_;
};

}  // namespace

Name array_name(const Name& type) { return {type.schema, sql::object_name({}, type.name, {})}; }

void rename_type(Catalog& catalog, const Name& from, const Name& to) {
  auto type = *catalog.type(from);
  catalog.drop("type", from);
  type.name = to;
  type.array = array_name(to);
  catalog.put(std::move(type));
  rename_uses(catalog, from, to);  // of a composite type
  TypeNames names(from, to);
  each_text(catalog, [&](const std::string&, std::string& text) { return names(text); });
  for (const auto& name : catalog.names("function"))
    for (const auto* function : catalog.functions(name))
      if (function->variadic == from) {
        auto changed = *function;
        changed.variadic = to;
        catalog.put(std::move(changed));
        break;  // the list of overloads is another one now
      }
}

std::vector<std::string> users_of_type(const Catalog& catalog, const Name& type) {
  auto copy = catalog;
  std::set<std::string> keys;
  const Name other{type.schema, "_mig_other"};
  TypeNames names(type, other);
  each_text(copy, [&](const std::string& key, std::string& text) {
    auto changed = text;
    if (names(changed)) keys.insert(key);
    return false;
  });
  keys.erase(key("type", type));
  return {keys.begin(), keys.end()};
}

}  // namespace mig::catalog
