// Uses of sequences and composite types under another name.
#include "compiler/catalog/rename_uses.hpp"

#include <algorithm>
#include <functional>

namespace mig::catalog {

namespace {

using Change = std::function<bool(Use&)>;

bool change_all(std::vector<Use>& uses, const Change& change) {
  bool changed = false;
  for (auto& use : uses) changed = change(use) || changed;
  std::sort(uses.begin(), uses.end());
  return changed;
}

void change_users(Catalog& catalog, const Name& relation, const Change& change) {
  for (const auto& [kind, name] : catalog.users(relation)) {
    if (kind == "view")
      if (auto view = *catalog.view(name); change_all(view.uses, change)) catalog.put(std::move(view));
    if (kind == "function")
      for (const auto* function : catalog.functions(name))
        if (auto changed = *function; change_all(changed.uses, change)) catalog.put(std::move(changed));
  }
}

}  // namespace

void rename_uses(Catalog& catalog, const Name& from, const Name& to) {
  change_users(catalog, from, [&](Use& use) {
    if (use.relation != from) return false;
    use.relation = to;
    return true;
  });
}

void rename_used_column(Catalog& catalog, const Name& relation, const std::string& from, const std::string& to) {
  change_users(catalog, relation, [&](Use& use) {
    if (use.relation != relation) return false;
    const auto found = std::find(use.columns.begin(), use.columns.end(), from);
    if (found == use.columns.end()) return false;
    *found = to;
    return true;
  });
}

}  // namespace mig::catalog
