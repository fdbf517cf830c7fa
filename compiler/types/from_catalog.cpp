// Objects of the catalog model into a universe: names first, then what they say of each other.
#include "compiler/types/from_catalog.hpp"

#include <algorithm>
#include <unordered_map>

#include "compiler/catalog/range_names.hpp"
#include "compiler/types/catalog_text.hpp"
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

using catalog::Catalog;
using catalog::Name;

struct Named {
  TypeId type = 0;
  std::int32_t modifier = -1;
};

class Loader {
 public:
  explicit Loader(const Catalog& catalog)
      : catalog_(catalog), universe_(std::max(13, catalog.server.major())), resolver_(universe_) {}

  Universe load(const std::vector<std::string>& path) {
    for (const auto* kind : {"schema", "type", "table", "view", "sequence", "function"})
      for (const auto& name : catalog_.names(kind))
        universe_.schema(std::string_view(kind) == "schema" ? name.name : name.schema);
    universe_.schema("public");
    universe_.set_path(path);
    declare_types();
    universe_.finish();
    describe_types();
    relations();
    collations();
    functions();
    universe_.finish();
    operators();
    universe_.finish();
    casts();
    families();
    universe_.finish();
    return std::move(universe_);
  }

 private:
  TypeId add(const Name& name, char kind, char category) {
    Type made;
    made.kind = kind;
    made.category = category;
    made.schema = universe_.schema(name.schema);
    made.name = universe_.keep(name.name);
    const auto id = universe_.add(made);
    ids_[name] = id;
    return id;
  }

  TypeId add_array(TypeId element, const Name& name) {
    const auto id = add(name, 'b', 'A');
    auto& made = universe_.edit(id);
    made.element = element;
    made.true_array = true;
    made.has_modifiers = universe_.at(element).has_modifiers;
    universe_.edit(element).array = id;
    return id;
  }

  static char letter(const std::string& kind) {
    if (kind == "domain" || kind == "enum" || kind == "range" || kind == "multirange" || kind == "composite" ||
        kind == "pseudo")
      return kind[0];
    return 'b';
  }

  void declare_types() {
    for (const auto& name : catalog_.names("type")) {
      const auto* type = catalog_.type(name);
      if (type == nullptr || type->system) continue;
      const auto id = add(name, letter(type->kind), type->category.empty() ? 'U' : type->category[0]);
      universe_.edit(id).preferred = type->preferred;
      universe_.edit(id).has_modifiers = type->options.find("modifiers ") != std::string::npos;
      if (!type->array.name.empty()) add_array(id, type->array);
    }
    for (const auto* kind : {"table", "view", "sequence"})
      for (const auto& name : catalog_.names(kind)) {
        const auto id = add(name, 'c', 'C');
        if (std::string_view(kind) != "sequence") add_array(id, {name.schema, "_" + name.name});
      }
  }

  [[nodiscard]] Named named(const std::string& text) {
    if (const auto known = memory_.find(text); known != memory_.end()) return known->second;
    const auto typed = resolver_.named_type(text);
    const Named result = typed.ok() ? Named{typed.type, typed.modifier} : Named{};
    memory_.emplace(text, result);
    return result;
  }

  [[nodiscard]] CollationId collation(const std::string& written, TypeId of) {
    if (written.empty()) return universe_.at(of).collation;
    const auto parts = catalog::parse_name(written);
    if (!parts || parts->empty()) return universe_.at(of).collation;
    return universe_.collation_named(parts->size() > 1 ? parts->front() : "", parts->back());
  }

  void describe_domain(Type& made, const catalog::Type& type) {
    const auto base = named(type.base);
    made.base = base.type;
    made.base_modifier = base.modifier;
    made.collation = collation(type.collation, base.type);
  }

  void describe_range(TypeId id, const catalog::Type& type) {
    const auto subtype = named(type.base).type;
    universe_.edit(id).range_subtype = subtype;
    const auto names = catalog::range_names(type);
    const auto multirange = ids_.find(names.multirange);
    if (multirange != ids_.end()) {
      universe_.edit(id).multirange = multirange->second;
      universe_.edit(multirange->second).range = id;
    }
  }

  void describe_types() {
    // A domain over a domain takes its collation from it: those that others are made of come first by repetition.
    for (int round = 0; round < 2; ++round)
      for (const auto& name : catalog_.names("type")) {
        const auto* type = catalog_.type(name);
        if (type == nullptr || type->system) continue;
        const auto id = ids_[name];
        auto& made = universe_.edit(id);
        if (type->kind == "domain") describe_domain(made, *type);
        if (type->kind == "base" && !type->collation.empty()) made.collation = default_collation;
        if (type->kind == "base" && !type->element.name.empty())
          made.element = universe_.type_named(type->element.schema, type->element.name);
        if (type->kind == "range") describe_range(id, *type);
        if (made.array != 0) universe_.edit(made.array).collation = universe_.at(id).collation;
      }
    for (const auto& name : catalog_.names("type"))
      if (const auto* type = catalog_.type(name); type != nullptr && !type->system && type->kind == "composite")
        add_relation(name, type->attributes, true);
  }

