// What a comment can stand on: how each kind of object is found, locked, commented and asked for its comment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// One commented object.
struct CommentTarget {
  std::string key;                // catalog key
  sql::Fragment object;           // TABLE s.t, CONSTRAINT c ON s.t, …
  sql::Fragment current;          // SQL: its comment now
  std::string comment;            // as the model has it
  std::vector<sql::Lock> locks;   // what COMMENT takes
  std::string owner_kind, owner;  // who must run it
  catalog::Name owned;            // the object that is owned
  std::function<void(catalog::Catalog&, const std::string&)> set;
};

// ---- for the kinds ----
using FoundTarget = std::optional<CommentTarget>;

// The oid of `name` in pg_catalog.`catalog_table`.
[[nodiscard]] sql::Fragment relation_oid(const catalog::Name& name);
[[nodiscard]] sql::Fragment type_oid(const catalog::Name& name);
// obj_description(oid, 'pg_class')
[[nodiscard]] sql::Fragment comment_of(const sql::Fragment& oid, const char* catalog_table);
void own(CommentTarget& target, const char* kind, const catalog::Name& name, const std::string& owner);
// The schemas that a written name may mean, in order.
[[nodiscard]] std::vector<std::string> schemas_of(const Context& ctx, const catalog::Name& name);
// What `look` finds for the first of the names that a path may mean.
template <class Look>
[[nodiscard]] auto first_of(const Context& ctx, const catalog::Name& wanted, const Look& look)
    -> decltype(look(catalog::Name{})) {
  for (const auto& schema : schemas_of(ctx, wanted))
    if (auto found = look(catalog::Name{schema, wanted.name})) return found;
  return {};
}
// Tables and what belongs to them.
[[nodiscard]] FoundTarget find_table_target(const Context& ctx);
// Views, sequences, types, functions, schemas.
[[nodiscard]] FoundTarget find_object_target(const Context& ctx);
// Columns of views and composite types; indexes, triggers and rules of views.
[[nodiscard]] FoundTarget find_view_part_target(const Context& ctx);
// What the catalog knows by name alone: publications, statistics, extensions, event triggers, servers …
[[nodiscard]] FoundTarget find_plain_target(const Context& ctx);
// The catalog's kind of object for a hole of the form: "event trigger" for event_trigger.
[[nodiscard]] std::string plain_kind(const std::string& hole);
// An object that belongs to a relation: obj_description of the row of pg_catalog.`class_name` with this name there.
[[nodiscard]] sql::Fragment part_comment(const char* class_name, const sql::Fragment& relation_column,
                                         const sql::Fragment& name_column, const catalog::Name& relation,
                                         const std::string& name);
// The view or materialized view of a path, or null.
[[nodiscard]] const catalog::View* find_view(const Context& ctx, const syntax::Path& path);

// ---- for the operation ----
// The object that a `comment on` call names. Silent; nullopt where there is none.
[[nodiscard]] std::optional<CommentTarget> find_comment_target(const Context& ctx);
// The same; reports what is wrong.
[[nodiscard]] std::optional<CommentTarget> require_comment_target(const Context& ctx);

}  // namespace mig::operations
