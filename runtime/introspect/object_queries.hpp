// The queries for objects without parts of their own: one row of data for each kind.
#pragma once

#include <string_view>
#include <vector>

namespace mig::runtime::introspection {

// A query gives: oid, schema, name, owner, acl, facts. `acl` is as in Build::grants; `facts` an array of key, value,
// key, value … where a null value drops its key's pair. Its main table has the alias o.
struct ObjectQuery {
  std::string_view kind;
  std::string_view system_catalog;  // of the main table: for comments and for members of extensions
  std::string_view select;
  bool system = false;  // initdb's own are read where the system's objects are asked for
};

[[nodiscard]] const std::vector<ObjectQuery>& object_queries();

}  // namespace mig::runtime::introspection