  void add_relation(const Name& name, const std::vector<catalog::Column>& columns, bool composite) {
    Relation relation;
    relation.schema = universe_.schema(name.schema);
    relation.name = universe_.keep(name.name);
    relation.row = ids_[name];
    relation.composite = composite;
    for (const auto& column : columns) {
      const auto of = named(column.type);
      relation.columns.push_back(
          {universe_.keep(column.name), of.type, of.modifier, collation(column.collation, of.type), column.not_null});
    }
    if (const auto* table = composite ? nullptr : catalog_.table(name); table != nullptr) {
      for (const auto& parent : table->inherits) relation.parents.push_back(ids_[parent]);
      if (const auto* key = table->primary_key(); key != nullptr && !key->deferrable)
        for (const auto& part : key->columns)
          for (std::size_t i = 0; i < relation.columns.size(); ++i)
            if (relation.columns[i].name == part) relation.key.push_back(static_cast<int>(i));
      if (!table->partition_of.name.empty()) relation.parents.push_back(ids_[table->partition_of]);
    }
    universe_.add(std::move(relation));
  }

  void relations() {
    for (const auto& name : catalog_.names("table")) add_relation(name, catalog_.table(name)->columns, false);
    for (const auto& name : catalog_.names("view")) add_relation(name, catalog_.view(name)->columns, false);
    for (const auto& name : catalog_.names("sequence")) {
      std::vector<catalog::Column> columns(3);
      columns[0].name = "last_value";
      columns[1].name = "log_cnt";
      columns[0].type = columns[1].type = "bigint";
      columns[2].name = "is_called";
      columns[2].type = "boolean";
      add_relation(name, columns, false);
    }
  }

  void collations() {
    for (const auto& name : catalog_.names("collation"))
      if (const auto* object = catalog_.object("collation", name); object != nullptr && !object->system)
        universe_.add_collation(universe_.schema(name.schema), universe_.keep(name.name));
  }

  void add_function(const Name& name, std::span<const TypeId> parameters, TypeId result, TypeId variadic = 0) {
    Function made;
    made.schema = universe_.schema(name.schema);
    made.name = universe_.keep(name.name);
    made.result = result;
    made.variadic = variadic;
    made.volatility = 'i';
    universe_.add(made, parameters);
  }

  // The functions and the cast that come with a range.
  void range_functions(const catalog::Type& type) {
    const auto range = ids_[type.name];
    const auto& of = universe_.at(range);
    const auto names = catalog::range_names(type);
    const TypeId bounds[] = {of.range_subtype, of.range_subtype, type::text};
    add_function(names.constructor, std::span(bounds).first(2), range);
    add_function(names.constructor, bounds, range);
    if (of.multirange == 0) return;
    const auto* multirange = catalog_.type(names.multirange);
    const auto constructor = multirange != nullptr ? catalog::range_names(*multirange).constructor : names.multirange;
    const TypeId several[] = {of.array};
    add_function(constructor, {}, of.multirange);
    add_function(constructor, std::span(&range, 1), of.multirange);
    add_function(constructor, several, of.multirange, range);
    universe_.add(range, of.multirange, {0, 'e', 'f'});
  }

  void add_user_function(const catalog::Function& function) {
    Function made;
    std::vector<TypeId> parameters;
    std::string names, outs;
    bool any_name = false;
    for (const auto& argument : function.arguments) {
      const auto id = named(argument.type).type;
      if (id == 0) return;
      const bool input = argument.mode == "in" || argument.mode == "inout" || argument.mode == "variadic";
      if (input) {
        if (!parameters.empty()) names += ",";
        names += argument.name;
        any_name = any_name || !argument.name.empty();
        parameters.push_back(id);
        if (!argument.default_.empty()) ++made.defaults;
      }
      if (!input || argument.mode == "inout")
        outs += (outs.empty() ? "" : ",") + argument.name + " " + std::to_string(id);
    }
    made.schema = universe_.schema(function.name.schema);
    made.name = universe_.keep(function.name.name);
    made.kind = function.kind[0];
    made.volatility = function.volatility[0];
    made.returns_set = function.returns_set;
    made.strict = function.strict;
    made.result = named(function.returns).type;
    if (made.result == 0 && function.kind != "procedure") return;
    if (!function.variadic.name.empty())
      made.variadic = universe_.type_named(function.variadic.schema, function.variadic.name);
    if (any_name) made.names = universe_.keep(names);
    made.outs = universe_.keep(outs);
    if (made.kind == 'a') read_aggregate(made, function.definition);
    universe_.add(made, parameters);
  }

  void functions() {
    for (const auto& name : catalog_.names("function"))
      for (const auto* function : catalog_.functions(name))
        if (!function->system) add_user_function(*function);
    for (const auto& name : catalog_.names("type"))
      if (const auto* type = catalog_.type(name); type != nullptr && !type->system && type->kind == "range")
        range_functions(*type);
  }

