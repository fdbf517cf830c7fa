// Names of constructors and multirange types.
#include "compiler/catalog/range_names.hpp"

#include "compiler/catalog/each_text.hpp"
#include "compiler/sql/words.hpp"

namespace mig::catalog {

namespace {

constexpr std::string_view constructor_label = "constructor ", multirange_label = "multirange ";

// Where a label stands at the beginning or behind a comma.
std::size_t label_at(const std::string& options, std::string_view label) {
  if (options.rfind(label, 0) == 0) return 0;
  const auto at = options.find(std::string(", ").append(label));
  return at == std::string::npos ? at : at + 2;
}

// `end`: of the text that the name may fill.
Name name_behind(const std::string& options, std::string_view label, std::size_t end) {
  const auto at = label_at(options, label);
  if (at == std::string::npos) return {};
  const auto begin = at + label.size();
  const auto parts = parse_name(options.substr(begin, end == std::string::npos ? end : end - begin));
  return parts && parts->size() == 2 ? Name{parts->front(), parts->back()} : Name{};
}

}  // namespace

Name usual_multirange(const Name& range) {
  const auto word = range.name.find("range");
  if (word == std::string::npos) return {range.schema, sql::object_name(range.name, {}, "multirange")};
  return {range.schema, sql::object_name(range.name.substr(0, word) + "multi" + range.name.substr(word), {}, {})};
}

RangeNames range_names(const Type& type) {
  RangeNames names;
  auto second = label_at(type.options, multirange_label);
  names.multirange = name_behind(type.options, multirange_label, std::string::npos);
  if (second != std::string::npos && second >= 2) second -= 2;
  names.constructor = name_behind(type.options, constructor_label, second);
  if (names.constructor.name.empty()) names.constructor = type.name;
  if (names.multirange.name.empty() && type.kind == "range") names.multirange = usual_multirange(type.name);
  return names;
}

std::string with_range_names(const std::string& options, const Name& type, const RangeNames& names) {
  auto made = options;
  const auto add = [&](std::string_view label, const Name& name) {
    made.append(made.empty() ? "" : ", ").append(label).append(name.text());
  };
  if (!names.constructor.name.empty() && names.constructor != type) add(constructor_label, names.constructor);
  if (!names.multirange.name.empty() && names.multirange != usual_multirange(type))
    add(multirange_label, names.multirange);
  return made;
}

void set_range_names(Type& type, const RangeNames& names) {
  const auto first = std::min(label_at(type.options, constructor_label), label_at(type.options, multirange_label));
  auto options = first == std::string::npos ? type.options : type.options.substr(0, first < 2 ? 0 : first - 2);
  type.options = with_range_names(options, type.name, names);
}

void rename_calls(Catalog& catalog, const Name& from, const Name& to) {
  each_text(catalog, [&](const std::string&, std::string& text) {
    if (text.find(sql::quote_ident(from.name)) == std::string::npos) return false;
    const auto words = sql::words(text);
    const auto symbol = [&](std::size_t i, char c) {
      return i < words.size() && words[i].is == sql::Word::Is::symbol && text[words[i].begin] == c;
    };
    const auto name = [&](std::size_t i, const std::string& value) {
      return i < words.size() && words[i].is == sql::Word::Is::name && words[i].value == value;
    };
    bool changed = false;
    for (auto i = words.size(); i-- > 0;) {
      if (!name(i, from.schema) || !symbol(i + 1, '.') || !name(i + 2, from.name) || !symbol(i + 3, '(')) continue;
      text.replace(words[i].begin, words[i + 2].end - words[i].begin, to.text());
      changed = true;
    }
    return changed;
  });
}

}  // namespace mig::catalog
