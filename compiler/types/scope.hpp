// The columns that can be named at a place.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/types/universe.hpp"

namespace mig::types {

struct OutputColumn {
  std::string name;
  TypeId type = 0;
  std::int32_t modifier = -1;
  CollationId collation = 0;
  std::shared_ptr<const std::vector<OutputColumn>> fields;  // of a record, where they are known
};

struct ScopeColumn {
  std::string_view name;
  TypeId type = 0;
  std::int32_t modifier = -1;
  CollationId collation = 0;
  bool not_null = false;          // by its table; what a join makes of it, `nullable` of its entry says
  int entry = -1, position = -1;  // of USING's merged column: the first side's
  std::shared_ptr<const std::vector<OutputColumn>> fields;
};

// One item of FROM, or the table that a constraint, default or index stands on.
struct ScopeEntry {
  std::string_view schema, name;  // as it can be written: an alias has no schema
  std::vector<ScopeColumn> columns;
  TypeId row = type::record;     // the whole row's type
  bool relation = false;         // has system columns
  bool named = true;             // its name can be written
  bool bare = true;              // its columns can be written without its name
  bool nullable = false;         // stands on the outer side of a join
  bool merged = false;           // a join: columns of its own are computed from both sides (USING)
  bool lateral_refused = false;  // is there, but not to be seen from here
};

struct Scope {
  std::vector<ScopeEntry> entries;
  const Scope* outer = nullptr;

  // Adds a table or view by its own name. The universe has to outlive the scope.
  void add(const Universe& universe, const Relation& relation) {
    ScopeEntry entry;
    entry.schema = universe.schema_name(relation.schema);
    entry.name = relation.name;
    entry.row = relation.row;
    entry.relation = true;
    for (const auto& each : relation.columns)
      entry.columns.push_back({each.name, each.type, each.modifier, each.collation, each.not_null, -1, -1, {}});
    entries.push_back(std::move(entry));
  }
};

}  // namespace mig::types
