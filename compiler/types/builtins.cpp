// builtins.def into a universe: arrays of plain structs in the program, so that loading parses only lists of numbers.
#include "compiler/types/builtins.hpp"

#include <charconv>
#include <cstring>

namespace mig::types {

namespace {

using Mask = unsigned char;

struct TypeLine {
  Mask versions;
  TypeId id;
  const char *schema, *name;
  char kind, category;
  bool preferred;
  TypeId element, array, base;
  std::int32_t base_modifier;
  CollationId collation;
  bool true_array, composite, has_modifiers, strict_input;
};
struct FunctionLine {
  Mask versions;
  std::uint32_t id;
  const char *schema, *name;
  char kind;
  const char* parameters;
  TypeId result;
  bool returns_set;
  TypeId variadic;
  std::uint16_t defaults;
  bool strict;
  char volatility;
  const char *names, *outs;
  char aggregate;
  std::uint16_t direct;
};
struct OperatorLine {
  Mask versions;
  std::uint32_t id;
  const char* name;
  TypeId left, right, result;
  std::uint32_t function, negator;
};
struct CastLine {
  Mask versions;
  TypeId source, target;
  std::uint32_t function;
  char context, method;
};
struct RangeLine {
  Mask versions;
  TypeId range, subtype, multirange;
};
struct ClassLine {
  Mask versions;
  const char* method;
  TypeId input;
  std::uint32_t family;
};
struct OrderingLine {
  Mask versions;
  std::uint32_t op, family;
  int strategy;
  TypeId left, right;
};
struct RelationLine {
  Mask versions;
  TypeId row;
  const char *schema, *name, *columns;  // "name type modifier cCOLLATION ! #": NOT NULL, of the primary key
};
struct CollationLine {
  Mask versions;
  CollationId id;
  const char* name;
  bool deterministic;
};

#define MIG_NONE(...)
#define MIG_LINE(...) {__VA_ARGS__},
#define MIG_TYPE MIG_LINE
#define MIG_FUNCTION MIG_NONE
#define MIG_OPERATOR MIG_NONE
#define MIG_CAST MIG_NONE
#define MIG_RANGE MIG_NONE
#define MIG_OPCLASS MIG_NONE
#define MIG_ORDERING MIG_NONE
#define MIG_RELATION MIG_NONE
#define MIG_COLLATION MIG_NONE
constexpr TypeLine type_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_TYPE
#undef MIG_FUNCTION
#define MIG_TYPE MIG_NONE
#define MIG_FUNCTION MIG_LINE
constexpr FunctionLine function_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_FUNCTION
#undef MIG_OPERATOR
#define MIG_FUNCTION MIG_NONE
#define MIG_OPERATOR MIG_LINE
constexpr OperatorLine operator_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_OPERATOR
#undef MIG_CAST
#define MIG_OPERATOR MIG_NONE
#define MIG_CAST MIG_LINE
constexpr CastLine cast_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_CAST
#undef MIG_RANGE
#define MIG_CAST MIG_NONE
#define MIG_RANGE MIG_LINE
constexpr RangeLine range_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_RANGE
#undef MIG_OPCLASS
#define MIG_RANGE MIG_NONE
#define MIG_OPCLASS MIG_LINE
constexpr ClassLine class_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_OPCLASS
#undef MIG_ORDERING
#define MIG_OPCLASS MIG_NONE
#define MIG_ORDERING MIG_LINE
constexpr OrderingLine ordering_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_ORDERING
#undef MIG_RELATION
#define MIG_ORDERING MIG_NONE
#define MIG_RELATION MIG_LINE
constexpr RelationLine relation_lines[] = {
#include "compiler/types/builtins.def"
};
#undef MIG_RELATION
#undef MIG_COLLATION
#define MIG_RELATION MIG_NONE
#define MIG_COLLATION MIG_LINE
constexpr CollationLine collation_lines[] = {
#include "compiler/types/builtins.def"
};

template <class Each>
void split(std::string_view text, char separator, Each each) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    each(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void add_types(Universe& universe, Mask version) {
  for (const auto& line : type_lines) {
    if ((line.versions & version) == 0) continue;
    Type type;
    type.id = line.id;
    type.kind = line.kind;
    type.category = line.category;
    type.preferred = line.preferred;
    type.true_array = line.true_array;
    type.has_modifiers = line.has_modifiers;
    type.strict_input = line.strict_input;
    type.element = line.element;
    type.array = line.array;
    type.base = line.base;
    type.base_modifier = line.base_modifier;
    type.collation = line.collation;
    type.schema = universe.schema(line.schema);
    type.name = line.name;
    universe.add(type);
  }
  for (const auto& line : range_lines) {
    if ((line.versions & version) == 0) continue;
    universe.edit(line.range).range_subtype = line.subtype;
    universe.edit(line.range).multirange = line.multirange;
    if (line.multirange != 0) universe.edit(line.multirange).range = line.range;
  }
}

void add_functions(Universe& universe, Mask version) {
  std::vector<TypeId> parameters;
  for (const auto& line : function_lines) {
    if ((line.versions & version) == 0) continue;
    parameters.clear();
    split(line.parameters, ' ', [&](std::string_view each) { parameters.push_back(number<TypeId>(each)); });
    Function function;
    function.id = line.id;
    function.schema = universe.schema(line.schema);
    function.kind = line.kind;
    function.aggregate = line.aggregate;
    function.volatility = line.volatility;
    function.returns_set = line.returns_set;
    function.strict = line.strict;
    function.defaults = line.defaults;
    function.direct = line.direct;
    function.result = line.result;
    function.variadic = line.variadic;
    function.name = line.name;
    function.names = line.names;
    function.outs = line.outs;
    universe.add(function, parameters);
  }
}

Attribute attribute(std::string_view text, bool& key) {
  Attribute result;
  int place = 0;
  split(text, ' ', [&](std::string_view word) {
    if (place == 0) {
      result.name = word;
    } else if (place == 1) {
      result.type = number<TypeId>(word);
    } else if (word == "#") {
      key = true;
    } else if (word == "!") {
      result.not_null = true;
    } else if (word.front() == 'c') {
      result.collation = number<CollationId>(word.substr(1));
    } else {
      result.modifier = number<std::int32_t>(word);
    }
    ++place;
  });
  return result;
}

void add_relations(Universe& universe, Mask version) {
  for (const auto& line : relation_lines) {
    if ((line.versions & version) == 0) continue;
    Relation relation;
    relation.schema = universe.schema(line.schema);
    relation.name = line.name;
    relation.row = line.row;
    split(line.columns, ',', [&](std::string_view each) {
      bool key = false;
      auto column = attribute(each, key);
      if (key) relation.key.push_back(static_cast<int>(relation.columns.size()));
      if (column.collation == 0) column.collation = universe.at(column.type).collation;
      relation.columns.push_back(column);
    });
    universe.add(std::move(relation));
  }
}

}  // namespace

void add_builtins(Universe& universe, int major) {
  const auto version = static_cast<Mask>(1U << (major < 13 ? 0 : major > 18 ? 5 : major - 13));
  const auto own = universe.schema("pg_catalog");
  add_types(universe, version);
  add_functions(universe, version);
  for (const auto& line : operator_lines)
    if ((line.versions & version) != 0)
      universe.add(Operator{line.id, line.function, line.negator, own, line.left, line.right, line.result, line.name});
  for (const auto& line : cast_lines)
    if ((line.versions & version) != 0)
      universe.add(line.source, line.target, {line.function, line.context, line.method});
  for (const auto& line : class_lines)
    if ((line.versions & version) != 0) universe.add_default_class(line.method[0] == 'h', line.input);
  for (const auto& line : ordering_lines)
    if ((line.versions & version) != 0)
      universe.add(Ordering{line.op, line.family, line.strategy, line.left, line.right});
  add_relations(universe, version);
  for (const auto& line : collation_lines)
    if ((line.versions & version) != 0) universe.add_collation(own, line.name, line.id);
}

}  // namespace mig::types
