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

}  // namespace

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
