// Renaming a table: PostgreSQL refers to it by oid, so everything that names it follows.
#include <algorithm>
#include <cassert>

#include "compiler/catalog/catalog.hpp"

namespace mig::catalog {

namespace {

void follow(Name& name, const Name& from, const Name& to) {
  if (name == from) name = to;
}

void follow(std::vector<Name>& names, const Name& from, const Name& to) {
  for (auto& name : names) follow(name, from, to);
}

void follow(std::vector<Use>& uses, const Name& from, const Name& to) {
  for (auto& use : uses) follow(use.relation, from, to);
  std::sort(uses.begin(), uses.end());
}

}  // namespace

void Catalog::rename_uses(const Name& from, const Name& to) {
  for (const auto& [kind, name] : users(from)) {
    if (kind == "view") {
      auto user = *view(name);
      follow(user.uses, from, to);
      put(std::move(user));
    } else if (kind == "function") {
      for (const auto* overload : functions(name)) {
        auto user = *overload;
        follow(user.uses, from, to);
        put(std::move(user));
      }
    } else {
      auto user = *object(kind, name);
      follow(user.uses, from, to);
      put(std::move(user));
    }
  }
}

void Catalog::rename_table(const Name& from, const Name& to) {
  const auto* known = table(from);
  assert(known != nullptr && "an operation renames a table that its check found");
  auto renamed = *known;
  const auto referring = referencing(from);
  renamed.name = to;
  for (auto& constraint : renamed.constraints) follow(constraint.references, from, to);
  drop("table", from);
  put(renamed);
  for (const auto& name : referring)
    if (name != from)
      for (auto& constraint : edit_table(name).constraints) follow(constraint.references, from, to);
  for (const auto& child : renamed.children) {
    auto& edited = edit_table(child);
    follow(edited.partition_of, from, to);
    follow(edited.inherits, from, to);
  }
  auto parents = renamed.inherits;
  if (!renamed.partition_of.name.empty()) parents.push_back(renamed.partition_of);
  for (const auto& parent : parents) {
    auto& children = edit_table(parent).children;
    follow(children, from, to);
    std::sort(children.begin(), children.end());
  }
  for (const auto& name : owned_sequences(from)) {
    auto owned = *sequence(name);
    owned.owned_by = to;
    put(std::move(owned));
  }
  rename_uses(from, to);
}

}  // namespace mig::catalog
