// What expressions are typed by: the types, functions, operators, casts and relations of one database, indexed by name.
//
// The numbers of PostgreSQL's own types and functions are the server's (pg_type.oid); those of the user's own are given
// here, from first_own on. 0 is none. Everything is looked up without allocating; loading a plain database takes a few
// ms.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/types/flat_map.hpp"

namespace mig::types {

using TypeId = std::uint32_t;
using CollationId = std::uint32_t;
using SchemaId = std::uint16_t;

inline constexpr TypeId first_own = 20000;
inline constexpr CollationId default_collation = 100;

// PostgreSQL's own types that its rules name.
namespace type {
inline constexpr TypeId boolean = 16, bytea = 17, char_ = 18, name = 19, int8 = 20, int2 = 21, int2vector = 22,
                        int4 = 23, regproc = 24, text = 25, oid = 26, oidvector = 30, json = 114, xml = 142,
                        float4 = 700, float8 = 701, unknown = 705, bpchar = 1042, varchar = 1043, date = 1082,
                        time = 1083, timestamp = 1114, timestamptz = 1184, interval = 1186, timetz = 1266, bit = 1560,
                        varbit = 1562, numeric = 1700, record = 2249, cstring = 2275, any = 2276, anyarray = 2277,
                        void_ = 2278, trigger = 2279, language_handler = 2280, internal = 2281, anyelement = 2283,
                        record_array = 2287, anynonarray = 2776, fdw_handler = 3115, index_am_handler = 325,
                        tsm_handler = 3310, table_am_handler = 269, anyenum = 3500, event_trigger = 3838,
                        anyrange = 3831, jsonb = 3802, anymultirange = 4537, anycompatiblemultirange = 4538,
                        anycompatible = 5077, anycompatiblearray = 5078, anycompatiblenonarray = 5079,
                        anycompatiblerange = 5080, text_array = 1009, jsonpath = 4072;
}  // namespace type

struct Type {
  TypeId id = 0;
  char kind = 0;      // pg_type.typtype: base composite domain enum pseudo range multirange; 0: no type of this number
  char category = 0;  // pg_type.typcategory
  bool preferred = false;
  bool true_array = false;     // elements by subscript, not only by typelem (name, point …)
  bool has_modifiers = false;  // typmodin
  bool strict_input = true;
  TypeId element = 0, array = 0;
  TypeId base = 0;  // of a domain
  std::int32_t base_modifier = -1;
  CollationId collation = 0;
  TypeId range_subtype = 0, range = 0, multirange = 0;  // of a range; of a multirange; of a range
  std::int32_t relation = -1;                           // of a composite: its columns, in relations()
  SchemaId schema = 0;
  std::string_view name;
};

struct Attribute {
  std::string_view name;
  TypeId type = 0;
  std::int32_t modifier = -1;
  CollationId collation = 0;
  bool not_null = false;
};

// A table, view or composite type.
struct Relation {
  SchemaId schema = 0;
  std::string_view name;
  TypeId row = 0;
  bool composite = false;  // no relation, only a type
  std::vector<Attribute> columns;
  std::vector<TypeId> parents;  // row types that it inherits from
  std::vector<int> key;         // places of the columns of its primary key, not deferrable
};

struct Function {
  std::uint32_t id = 0;
  SchemaId schema = 0;
  char kind = 'f';       // function procedure aggregate window
  char aggregate = ' ';  // normal ordered-set hypothetical
  char volatility = 'v';
  bool returns_set = false, strict = false;
  std::uint16_t defaults = 0, direct = 0;  // parameters with a default; direct arguments of an ordered-set aggregate
  std::uint32_t first = 0;                 // its parameters, in the universe's pool
  std::uint16_t count = 0;
  TypeId result = 0, variadic = 0;  // variadic: the element; `any` where it takes anything
  std::string_view name;
  std::string_view names;  // of its parameters, separated by commas; empty: none has one
  std::string_view outs;   // of a function with OUT: "name type,name type"
};

struct Operator {
  std::uint32_t id = 0, function = 0, negator = 0;
  SchemaId schema = 0;
  TypeId left = 0, right = 0, result = 0;  // left 0: prefix
  std::string_view name;
};

struct Cast {
  std::uint32_t function = 0;
  char context = 0;  // i a e
  char method = 0;   // f i b
};

// An operator's place in a btree family.
struct Ordering {
  std::uint32_t op = 0, family = 0;
  int strategy = 0;
  TypeId left = 0, right = 0;
};

class Universe {
 public:
  // PostgreSQL's own, of this major version (13 to 18).
  explicit Universe(int major);
  Universe(Universe&&) noexcept;
  Universe& operator=(Universe&&) noexcept;
  ~Universe();

