// The store in memory, with the reverse references that catalogs ask for.
#include "compiler/catalog/memory.hpp"

#include <algorithm>

namespace mig::catalog {

namespace {

template <class T>
std::shared_ptr<const T> look(const std::map<Name, std::shared_ptr<const T>>& map, const Name& name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}

template <class T>
T all(const std::map<Name, T>& map, const Name& name) {
  const auto found = map.find(name);
  return found == map.end() ? T{} : found->second;
}

template <class Map>
std::vector<Name> keys(const Map& map) {
  std::vector<Name> names;
  names.reserve(map.size());
  for (const auto& entry : map) names.push_back(entry.first);
  return names;
}

std::vector<Name> list(const std::set<Name>& names) { return {names.begin(), names.end()}; }

}  // namespace

void Memory::add(Table table) {
  for (const auto& constraint : table.constraints)
    if (constraint.kind == "foreign key") referencing_[constraint.references].insert(table.name);
  for (const auto& index : table.indexes) index_owners_[{table.name.schema, index.name}] = table.name;
  auto name = table.name;
  tables_[std::move(name)] = std::make_shared<const Table>(std::move(table));
}

void Memory::add(View view) {
  for (const auto& use : view.uses) users_[use.relation].emplace("view", view.name);
  for (const auto& index : view.indexes) index_owners_[{view.name.schema, index.name}] = view.name;
  auto name = view.name;
  views_[std::move(name)] = std::make_shared<const View>(std::move(view));
}

void Memory::add(Sequence sequence) {
  if (!sequence.owned_by.name.empty()) owned_[sequence.owned_by].insert(sequence.name);
  auto name = sequence.name;
  sequences_[std::move(name)] = std::make_shared<const Sequence>(std::move(sequence));
}

void Memory::add(Type type) {
  auto name = type.name;
  types_[std::move(name)] = std::make_shared<const Type>(std::move(type));
}

void Memory::add(Function function) {
  for (const auto& use : function.uses) users_[use.relation].emplace("function", function.name);
  auto& overloads = functions_[function.name];
  const auto after = std::find_if(overloads.begin(), overloads.end(),
                                  [&](const auto& known) { return known->arguments_key > function.arguments_key; });
  overloads.insert(after, std::make_shared<const Function>(std::move(function)));
}

void Memory::add(Object object) {
  for (const auto& use : object.uses) users_[use.relation].emplace(object.kind, object.name);
  auto& slot = objects_[object.kind][object.name];
  slot = std::make_shared<const Object>(std::move(object));
}

std::shared_ptr<const Table> Memory::table(const Name& name) const { return look(tables_, name); }
std::shared_ptr<const View> Memory::view(const Name& name) const { return look(views_, name); }
std::shared_ptr<const Sequence> Memory::sequence(const Name& name) const { return look(sequences_, name); }
std::shared_ptr<const Type> Memory::type(const Name& name) const { return look(types_, name); }

std::vector<std::shared_ptr<const Function>> Memory::functions(const Name& name) const { return all(functions_, name); }

std::shared_ptr<const Object> Memory::object(std::string_view kind, const Name& name) const {
  const auto of_kind = objects_.find(kind);
  return of_kind == objects_.end() ? nullptr : look(of_kind->second, name);
}

std::optional<Name> Memory::index_owner(const Name& index) const {
  const auto found = index_owners_.find(index);
  return found == index_owners_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Name> Memory::names(std::string_view kind) const {
  if (kind == "table") return keys(tables_);
  if (kind == "view") return keys(views_);
  if (kind == "sequence") return keys(sequences_);
  if (kind == "type") return keys(types_);
  if (kind == "function") return keys(functions_);
  const auto of_kind = objects_.find(kind);
  return of_kind == objects_.end() ? std::vector<Name>{} : keys(of_kind->second);
}

std::vector<Name> Memory::referencing(const Name& table) const { return list(all(referencing_, table)); }
std::vector<Name> Memory::owned_sequences(const Name& table) const { return list(all(owned_, table)); }

std::vector<std::pair<std::string, Name>> Memory::users(const Name& relation) const {
  const auto found = all(users_, relation);
  return {found.begin(), found.end()};
}

}  // namespace mig::catalog