  [[nodiscard]] std::string fact(const catalog::Object& object, const char* name) const {
    const auto found = object.facts.find(name);
    return found == object.facts.end() ? std::string() : found->second;
  }

  // "schema.name(types)"; without parentheses the types are given.
  [[nodiscard]] std::uint32_t function_of(const std::string& text, std::vector<TypeId> parameters) {
    const auto open = text.find('(');
    if (open != std::string::npos) {
      parameters.clear();
      for (const auto each : listed(std::string_view(text).substr(open + 1, text.size() - open - 2)))
        parameters.push_back(named(std::string(each)).type);
    }
    const auto parts = catalog::parse_name(text.substr(0, open));
    if (!parts || parts->empty()) return 0;
    const auto schema = parts->size() > 1 ? parts->front() : std::string("pg_catalog");
    for (const auto& each : universe_.functions(parts->back())) {
      const auto of = universe_.parameters(each);
      if (universe_.schema_name(each.schema) == schema &&
          std::equal(of.begin(), of.end(), parameters.begin(), parameters.end()))
        return each.id;
    }
    return 0;
  }

  // "op(left, right)" taken apart.
  struct Signature {
    std::string name;
    TypeId left = 0, right = 0;
  };
  [[nodiscard]] Signature signature(const std::string& text) {
    const auto open = text.find('(');
    Signature result{text.substr(0, open), 0, 0};
    if (open == std::string::npos) return result;
    const auto types = listed(std::string_view(text).substr(open + 1, text.size() - open - 2));
    if (types.size() != 2) return result;
    if (types[0] != "NONE") result.left = named(std::string(types[0])).type;
    result.right = named(std::string(types[1])).type;
    return result;
  }

  void operators() {
    for (const auto& name : catalog_.names("operator")) {
      const auto* object = catalog_.object("operator", name);
      if (object == nullptr || object->system) continue;
      const auto of = signature(name.name);
      if (of.right == 0) continue;
      Operator made;
      made.schema = universe_.schema(name.schema);
      made.name = universe_.keep(of.name);
      made.left = of.left;
      made.right = of.right;
      made.result = named(fact(*object, "result")).type;
      std::vector<TypeId> parameters{of.right};
      if (of.left != 0) parameters.insert(parameters.begin(), of.left);
      made.function = function_of(fact(*object, "function"), parameters);
      universe_.add(made);
    }
  }

  void casts() {
    for (const auto& name : catalog_.names("cast")) {
      const auto* object = catalog_.object("cast", name);
      if (object == nullptr || object->system) continue;
      const auto as = name.name.find(" as ");
      if (as == std::string::npos) continue;
      const auto source = named(name.name.substr(0, as)).type, target = named(name.name.substr(as + 4)).type;
      if (source == 0 || target == 0) continue;
      const auto method = fact(*object, "method");
      universe_.add(source, target,
                    {function_of(fact(*object, "function"), {}), fact(*object, "context")[0], method[0]});
    }
  }

  void families() {
    for (const auto& name : catalog_.names("operator class")) {
      const auto* object = catalog_.object("operator class", name);
      if (object == nullptr || object->system || fact(*object, "default") != "true") continue;
      const bool hash = name.name.find(" using hash") != std::string::npos;
      if (!hash && name.name.find(" using btree") == std::string::npos) continue;
      universe_.add_default_class(hash, named(fact(*object, "type")).type);
    }
    std::uint32_t family = first_own;
    for (const auto& name : catalog_.names("operator family")) {
      const auto* object = catalog_.object("operator family", name);
      if (object == nullptr || object->system || name.name.find(" using btree") == std::string::npos) continue;
      ++family;
      for (const auto each : listed(fact(*object, "operators"))) add_ordering(family, std::string(each));
    }
  }

  // "1 public.<(a, b)"
  void add_ordering(std::uint32_t family, const std::string& text) {
    const auto blank = text.find(' ');
    const auto open = text.find('(');
    if (blank == std::string::npos || open == std::string::npos) return;
    Ordering made;
    made.family = family;
    made.strategy = text[0] - '0';
    const auto dot = text.rfind('.', open);
    const auto begin = dot == std::string::npos || dot < blank ? blank + 1 : dot + 1;
    const auto of = signature(text.substr(begin));
    made.left = of.left;
    made.right = of.right;
    for (const auto& op : universe_.operators(of.name))
      if (op.left == of.left && op.right == of.right) made.op = op.id;
    if (made.op != 0) universe_.add(made);
  }

  const Catalog& catalog_;
  Universe universe_;
  Resolver resolver_;
  std::map<Name, TypeId> ids_;
  std::unordered_map<std::string, Named> memory_;
};

}  // namespace

Universe load(const catalog::Catalog& catalog) { return load(catalog, catalog.server.search_path); }

Universe load(const catalog::Catalog& catalog, const std::vector<std::string>& path) {
  return Loader(catalog).load(path);
}

}  // namespace mig::types
