// Types and sequences under another name.
#include "compiler/catalog/rename_named.hpp"

#include <algorithm>
#include <cassert>

#include "compiler/catalog/server_names.hpp"
#include "compiler/catalog/texts.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::catalog {

namespace {

bool follow(std::vector<Use>& uses, const Name& from, const Name& to) {
  bool changed = false;
  for (auto& use : uses) {
    changed = changed || use.relation == from;
    if (use.relation == from) use.relation = to;
  }
  std::sort(uses.begin(), uses.end());
  return changed;
}

void rename_uses(Catalog& catalog, const Name& from, const Name& to) {
  for (const auto& [kind, name] : catalog.users(from)) {
    if (kind == "view") {
      auto user = *catalog.view(name);
      follow(user.uses, from, to);
      catalog.put(std::move(user));
    }
    if (kind != "function") continue;
    for (const auto* overload : catalog.functions(name))
      if (auto user = *overload; follow(user.uses, from, to)) catalog.put(std::move(user));
  }
}

}  // namespace

void rename_type(Catalog& catalog, const Name& from, const Name& to) {
  const auto* known = catalog.type(from);
  assert(known != nullptr && "an operation renames a type that its check found");
  auto renamed = *known;
  renamed.name = to;
  renamed.array.schema = to.schema;
  catalog.drop("type", from);
  catalog.put(std::move(renamed));
  edit_texts(catalog, [&](const TextAt&, std::string& text) { rename_in(text, from, to, Places::types); });
  rename_uses(catalog, from, to);
}

void rename_calls(Catalog& catalog, const Name& from, const Name& to) {
  edit_texts(catalog, [&](const TextAt&, std::string& text) { rename_in(text, from, to, Places::calls); });
}

void rename_sequence(Catalog& catalog, const Name& from, const Name& to) {
  const auto* known = catalog.sequence(from);
  assert(known != nullptr && "an operation renames a sequence that its check found");
  auto renamed = *known;
  renamed.name = to;
  catalog.drop("sequence", from);
  catalog.put(std::move(renamed));
  edit_texts(catalog, [&](const TextAt& at, std::string& text) {
    if (at.is == TextAt::Is::type || !names(text, from, Places::types)) return;
    rename_in(text, from, to, Places::constants);
    const auto kind = at.is == TextAt::Is::expression ? sql::Text::expression : sql::Text::statement;
    if (!names(text, from, Places::types)) return;
    if (auto made = sql::rename_relation(text, kind, from.sql(), to.sql())) text = std::move(*made);
  });
  rename_uses(catalog, from, to);
}

}  // namespace mig::catalog
