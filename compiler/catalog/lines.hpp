// One object a line: what snapshots consist of and what fingerprints are taken over.
//
// Lines are ordered by (schema, relation, rank, part). What has no schema has its kind in place of the relation, so
// that roles stand with roles. Columns keep the table's order: it is what SELECT * shows.
#pragma once

#include <string>

#include "compiler/catalog/catalog.hpp"
#include "compiler/catalog/text.hpp"

namespace mig::catalog::lines {

// The kinds of lines in the order that they stand in for one name; every other kind of line is an Object's.
enum class Rank { table, view, column, constraint, index, trigger, policy, rule, sequence, type, function, object };
[[nodiscard]] Rank rank(std::string_view kind);

// Where a line belongs.
struct Order {
  std::string schema, relation;
  Rank rank = Rank::object;
  std::string part;
  friend auto operator<=>(const Order&, const Order&) = default;
};

// All kinds of Objects that introspection knows, sorted.
[[nodiscard]] const std::vector<std::string>& object_kinds();

// The order of an object (not of a part).
[[nodiscard]] Order order(std::string_view kind, const Name& name, std::string_view part = {});

// Each appends the lines of one object with all its parts.
void append(std::string& out, const Table& table, text::Roles roles);
void append(std::string& out, const View& view, text::Roles roles);
void append(std::string& out, const Sequence& sequence, text::Roles roles);
void append(std::string& out, const Type& type, text::Roles roles);
void append(std::string& out, const Function& function, text::Roles roles);
void append(std::string& out, const Object& object, text::Roles roles);
void append(std::string& out, const Applied& migration, text::Roles roles);
// One part of a relation, e.g. kind "column".
template <class T>
void append_part(std::string& out, std::string_view kind, const Name& relation, const T& part, text::Roles roles);

// Everything in the catalog but the journal's rows, in order; `system` picks pg_catalog's own instead.
void append_all(std::string& out, const Catalog& catalog, text::Roles roles, bool system = false);

}  // namespace mig::catalog::lines