  // ---- making one: add, then finish() ----
  SchemaId schema(std::string_view name);
  std::string_view keep(std::string text);  // lives as long as the universe
  TypeId add(Type type);                    // id 0: a new number
  void add(Function function, std::span<const TypeId> parameters);
  void add(Operator op);
  void add(TypeId source, TypeId target, Cast cast);
  // Sets its row type's columns too; the row type must be there.
  void add(Relation relation);
  void add(Ordering ordering) { orderings_.push_back(ordering); }
  void add_default_class(bool hash, TypeId input) { classes_.push_back({hash, input}); }
  CollationId add_collation(SchemaId schema, std::string_view name, CollationId id = 0);
  // Schemas that exist, in order; pg_catalog is searched first where it is not named.
  void set_path(const std::vector<std::string>& schemas);
  void finish();

  // ---- looking up ----
  [[nodiscard]] int major() const { return major_; }
  [[nodiscard]] const Type& at(TypeId id) const { return id < types_.size() ? types_[id] : types_[0]; }
  [[nodiscard]] Type& edit(TypeId id) { return types_[id]; }
  [[nodiscard]] std::span<const Type> all_types() const { return types_; }
  // By a written name; schema empty: by the path. 0: none.
  [[nodiscard]] TypeId type_named(std::string_view schema, std::string_view name) const;
  [[nodiscard]] const Relation* relation_named(std::string_view schema, std::string_view name) const;
  [[nodiscard]] const Relation* columns_of(TypeId composite) const;
  [[nodiscard]] CollationId collation_named(std::string_view schema, std::string_view name) const;
  [[nodiscard]] std::string collation_name(CollationId id) const;
  [[nodiscard]] bool has_schema(std::string_view name) const;
  // All of that name whatever their schema, in the order they were added.
  [[nodiscard]] std::span<const Function> functions(std::string_view name) const;
  [[nodiscard]] std::span<const Operator> operators(std::string_view name) const;
  [[nodiscard]] std::span<const Function> all_functions() const { return functions_; }
  [[nodiscard]] std::span<const Operator> all_operators() const { return operators_; }
  [[nodiscard]] std::span<const Ordering> orderings() const { return orderings_; }
  [[nodiscard]] const Operator* op(std::uint32_t id) const;
  [[nodiscard]] const Function* function(std::uint32_t id) const;
  [[nodiscard]] std::span<const TypeId> parameters(const Function& function) const {
    return {pool_.data() + function.first, function.count};
  }
  [[nodiscard]] const Cast* cast(TypeId source, TypeId target) const {
    return casts_.find((std::uint64_t{source} << 32) | target);
  }
  [[nodiscard]] bool default_class(bool hash, TypeId input) const;
  // Where a schema stands in the path; -1: not in it.
  [[nodiscard]] int place(SchemaId schema) const { return schema < places_.size() ? places_[schema] : -1; }
  [[nodiscard]] std::string_view schema_name(SchemaId schema) const { return schemas_[schema]; }
  [[nodiscard]] int schema_number(std::string_view name) const;  // -1: none

  // ---- PostgreSQL's small questions (lsyscache.c) ----
  [[nodiscard]] TypeId base(TypeId id) const {
    while (at(id).kind == 'd') id = at(id).base;
    return id;
  }
  [[nodiscard]] TypeId base(TypeId id, std::int32_t& modifier) const;
  // The element of a true array; 0: none.
  [[nodiscard]] TypeId element(TypeId id) const { return at(id).true_array ? at(id).element : 0; }
  [[nodiscard]] bool array_or_domain(TypeId id) const { return element(base(id)) != 0; }
  [[nodiscard]] bool composite(TypeId id) const { return at(base(id)).kind == 'c'; }
  [[nodiscard]] bool composite_array(TypeId id) const {
    const auto of = element(id);
    return of != 0 && composite(of);
  }
  [[nodiscard]] bool grouped_by_key(TypeId row) const {
    const auto* relation = columns_of(row);
    return relation != nullptr && !relation->key.empty();
  }
  [[nodiscard]] bool inherits(TypeId row, TypeId parent) const;
  // As format_type prints it, the schema where the path does not show the type.
  [[nodiscard]] std::string display(TypeId id, std::int32_t modifier = -1) const;

 private:
  struct Names {
    std::unordered_map<std::string_view, std::pair<std::uint32_t, std::uint32_t>> of;
  };
  int major_;
  std::vector<Type> types_;
  std::vector<Function> functions_;  // sorted by name
  std::vector<Operator> operators_;
  std::vector<TypeId> pool_;
  std::vector<Relation> relations_;
  std::vector<Ordering> orderings_;
  std::vector<std::pair<bool, TypeId>> classes_;
  struct Collation {
    CollationId id;
    SchemaId schema;
    std::string_view name;
  };
  std::vector<Collation> collations_;
  FlatMap<Cast> casts_;
  Names function_names_, operator_names_;
  FlatMap<std::uint32_t> operator_places_, function_places_;
  std::unordered_multimap<std::string_view, TypeId> type_names_;
  std::unordered_multimap<std::string_view, std::uint32_t> relation_names_;
  std::vector<std::string_view> schemas_;
  std::vector<int> places_;
  std::deque<std::string> kept_;
  TypeId next_ = first_own;
};

}  // namespace mig::types
