// Labels of enums in constants: `'paid'::public.state`, `'{paid,new}'::public.state[]`, bounds of partitions.
#include <algorithm>
#include <functional>
#include <set>

#include "compiler/catalog/each_text.hpp"
#include "compiler/catalog/rename_type.hpp"
#include "compiler/sql/words.hpp"

namespace mig::catalog {

namespace {

using sql::Word;

std::string quoted(const std::string& text) { return sql::fragment(sql::Literal{text}).text(); }

// An element of an array constant, quoted where array_out() quotes it.
std::string element(const std::string& text) {
  const auto plain = [](char c) {
    return c != '"' && c != '\\' && c != '{' && c != '}' && c != ',' && c != ' ' && c != '\t' && c != '\n' &&
           c != '\r' && c != '\v' && c != '\f';
  };
  auto small = text;
  for (auto& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!text.empty() && small != "null" && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

// The array constant with this element called by its new name.
std::string in_array(const std::string& text, const std::string& from, const std::string& to) {
  std::string made;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '{' || text[i] == '}' || text[i] == ',') {
      made += text[i++];
      continue;
    }
    const auto begin = i;
    std::string value;
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        value += text[i] == '\\' && i + 1 < text.size() ? text[++i] : text[i];
      i = std::min(i + 1, text.size());
    } else {
      while (i < text.size() && text[i] != ',' && text[i] != '}') value += text[i++];
    }
    made += value == from ? element(to) : text.substr(begin, i - begin);
  }
  return made;
}

class Labels {
 public:
  Labels(const Catalog& catalog, const Name& type, const std::string& from, const std::string& to)
      : from_(from), to_(to) {
    types_.insert(type);
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& name : catalog.names("type"))
        if (const auto* each = catalog.type(name); each && each->kind == "domain" && is_one(each->base))
          grown = types_.insert(name).second || grown;
    }
    for (const auto& name : catalog.names("table")) add_columns(catalog.table(name)->columns);
    for (const auto& name : catalog.names("view")) add_columns(catalog.view(name)->columns);
  }

  // A column's or domain's type: of the enum, or a domain over it.
  [[nodiscard]] bool is_one(const std::string& type) const {
    return std::any_of(types_.begin(), types_.end(), [&](const Name& name) { return name.text() == type; });
  }
  [[nodiscard]] bool is_array(const std::string& type) const {
    return type.size() > 2 && type.substr(type.size() - 2) == "[]" && is_one(type.substr(0, type.size() - 2));
  }

  bool operator()(const std::string& key, std::string& text) const {
    if (!may_name(text)) return false;
    const auto words = sql::words(text);
    const bool bare = key.rfind("trigger ", 0) != 0 && key.rfind("function ", 0) != 0 && mentions_value(key, words);
    auto made = text;
    for (std::size_t i = words.size(); i-- > 0;)
      if (words[i].is == Word::Is::string) made = constant(text, words, i, bare, std::move(made));
    return change(text, std::move(made));
  }

  // The default of a column of the type as a user wrote it: a bare string.
  bool bare(std::string& text, const std::string& type) const {
    const auto words = sql::words(text);
    if (words.size() != 1 || words.front().is != Word::Is::string) return false;
    const auto& value = words.front().value;
    if (is_one(type) && value == from_) return change(text, quoted(to_));
    return is_array(type) && change(text, quoted(in_array(value, from_, to_)));
  }

  // FOR VALUES IN ('a', 'b'), FROM ('a', 1) TO ('b', 1): values at these places of the key are of the type.
  bool bound(std::string& text, const std::vector<bool>& places) const {
    if (!may_name(text)) return false;
    const auto words = sql::words(text);
    const bool list = text.find(" IN (") != std::string::npos;
    auto made = text;
    std::vector<std::size_t> place(words.size());
    for (std::size_t i = 0, at = 0; i < words.size(); ++i) {
      if (text[words[i].begin] == '(') at = 0;
      if (text[words[i].begin] == ',') ++at;
      place[i] = list ? 0 : at;
    }
    for (std::size_t i = words.size(); i-- > 0;)
      if (words[i].is == Word::Is::string && words[i].value == from_ && place[i] < places.size() && places[place[i]])
        made.replace(words[i].begin, words[i].end - words[i].begin, quoted(to_));
    return change(text, std::move(made));
  }

 private:
  [[nodiscard]] bool may_name(const std::string& text) const { return text.find('\'') != std::string::npos; }
  static bool change(std::string& text, std::string made) {
    if (made == text) return false;
    text = std::move(made);
    return true;
  }

  void add_columns(const std::vector<Column>& columns) {
    for (const auto& column : columns)
      if (is_one(column.type)) columns_.insert(column.name);
  }

  // The constant at `i`, spliced into `made`, of which only what follows it has been changed.
  [[nodiscard]] std::string constant(const std::string& text, const std::vector<Word>& words, std::size_t i, bool bare,
                                     std::string made) const {
    const auto symbol = [&](std::size_t at, char c) {
      return at < words.size() && words[at].is == Word::Is::symbol && text[words[at].begin] == c;
    };
    const auto& value = words[i].value;
    const bool cast = symbol(i + 1, ':') && symbol(i + 2, ':');
    const auto type = cast ? type_at(words, i + 3, symbol) : 0;
    if (type == 0 && (cast || !bare)) return made;
    const auto changed = type != 0 && symbol(type, '[') ? in_array(value, from_, to_) : value == from_ ? to_ : value;
    if (changed != value) made.replace(words[i].begin, words[i].end - words[i].begin, quoted(changed));
    return made;
  }
  // The server casts every constant; a user compares a column of the type, or a domain's value, with a bare string.
  [[nodiscard]] bool mentions_value(const std::string& of, const std::vector<Word>& words) const {
    const bool domain =
        std::any_of(types_.begin(), types_.end(), [&](const Name& name) { return of == key("type", name); });
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
      return word.is == Word::Is::name && ((domain && word.value == "value") || columns_.count(word.value) != 0);
    });
  }
  // Behind the type's name, or 0: it is another type. A bare name is as a user wrote it.
  [[nodiscard]] std::size_t type_at(const std::vector<Word>& words, std::size_t i,
                                    const std::function<bool(std::size_t, char)>& symbol) const {
    if (i >= words.size() || words[i].is != Word::Is::name) return 0;
    const bool qualified = symbol(i + 1, '.') && i + 2 < words.size() && words[i + 2].is == Word::Is::name;
    for (const auto& name : types_) {
      if (qualified && words[i].value == name.schema && words[i + 2].value == name.name) return i + 3;
      if (!qualified && words[i].value == name.name) return i + 1;
    }
    return 0;
  }

  std::set<Name> types_;
  std::set<std::string> columns_;
  const std::string& from_;
  const std::string& to_;
};

