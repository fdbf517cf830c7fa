// Questions over the whole catalog: names of a kind, who refers to a table, who uses it, what hangs below it.
#include <algorithm>
#include <iterator>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

namespace {

using User = std::pair<std::string, Name>;

template <class T>
bool present(const std::shared_ptr<T>& changed) {
  return changed != nullptr;
}
template <class T>
bool present(const std::vector<T>& overloads) {
  return !overloads.empty();
}

template <class T>
void merge_names(std::vector<Name>& names, const std::map<Name, T>& overlay) {
  std::erase_if(names, [&](const Name& name) { return overlay.count(name) != 0; });
  for (const auto& [name, changed] : overlay)
    if (present(changed)) names.push_back(name);
}

bool uses(const std::vector<Use>& list, const Name& relation) {
  return std::any_of(list.begin(), list.end(), [&](const Use& use) { return use.relation == relation; });
}

bool refers(const Table& table, const Name& to) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const Constraint& constraint) {
    return constraint.kind == "foreign key" && constraint.references == to;
  });
}

void sort_unique(auto& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

std::vector<Name> Catalog::names(std::string_view kind) const {
  auto names = store_ ? store_->names(kind) : std::vector<Name>{};
  if (kind == "table")
    merge_names(names, tables_);
  else if (kind == "view")
    merge_names(names, views_);
  else if (kind == "sequence")
    merge_names(names, sequences_);
  else if (kind == "type")
    merge_names(names, types_);
  else if (kind == "function")
    merge_names(names, functions_);
  else
    for (const auto& [key, object] : objects_)
      if (key.first == kind) {
        std::erase(names, key.second);
        if (object) names.push_back(key.second);
      }
  sort_unique(names);
  return names;
}

std::vector<Name> Catalog::referencing(const Name& table) const {
  auto found = store_ ? store_->referencing(table) : std::vector<Name>{};
  std::erase_if(found, [&](const Name& name) { return tables_.count(name) != 0; });
  for (const auto& [name, changed] : tables_)
    if (changed && refers(*changed, table)) found.push_back(name);
  sort_unique(found);
  return found;
}

std::vector<User> Catalog::users(const Name& relation) const {
  auto found = store_ ? store_->users(relation) : std::vector<User>{};
  std::erase_if(found, [&](const User& user) {
    if (user.first == "view") return views_.count(user.second) != 0;
    if (user.first == "function") return functions_.count(user.second) != 0;
    return objects_.count(user) != 0;
  });
  for (const auto& [name, view] : views_)
    if (view && uses(view->uses, relation)) found.emplace_back("view", name);
  for (const auto& [name, overloads] : functions_)
    for (const auto& function : overloads)
      if (uses(function->uses, relation)) found.emplace_back("function", name);
  for (const auto& [key, object] : objects_)
    if (object && uses(object->uses, relation)) found.push_back(key);
  sort_unique(found);
  return found;
}

std::vector<Name> Catalog::owned_sequences(const Name& table) const {
  auto found = store_ ? store_->owned_sequences(table) : std::vector<Name>{};
  std::erase_if(found, [&](const Name& name) { return sequences_.count(name) != 0; });
  for (const auto& [name, changed] : sequences_)
    if (changed && changed->owned_by == table) found.push_back(name);
  sort_unique(found);
  return found;
}

std::vector<Name> Catalog::tree(const Name& root) const {
  std::vector<Name> found{root};
  for (std::size_t i = 0; i < found.size(); ++i)
    if (const auto* parent = table(found[i]))
      // Plain inheritance may reach a table by two ways.
      for (const auto& child : parent->children)
        if (std::find(found.begin(), found.end(), child) == found.end()) found.push_back(child);
  return found;
}

}  // namespace mig::catalog
