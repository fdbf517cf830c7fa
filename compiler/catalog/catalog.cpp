// Looking up: the overlay of changes first, then the store.
#include "compiler/catalog/catalog.hpp"

#include <algorithm>

#include "compiler/catalog/builtin_types.hpp"

namespace mig::catalog {

namespace {

// A pointer out of a shared one: the overlay or the store goes on owning it.
template <class T, class FromStore>
const T* look(const std::map<Name, std::shared_ptr<T>>& overlay, const Name& name, FromStore from_store) {
  const auto changed = overlay.find(name);
  return changed != overlay.end() ? changed->second.get() : from_store();
}

bool has_index(const std::vector<Index>& indexes, std::string_view name) {
  return std::any_of(indexes.begin(), indexes.end(), [&](const Index& index) { return index.name == name; });
}

template <class T>
const T* with_index(const std::map<Name, std::shared_ptr<T>>& overlay, const Name& index) {
  for (const auto& [name, owner] : overlay)
    if (owner && name.schema == index.schema && has_index(owner->indexes, index.name)) return owner.get();
  return nullptr;
}

}  // namespace

const Table* Catalog::table(const Name& name) const {
  return look(tables_, name, [&] { return store_ ? store_->table(name).get() : nullptr; });
}

const View* Catalog::view(const Name& name) const {
  return look(views_, name, [&] { return store_ ? store_->view(name).get() : nullptr; });
}

const Sequence* Catalog::sequence(const Name& name) const {
  return look(sequences_, name, [&] { return store_ ? store_->sequence(name).get() : nullptr; });
}

const Type* Catalog::type(const Name& name) const {
  return look(types_, name, [&] { return store_ ? store_->type(name).get() : nullptr; });
}

std::vector<const Function*> Catalog::functions(const Name& name) const {
  std::vector<const Function*> found;
  const auto changed = functions_.find(name);
  if (changed != functions_.end())
    for (const auto& function : changed->second) found.push_back(function.get());
  else if (store_)
    for (const auto& function : store_->functions(name)) found.push_back(function.get());
  return found;
}

const Object* Catalog::object(std::string_view kind, const Name& name) const {
  const auto changed = objects_.find({std::string(kind), name});
  if (changed != objects_.end()) return changed->second.get();
  return store_ ? store_->object(kind, name).get() : nullptr;
}

bool Catalog::has_schema(std::string_view schema) const {
  return schema == "pg_catalog" || object("schema", {{}, std::string(schema)}) != nullptr;
}

std::optional<Name> Catalog::find_table(std::string_view schema, std::string_view name) const {
  const auto exists = [&](std::string_view in) -> std::optional<Name> {
    Name candidate{std::string(in), std::string(name)};
    return relation_kind(candidate).empty() ? std::nullopt : std::optional(std::move(candidate));
  };
  if (!schema.empty()) return exists(schema);
  for (const auto& in : server.search_path)
    if (auto found = exists(in)) return found;
  return std::nullopt;
}

std::optional<Name> Catalog::find_type(std::string_view schema, std::string_view name) const {
  // A table's or view's row type is a type of its name.
  const auto exists = [&](std::string_view in) -> std::optional<Name> {
    Name candidate{std::string(in), std::string(name)};
    if (type(candidate) != nullptr || table(candidate) != nullptr || view(candidate) != nullptr) return candidate;
    return in == "pg_catalog" ? builtin_type(name, server.major()) : std::nullopt;
  };
  if (!schema.empty()) return exists(schema);
  // pg_catalog is searched first unless the path names it later (manual 5.9.5).
  if (auto found = exists("pg_catalog")) return found;
  for (const auto& in : server.search_path)
    if (auto found = exists(in)) return found;
  return std::nullopt;
}

std::string Catalog::relation_kind(const Name& name) const {
  if (table(name) != nullptr) return "table";
  if (view(name) != nullptr) return "view";
  if (sequence(name) != nullptr) return "sequence";
  if (table_of_index(name) != nullptr || with_index(views_, name) != nullptr) return "index";
  if (const auto owner = store_ ? store_->index_owner(name) : std::nullopt; owner && views_.count(*owner) == 0)
    if (const auto* owning = view(*owner); owning != nullptr && has_index(owning->indexes, name.name)) return "index";
  const auto* composite = type(name);
  return composite != nullptr && composite->kind == "composite" ? "type" : "";
}

const Table* Catalog::table_of_index(const Name& index) const {
  if (const auto* changed = with_index(tables_, index)) return changed;
  const auto owner = store_ ? store_->index_owner(index) : std::nullopt;
  if (!owner || tables_.count(*owner) != 0) return nullptr;  // changed: then it has lost this index
  return store_->table(*owner).get();
}

std::vector<std::string> Catalog::damage() const { return store_ ? store_->damage() : std::vector<std::string>{}; }

}  // namespace mig::catalog
