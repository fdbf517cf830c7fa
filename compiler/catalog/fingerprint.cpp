// Fingerprints: SHA-256 over the lines of objects without what is derived or changes by use.
#include "compiler/catalog/lines.hpp"
#include "compiler/source/hash.hpp"

namespace mig::catalog {

namespace {

constexpr text::Roles identity{.derived = false};

template <class T>
bool append_named(std::string& out, std::string_view kind, const Name& relation, const std::vector<T>& parts,
                  std::string_view name) {
  for (const auto& part : parts)
    if (part.name == name) return lines::append_part(out, kind, relation, part, identity), true;
  return false;
}

bool append_part(std::string& out, const Catalog& catalog, const Key& key) {
  if (const auto* table = catalog.table(key.name)) {
    if (key.kind == "column") return append_named(out, key.kind, key.name, table->columns, key.part);
    if (key.kind == "constraint") return append_named(out, key.kind, key.name, table->constraints, key.part);
    if (key.kind == "trigger") return append_named(out, key.kind, key.name, table->triggers, key.part);
    if (key.kind == "policy") return append_named(out, key.kind, key.name, table->policies, key.part);
    return append_named(out, key.kind, key.name, table->rules, key.part);
  }
  const auto* view = catalog.view(key.name);
  if (view == nullptr) return false;
  if (key.kind == "column") return append_named(out, key.kind, key.name, view->columns, key.part);
  if (key.kind == "trigger") return append_named(out, key.kind, key.name, view->triggers, key.part);
  return key.kind == "rule" && append_named(out, key.kind, key.name, view->rules, key.part);
}

bool append_index(std::string& out, const Catalog& catalog, const Name& index) {
  if (const auto* table = catalog.table_of_index(index))
    return append_named(out, "index", table->name, table->indexes, index.name);
  for (const auto& name : catalog.names("view"))
    if (name.schema == index.schema && append_named(out, "index", name, catalog.view(name)->indexes, index.name))
      return true;
  return false;
}

bool append_found(std::string& out, const auto* object) {
  if (object != nullptr) lines::append(out, *object, identity);
  return object != nullptr;
}

bool append_function(std::string& out, const Catalog& catalog, const Key& key) {
  for (const auto* function : catalog.functions(key.name))
    if (function->arguments_key == key.part) return append_found(out, function);
  return false;
}

bool append_object(std::string& out, const Catalog& catalog, const Key& key) {
  using lines::Rank;
  switch (lines::rank(key.kind)) {
    case Rank::table:
      return append_found(out, catalog.table(key.name));
    case Rank::view:
      return append_found(out, catalog.view(key.name));
    case Rank::index:
      return append_index(out, catalog, key.name);
    case Rank::sequence:
      return append_found(out, catalog.sequence(key.name));
    case Rank::type:
      return append_found(out, catalog.type(key.name));
    case Rank::function:
      return append_function(out, catalog, key);
    case Rank::object:
      return append_found(out, catalog.object(key.kind, key.name));
    case Rank::column:
    case Rank::constraint:
    case Rank::trigger:
    case Rank::policy:
    case Rank::rule:
      return append_part(out, catalog, key);
  }
  return false;
}

}  // namespace

std::string fingerprint(const Catalog& catalog) {
  std::string text;
  lines::append_all(text, catalog, identity);
  return source::sha256_hex(text);
}

std::string fingerprint(const Catalog& catalog, std::string_view key) {
  const auto taken = parse_key(key);
  std::string text;
  if (!taken || !append_object(text, catalog, *taken)) return "absent";
  return source::sha256_hex(text);
}

}  // namespace mig::catalog