// Defaults and bounds, which name labels without their type.
void bare_labels(Catalog& catalog, const Labels& labels, const ChangeText& changed) {
  for (const auto& name : catalog.names("table")) {
    auto table = *catalog.table(name);
    bool any = false;
    for (auto& column : table.columns)
      if (auto text = column.default_; labels.bare(text, column.type))
        any = changed(key("column", name, column.name), column.default_ = text) || any;
    if (const auto* parent = table.partition_of.name.empty() ? nullptr : catalog.table(table.partition_of)) {
      std::vector<bool> places;
      for (const auto& column : parent->partition_columns) {
        const auto* found = parent->column(column);
        places.push_back(found && labels.is_one(found->type));
      }
      if (auto text = table.partition_bound; labels.bound(text, places))
        any = changed(key("table", name), table.partition_bound = text) || any;
    }
    if (any) catalog.put(std::move(table));
  }
  for (const auto& name : catalog.names("type"))
    if (const auto* type = catalog.type(name); type && type->kind == "domain" && !type->system) {
      auto made = *type;
      if (labels.bare(made.default_, made.base) && changed(key("type", name), made.default_)) catalog.put(made);
    }
}

}  // namespace

void rename_label(Catalog& catalog, const Name& type, const std::string& from, const std::string& to) {
  const Labels labels(catalog, type, from, to);
  each_text(catalog, labels);
  bare_labels(catalog, labels, [](const std::string&, std::string&) { return true; });
  auto changed = *catalog.type(type);
  std::replace(changed.labels.begin(), changed.labels.end(), from, to);
  catalog.put(std::move(changed));
}

std::vector<std::string> users_of_label(const Catalog& catalog, const Name& type, const std::string& label) {
  auto copy = catalog;
  std::set<std::string> keys;
  const std::string other = "_mig_other";
  const Labels labels(catalog, type, label, other);
  each_text(copy, [&](const std::string& key, std::string& text) {
    auto changed = text;
    if (labels(key, changed)) keys.insert(key);
    return false;
  });
  bare_labels(copy, labels, [&](const std::string& key, std::string&) {
    keys.insert(key);
    return true;
  });
  return {keys.begin(), keys.end()};
}

}  // namespace mig::catalog
