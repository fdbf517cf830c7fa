// Everything in a catalog as lines, in order.
#include <algorithm>
#include <utility>
#include <variant>

#include "compiler/catalog/lines.hpp"

namespace mig::catalog::lines {

namespace {

using Any = std::variant<const Table*, const View*, const Sequence*, const Type*, const Function*, const Object*>;
using Entry = std::pair<Order, Any>;

void collect_relations(std::vector<Entry>& entries, const Catalog& catalog) {
  for (const auto& name : catalog.names("table")) entries.emplace_back(order("table", name), catalog.table(name));
  for (const auto& name : catalog.names("view")) entries.emplace_back(order("view", name), catalog.view(name));
  for (const auto& name : catalog.names("sequence"))
    entries.emplace_back(order("sequence", name), catalog.sequence(name));
}

void collect_types(std::vector<Entry>& entries, const Catalog& catalog, bool system) {
  for (const auto& name : catalog.names("type"))
    if (const auto* type = catalog.type(name); type->system == system) entries.emplace_back(order("type", name), type);
  for (const auto& name : catalog.names("function"))
    for (const auto* function : catalog.functions(name))
      if (function->system == system) entries.emplace_back(order("function", name, function->arguments_key), function);
}

void collect_objects(std::vector<Entry>& entries, const Catalog& catalog, bool system) {
  for (const auto& kind : object_kinds())
    for (const auto& name : catalog.names(kind))
      if (const auto* object = catalog.object(kind, name); object->system == system)
        entries.emplace_back(order(kind, name), object);
}

}  // namespace

void append_all(std::string& out, const Catalog& catalog, text::Roles roles, bool system) {
  std::vector<Entry> entries;
  if (!system) collect_relations(entries, catalog);
  collect_types(entries, catalog, system);
  collect_objects(entries, catalog, system);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.first < b.first; });
  for (const auto& [place, any] : entries) std::visit([&](const auto* object) { append(out, *object, roles); }, any);
}

}  // namespace mig::catalog::lines
