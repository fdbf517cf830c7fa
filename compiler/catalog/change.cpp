// Changing: copy on first write; what other copies of the catalog see stays as it is.
#include <algorithm>
#include <cassert>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

namespace {

template <class T>
void put_into(std::map<Name, std::shared_ptr<T>>& overlay, T value) {
  auto name = value.name;
  overlay.insert_or_assign(std::move(name), std::make_shared<T>(std::move(value)));
}

// Parts other than columns have no order of their own: by name, as introspection has them.
void sort_parts(auto& parts) {
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

template <class Map>
bool same_entry(const Map& earlier, const typename Map::value_type& entry) {
  const auto found = earlier.find(entry.first);
  return found != earlier.end() && found->second == entry.second;
}

// Names whose entry is another pointer than before: written since, perhaps with what was there.
template <class Map, class KeyOf>
void written_since(const Map& earlier, const Map& now, std::vector<std::string>& keys, KeyOf key_of) {
  for (const auto& entry : now)
    if (!same_entry(earlier, entry)) key_of(entry.first, keys);
}

auto of_kind(const char* kind) {
  return [kind](const Name& name, std::vector<std::string>& keys) { keys.push_back(key(kind, name)); };
}

}  // namespace

std::vector<std::string> Catalog::changed_since(const Catalog& earlier) const {
  std::vector<std::string> keys;
  written_since(earlier.tables_, tables_, keys, of_kind("table"));
  written_since(earlier.views_, views_, keys, of_kind("view"));
  written_since(earlier.sequences_, sequences_, keys, of_kind("sequence"));
  written_since(earlier.types_, types_, keys, of_kind("type"));
  written_since(earlier.objects_, objects_, keys,
                [](const auto& name, std::vector<std::string>& out) { out.push_back(key(name.first, name.second)); });
  written_since(earlier.functions_, functions_, keys, [&](const Name& name, std::vector<std::string>& out) {
    for (const auto* catalog : {&earlier, this})
      for (const auto* function : catalog->functions(name))
        out.push_back(key("function", name, function->arguments_key));
  });
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::erase_if(keys, [&](const auto& each) { return fingerprint(earlier, each) == fingerprint(*this, each); });
  return keys;
}

Table& Catalog::edit_table(const Name& name) {
  auto& slot = tables_[name];
  if (!slot) {
    const auto original = store_ ? store_->table(name) : nullptr;
    assert(original && "an operation edits a table that its check found");
    slot = std::make_shared<Table>(original ? *original : Table{});
  } else if (slot.use_count() > 1) {
    slot = std::make_shared<Table>(*slot);
  }
  return *slot;
}

void Catalog::put(Table table) {
  sort_parts(table.constraints);
  sort_parts(table.indexes);
  sort_parts(table.triggers);
  sort_parts(table.policies);
  sort_parts(table.rules);
  std::sort(table.children.begin(), table.children.end());
  put_into(tables_, std::move(table));
}

void Catalog::put(View view) { put_into(views_, std::move(view)); }
void Catalog::put(Sequence sequence) { put_into(sequences_, std::move(sequence)); }
void Catalog::put(Type type) { put_into(types_, std::move(type)); }

void Catalog::put(Function function) {
  auto [slot, fresh] = functions_.try_emplace(function.name);
  if (fresh && store_)
    for (const auto& known : store_->functions(function.name))
      slot->second.push_back(std::make_shared<Function>(*known));
  auto& overloads = slot->second;
  std::erase_if(overloads, [&](const auto& known) { return known->arguments_key == function.arguments_key; });
  const auto after = std::find_if(overloads.begin(), overloads.end(),
                                  [&](const auto& known) { return known->arguments_key > function.arguments_key; });
  overloads.insert(after, std::make_shared<Function>(std::move(function)));
}

void Catalog::put(Object object) {
  auto key = std::pair(object.kind, object.name);
  objects_.insert_or_assign(std::move(key), std::make_shared<Object>(std::move(object)));
}

void Catalog::drop(std::string_view kind, const Name& name) {
  if (kind == "table")
    tables_[name] = nullptr;
  else if (kind == "view")
    views_[name] = nullptr;
  else if (kind == "sequence")
    sequences_[name] = nullptr;
  else if (kind == "type")
    types_[name] = nullptr;
  else if (kind == "function")
    functions_[name].clear();
  else
    objects_[{std::string(kind), name}] = nullptr;
}

}  // namespace mig::catalog
