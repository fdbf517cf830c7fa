// Questions over a whole snapshot, answered from the index alone.
#include <algorithm>

#include "compiler/catalog/snapshot_store.hpp"

namespace mig::catalog {

namespace {

using lines::Rank;

const std::vector<const Entry*>& holders(const SnapshotIndex& index, std::string_view field, const Name& name) {
  static const std::vector<const Entry*> none;
  const auto& all = index.holders_of(field);
  const auto found = all.find(json_name(name));
  return found == all.end() ? none : found->second;
}

}  // namespace

std::optional<Name> SnapshotStore::index_owner(const Name& index) const {
  for (const auto* entry : holders(object_index_, "index", index))
    if (entry->order.rank <= Rank::view) return entry_name(*entry);
  return std::nullopt;
}

std::vector<Name> SnapshotStore::names(std::string_view kind) const {
  std::vector<Name> names;
  for (const auto* index : {&object_index_, &system_index_})
    for (const auto& entry : index->entries())
      if (entry.kind == kind) names.push_back(entry_name(entry));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());  // overloads
  return names;
}

std::vector<Name> SnapshotStore::referencing(const Name& table) const {
  std::vector<Name> names;
  for (const auto* entry : holders(object_index_, "references", table))
    if (entry->order.rank == Rank::table) names.push_back(entry_name(*entry));
  return names;
}

std::vector<std::pair<std::string, Name>> SnapshotStore::users(const Name& relation) const {
  std::vector<std::pair<std::string, Name>> found;
  for (const auto* entry : holders(object_index_, "relation", relation))
    found.emplace_back(entry->kind, entry_name(*entry));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Name> SnapshotStore::owned_sequences(const Name& table) const {
  std::vector<Name> names;
  for (const auto* entry : holders(object_index_, "owned_by", table))
    if (entry->order.rank == Rank::sequence) names.push_back(entry_name(*entry));
  return names;
}

}  // namespace mig::catalog
