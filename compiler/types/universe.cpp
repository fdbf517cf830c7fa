// Building a universe and its indexes, and looking up in it.
#include "compiler/types/universe.hpp"

#include <algorithm>

#include "compiler/sql/sql.hpp"
#include "compiler/types/builtins.hpp"

namespace mig::types {

Universe::Universe(int major) : major_(major), types_(first_own), schemas_{""} {
  schema("pg_catalog");
  add_builtins(*this, major);
}
Universe::Universe(Universe&&) noexcept = default;
Universe& Universe::operator=(Universe&&) noexcept = default;
Universe::~Universe() = default;

SchemaId Universe::schema(std::string_view name) {
  if (const auto known = schema_number(name); known >= 0) return static_cast<SchemaId>(known);
  schemas_.push_back(keep(std::string(name)));
  return static_cast<SchemaId>(schemas_.size() - 1);
}

int Universe::schema_number(std::string_view name) const {
  for (std::size_t i = 1; i < schemas_.size(); ++i)
    if (schemas_[i] == name) return static_cast<int>(i);
  return -1;
}

bool Universe::has_schema(std::string_view name) const { return schema_number(name) >= 0; }

std::string_view Universe::keep(std::string text) { return kept_.emplace_back(std::move(text)); }

TypeId Universe::add(Type type) {
  if (type.id == 0) type.id = next_++;
  if (type.id >= types_.size()) types_.resize(type.id + 1);
  types_[type.id] = type;
  return type.id;
}

void Universe::add(Function function, std::span<const TypeId> parameters) {
  function.first = static_cast<std::uint32_t>(pool_.size());
  function.count = static_cast<std::uint16_t>(parameters.size());
  if (function.id == 0) function.id = next_++;
  pool_.insert(pool_.end(), parameters.begin(), parameters.end());
  functions_.push_back(function);
}

void Universe::add(Operator op) {
  if (op.id == 0) op.id = next_++;
  operators_.push_back(op);
}

void Universe::add(TypeId source, TypeId target, Cast cast) {
  casts_.put((std::uint64_t{source} << 32) | target, cast);
}

void Universe::add(Relation relation) {
  if (relation.row != 0) types_[relation.row].relation = static_cast<std::int32_t>(relations_.size());
  relations_.push_back(std::move(relation));
}

CollationId Universe::add_collation(SchemaId schema, std::string_view name, CollationId id) {
  if (id == 0) id = next_++;
  collations_.push_back({id, schema, name});
  return id;
}

void Universe::set_path(const std::vector<std::string>& schemas) {
  std::vector<SchemaId> path;
  if (std::find(schemas.begin(), schemas.end(), "pg_catalog") == schemas.end()) path.push_back(schema("pg_catalog"));
  for (const auto& each : schemas) path.push_back(schema(each));
  places_.assign(schemas_.size(), -1);
  for (std::size_t i = path.size(); i-- > 0;) places_[path[i]] = static_cast<int>(i);
}

namespace {

// Sorts by name and notes where each name's run begins and ends.
template <class List, class Names, class Places>
void index(List& list, Names& names, Places& places) {
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  names.of.clear();
  names.of.reserve(list.size());
  for (std::uint32_t i = 0; i < list.size();) {
    auto end = i + 1;
    while (end < list.size() && list[end].name == list[i].name) ++end;
    names.of.emplace(list[i].name, std::pair{i, end - i});
    i = end;
  }
  places = {};
  for (std::uint32_t i = 0; i < list.size(); ++i) places.put(list[i].id, i);
}

}  // namespace

void Universe::finish() {
  index(functions_, function_names_, function_places_);
  index(operators_, operator_names_, operator_places_);
  type_names_.clear();
  for (const auto& each : types_)
    if (each.kind != 0) type_names_.emplace(each.name, each.id);
  relation_names_.clear();
  for (std::uint32_t i = 0; i < relations_.size(); ++i)
    if (!relations_[i].composite) relation_names_.emplace(relations_[i].name, i);
  std::sort(classes_.begin(), classes_.end());
  if (places_.size() < schemas_.size()) {
    if (places_.empty()) set_path({});
    places_.resize(schemas_.size(), -1);
  }
}

namespace {

// The one of a written schema, or the one that stands first in the path.
template <class Map, class SchemaOf>
auto pick(const Universe& universe, const Map& map, std::string_view schema, std::string_view name,
          SchemaOf schema_of) {
  auto [at, end] = map.equal_range(name);
  auto best = end;
  int best_place = -1;
  const int wanted = schema.empty() ? -1 : universe.schema_number(schema);
  for (; at != end; ++at) {
    const auto of = schema_of(at->second);
    if (!schema.empty()) {
      if (of == wanted) return std::pair{true, at->second};
    } else if (const int place = universe.place(static_cast<SchemaId>(of)); place >= 0) {
      if (best == end || place < best_place) best = at, best_place = place;
    }
  }
  return best == end ? std::pair{false, typename Map::mapped_type{}} : std::pair{true, best->second};
}

}  // namespace

TypeId Universe::type_named(std::string_view schema, std::string_view name) const {
  return pick(*this, type_names_, schema, name, [&](TypeId id) { return static_cast<int>(types_[id].schema); }).second;
}

const Relation* Universe::relation_named(std::string_view schema, std::string_view name) const {
  const auto [found, place] =
      pick(*this, relation_names_, schema, name, [&](auto i) { return static_cast<int>(relations_[i].schema); });
  return found ? &relations_[place] : nullptr;
}

const Relation* Universe::columns_of(TypeId composite) const {
  const auto place = at(base(composite)).relation;
  return place < 0 ? nullptr : &relations_[static_cast<std::size_t>(place)];
}

CollationId Universe::collation_named(std::string_view schema, std::string_view name) const {
  const Collation* best = nullptr;
  for (const auto& each : collations_) {
    if (each.name != name) continue;
    if (!schema.empty() ? schemas_[each.schema] == schema : place(each.schema) >= 0)
      if (best == nullptr || place(each.schema) < place(best->schema)) best = &each;
  }
  return best == nullptr ? 0 : best->id;
}

std::string Universe::collation_name(CollationId id) const {
  for (const auto& each : collations_)
    if (each.id == id) return std::string(each.name);
  return "none";
}

std::span<const Function> Universe::functions(std::string_view name) const {
  const auto found = function_names_.of.find(name);
  if (found == function_names_.of.end()) return {};
  return std::span(functions_).subspan(found->second.first, found->second.second);
}

std::span<const Operator> Universe::operators(std::string_view name) const {
  const auto found = operator_names_.of.find(name);
  if (found == operator_names_.of.end()) return {};
  return std::span(operators_).subspan(found->second.first, found->second.second);
}

const Operator* Universe::op(std::uint32_t id) const {
  const auto* found = operator_places_.find(id);
  return found == nullptr ? nullptr : &operators_[*found];
}

const Function* Universe::function(std::uint32_t id) const {
  const auto* found = function_places_.find(id);
  return found == nullptr ? nullptr : &functions_[*found];
}

bool Universe::default_class(bool hash, TypeId input) const {
  return std::binary_search(classes_.begin(), classes_.end(), std::pair{hash, input});
}

TypeId Universe::base(TypeId id, std::int32_t& modifier) const {
  while (at(id).kind == 'd') {
    modifier = at(id).base_modifier;
    id = at(id).base;
  }
  return id;
}

bool Universe::inherits(TypeId row, TypeId parent) const {
  if (row == parent) return true;
  const auto* relation = columns_of(row);
  return relation != nullptr && std::any_of(relation->parents.begin(), relation->parents.end(),
                                            [&](TypeId each) { return inherits(each, parent); });
}

std::string Universe::display(TypeId id, std::int32_t modifier) const {
  const auto& of = at(id);
  if (of.kind == 0) return "no type";
  if (of.true_array && of.element != 0 && at(of.element).array == id) return display(of.element, modifier) + "[]";
  static const std::pair<TypeId, const char*> words[] = {{type::boolean, "boolean"},
                                                         {type::char_, "\"char\""},
                                                         {type::int8, "bigint"},
                                                         {type::int2, "smallint"},
                                                         {type::int4, "integer"},
                                                         {type::float4, "real"},
                                                         {type::float8, "double precision"},
                                                         {type::bpchar, "character"},
                                                         {type::varchar, "character varying"},
                                                         {type::time, "time without time zone"},
                                                         {type::timetz, "time with time zone"},
                                                         {type::timestamp, "timestamp without time zone"},
                                                         {type::timestamptz, "timestamp with time zone"},
                                                         {type::varbit, "bit varying"}};
  for (const auto& [word, text] : words)
    if (word == id) return text;
  if (type_named("", of.name) == id) return sql::quote_ident(of.name);
  return sql::quote_ident(schemas_[of.schema]) + "." + sql::quote_ident(of.name);
}

}  // namespace mig::types
