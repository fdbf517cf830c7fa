// What differs between two catalogs, by key and field.
#include <algorithm>
#include <iterator>

#include "compiler/catalog/lines.hpp"
#include "compiler/catalog/same.hpp"
#include "compiler/sql/parse.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::catalog {

namespace same {

bool texts(const std::string& left, const std::string& right, Role role, Compare how) {
  if (left == right) return true;
  if (how != Compare::model || role != Role::expression || left.empty() || right.empty()) return false;
  return sql::same_expression(left, right) || sql::same_statement(left, right);
}

}  // namespace same

namespace {

// Texts are said as they are, everything else as in a snapshot.
template <class T>
std::string said(const T& value) {
  std::string out;
  if constexpr (std::same_as<T, std::string>)
    out = value;
  else
    text::append(out, value, text::Roles{.derived = false});
  return out;
}

class Differ {
 public:
  explicit Differ(Compare how) : how_(how) {}
  std::vector<Difference> take() && { return std::move(found_); }

  template <text::Fielded T>
  void fields(const std::string& key, const T& left, const T& right) {
    same::side_by_side(left, right, [&](const char* field, const auto& a, const auto& b, Role role) {
      if (!same::values(a, b, role, how_)) found_.push_back({key, field, said(a), said(b)});
    });
  }

  // Pairs parts by name; `key_of` names a part that is on one side only.
  template <class T>
  void parts(const std::vector<T>& left, const std::vector<T>& right, auto key_of) {
    std::map<std::string_view, std::pair<const T*, const T*>> pairs;
    for (const auto& part : left) pairs[part.name].first = &part;
    for (const auto& part : right) pairs[part.name].second = &part;
    for (const auto& [name, pair] : pairs) whole(key_of(std::string(name)), pair.first, pair.second);
  }

  // Compares where both are there; true when so.
  template <class T>
  bool whole(const std::string& key, const T* left, const T* right) {
    if (left != nullptr && right != nullptr) return fields(key, *left, *right), true;
    const auto text = [](const T* value) { return value == nullptr ? std::string("absent") : said(*value); };
    if (left != nullptr || right != nullptr) found_.push_back({key, {}, text(left), text(right)});
    return false;
  }

  // Columns that both sides have must stand in the same order: SELECT * shows it.
  void order(const std::string& key, const std::vector<Column>& left, const std::vector<Column>& right) {
    const auto shared = [](const std::vector<Column>& of, const std::vector<Column>& with) {
      std::vector<std::string> names;
      for (const auto& column : of)
        if (std::any_of(with.begin(), with.end(), [&](const Column& other) { return other.name == column.name; }))
          names.push_back(column.name);
      return names;
    };
    const auto a = shared(left, right), b = shared(right, left);
    if (a != b) found_.push_back({key, "column order", said(a), said(b)});
  }

 private:
  Compare how_;
  std::vector<Difference> found_;
};

auto part_key(std::string_view kind, const Name& relation) {
  return [kind, relation](const std::string& part) { return key(kind, relation, part); };
}
auto index_key(const Name& relation) {
  return [relation](const std::string& index) { return key("index", {relation.schema, index}); };
}

void compare(Differ& differ, const Name& name, const Table* left, const Table* right) {
  const auto own = key("table", name);
  if (!differ.whole(own, left, right)) return;
  differ.order(own, left->columns, right->columns);
  differ.parts(left->columns, right->columns, part_key("column", name));
  differ.parts(left->constraints, right->constraints, part_key("constraint", name));
  differ.parts(left->indexes, right->indexes, index_key(name));
  differ.parts(left->triggers, right->triggers, part_key("trigger", name));
  differ.parts(left->policies, right->policies, part_key("policy", name));
  differ.parts(left->rules, right->rules, part_key("rule", name));
}

void compare(Differ& differ, const Name& name, const View* left, const View* right) {
  const auto own = key("view", name);
  if (!differ.whole(own, left, right)) return;
  differ.order(own, left->columns, right->columns);
  differ.parts(left->columns, right->columns, part_key("column", name));
  differ.parts(left->indexes, right->indexes, index_key(name));
  differ.parts(left->triggers, right->triggers, part_key("trigger", name));
  differ.parts(left->rules, right->rules, part_key("rule", name));
}

std::vector<Name> either(const Catalog& left, const Catalog& right, std::string_view kind) {
  const auto a = left.names(kind), b = right.names(kind);
  std::vector<Name> names;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(names));
  return names;
}

// pg_catalog's own objects belong to the server, not to the schema.
template <class T>
const T* own(const T* object) {
  return object != nullptr && object->system ? nullptr : object;
}

void compare_functions(Differ& differ, const Catalog& left, const Catalog& right, const Name& name) {
  std::map<std::string_view, std::pair<const Function*, const Function*>> pairs;
  for (const auto* function : left.functions(name)) pairs[function->arguments_key].first = own(function);
  for (const auto* function : right.functions(name)) pairs[function->arguments_key].second = own(function);
  for (const auto& [arguments, pair] : pairs) differ.whole(key("function", name, arguments), pair.first, pair.second);
}

}  // namespace

std::vector<Difference> diff(const Catalog& left, const Catalog& right, Compare how) {
  Differ differ(how);
  for (const auto& name : either(left, right, "table")) compare(differ, name, left.table(name), right.table(name));
  for (const auto& name : either(left, right, "view")) compare(differ, name, left.view(name), right.view(name));
  for (const auto& name : either(left, right, "sequence"))
    differ.whole(key("sequence", name), left.sequence(name), right.sequence(name));
  for (const auto& name : either(left, right, "type"))
    differ.whole(key("type", name), own(left.type(name)), own(right.type(name)));
  for (const auto& name : either(left, right, "function")) compare_functions(differ, left, right, name);
  for (const auto& kind : lines::object_kinds())
    for (const auto& name : either(left, right, kind)) {
      const auto *a = own(left.object(kind, name)), *b = own(right.object(kind, name));
      // Which roles are in use follows from owners and rights, which are compared themselves.
      if (kind != "role" || (a != nullptr && b != nullptr)) differ.whole(key(kind, name), a, b);
    }
  auto found = std::move(differ).take();
  std::stable_sort(found.begin(), found.end(), [](const Difference& a, const Difference& b) { return a.key < b.key; });
  return found;
}

}  // namespace mig::catalog
