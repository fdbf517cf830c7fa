// Objects with an owner, and what changes hands with them.
#include "compiler/operations/owners.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/range_names.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/grant_objects.hpp"
#include "compiler/operations/publications.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

Fragment owner_of(const char* class_name, const char* column, const Fragment& oid) {
  return sql::sql("(SELECT pg_catalog.pg_get_userbyid(o.{}) FROM pg_catalog.{} o WHERE o.oid = {})", Ident{column},
                  Ident{class_name}, oid);
}

template <class T>
OwnedObject owned(const Context& ctx, const T& object, const char* kind, Fragment word) {
  OwnedObject made;
  made.kind = kind;
  made.name = object.name;
  made.owner = object.owner;
  made.rights = {rights_object(object, ctx.before.server.major())};
  made.key = made.rights.front().key;
  made.touches = {made.key};
  made.object = sql::sql("{} {}", word, made.rights.front().name);
  return made;
}

template <class T>
OwnedObject relation(const Context& ctx, const T& object, const char* kind, Fragment word) {
  auto made = owned(ctx, object, kind, std::move(word));
  made.current = owner_of("pg_class", "relowner", relation_oid(object.name));
  made.locks = {lock(object.name, LockMode::access_exclusive)};
  return made;
}

template <class T>
void add_indexes(const T& object, OwnedObject& made) {
  for (const auto& index : object.indexes)
    made.locks.push_back(lock({object.name.schema, index.name}, LockMode::access_exclusive));
}

OwnedObject table_owned(const Context& ctx, const catalog::Table& table) {
  const bool foreign = table.kind == "foreign table";
  auto made = relation(ctx, table, "table", foreign ? sql::sql("FOREIGN TABLE") : sql::sql("TABLE"));
  add_indexes(table, made);
  for (const auto& name : ctx.before.owned_sequences(table.name)) {
    const auto* sequence = ctx.before.sequence(name);
    if (!sequence || sequence->owner == made.owner) {
      made.locks.push_back(lock(name, LockMode::access_exclusive));
      if (sequence) made.rights.push_back(rights_object(*sequence, ctx.before.server.major()));
      made.touches.push_back(catalog::key("sequence", name));
    }
  }
  return made;
}

// The multirange type that came with a range type.
const catalog::Type* multirange_of(const Context& ctx, const catalog::Type& range) {
  const auto* type = ctx.before.type(catalog::range_names(range).multirange);
  return type && type->kind == "multirange" ? type : nullptr;
}

std::optional<OwnedObject> type_owned(const Context& ctx, const syntax::Path& path, bool domain) {
  const auto* type = first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.type(name); });
  if (!type || (domain && type->kind != "domain")) return std::nullopt;
  auto made = owned(ctx, *type, domain ? "domain" : "type", domain ? sql::sql("DOMAIN") : sql::sql("TYPE"));
  made.current = owner_of("pg_type", "typowner", type_oid(type->name));
  if (type->kind == "composite") made.locks = {lock(type->name, LockMode::access_exclusive)};
  // From 17 on the multirange type gets the same owner.
  if (type->kind == "range" && ctx.before.server.major() >= 17)
    if (const auto* multirange = multirange_of(ctx, *type))
      made.rights.push_back(rights_object(*multirange, ctx.before.server.major()));
  return made;
}

std::optional<OwnedObject> callable_owned(const Context& ctx) {
  for (const auto* kind : {"function", "procedure", "aggregate"}) {
    if (!ctx.call.get<std::vector<syntax::Callable>>(kind)) continue;
    const auto objects = objects_of_call(ctx);
    if (objects.size() != 1) return std::nullopt;
    OwnedObject made;
    made.rights = objects;
    const auto& object = objects.front();
    const auto key = catalog::parse_key(object.key);
    made.kind = kind;
    made.key = object.key;
    made.touches = {object.key};
    made.name = key ? key->name : catalog::Name{};
    made.owner = object.owner;
    made.object = std::string_view(kind) == "aggregate" ? sql::sql("AGGREGATE {}", object.name)
                                                        : sql::sql("{} {}", object.word, object.name);
    made.current = owner_of("pg_proc", "proowner", object.oid);
    return made;
  }
  return std::nullopt;
}

std::optional<OwnedObject> schema_owned(const Context& ctx, const syntax::Name& name) {
  const auto* schema = ctx.before.object("schema", {"", name.text});
  if (!schema) return std::nullopt;
  OwnedObject made;
  made.rights = {rights_object_of_schema(*schema, ctx.before.server.major())};
  made.kind = "schema";
  made.key = made.rights.front().key;
  made.touches = {made.key};
  made.name = schema->name;
  made.owner = schema->owner;
  made.object = sql::sql("SCHEMA {}", Ident{name.text});
  made.current = owner_of("pg_namespace", "nspowner", made.rights.front().oid);
  return made;
}

std::optional<OwnedObject> plain_owned(const catalog::Object* object, Fragment word, Fragment current) {
  if (!object) return std::nullopt;
  OwnedObject made;
  made.kind = object->kind;
  made.key = catalog::key(object->kind, object->name);
  made.touches = {made.key};
  made.name = object->name;
  made.owner = object->owner;
  made.object = sql::sql("{} {}", word, object->name.sql());
  made.current = std::move(current);
  made.plain = object;
  return made;
}

std::optional<OwnedObject> view_owned(const Context& ctx, const syntax::Path& path, bool materialized) {
  const auto* view = find_view(ctx, path);
  if (!view || view->materialized != materialized) return std::nullopt;
  auto made = relation(ctx, *view, materialized ? "materialized view" : "view",
                       materialized ? sql::sql("MATERIALIZED VIEW") : sql::sql("VIEW"));
  add_indexes(*view, made);
  return made;
}

std::optional<OwnedObject> plain_of_call(const Context& ctx) {
  if (const auto* name = ctx.call.get<syntax::Name>("publication"))
    return plain_owned(find_publication(ctx, *name), sql::sql("PUBLICATION"),
                       sql::sql("(SELECT pg_catalog.pg_get_userbyid(o.pubowner) FROM pg_catalog.pg_publication o WHERE "
                                "o.pubname = {})",
                                Literal{name->text}));
  const auto* path = ctx.call.get<syntax::Path>("statistics");
  const auto* found = path ? find_statistics(ctx, *path) : nullptr;
  if (!found) return std::nullopt;
  return plain_owned(
      found, sql::sql("STATISTICS"),
      sql::sql("(SELECT pg_catalog.pg_get_userbyid(o.stxowner) FROM pg_catalog.pg_statistic_ext o JOIN "
               "pg_catalog.pg_namespace n ON n.oid = o.stxnamespace WHERE n.nspname = {} AND o.stxname = {})",
               Literal{found->name.schema}, Literal{found->name.name}));
}

Rights rights_after(const RightsObject& object, const std::string& from, const std::string& to) {
  Rights rights{with_owner(object.rights.own, from, to), {}};
  for (const auto& [column, acl] : object.rights.columns) rights.columns[column] = with_owner(acl, from, to);
  return rights;
}

}  // namespace

std::optional<OwnedObject> find_owned(const Context& ctx) {
  const auto path = [&](const char* hole) { return ctx.call.get<syntax::Path>(hole); };
  if (path("table")) {
    const auto* table = find_table(ctx, *path("table"));
    return table ? std::optional(table_owned(ctx, *table)) : std::nullopt;
  }
  if (path("view")) return view_owned(ctx, *path("view"), false);
  if (path("matview")) return view_owned(ctx, *path("matview"), true);
  if (path("sequence")) {
    const auto* sequence =
        first_of(ctx, as_name(*path("sequence")), [&](const catalog::Name& name) { return ctx.before.sequence(name); });
    return sequence ? std::optional(relation(ctx, *sequence, "sequence", sql::sql("SEQUENCE"))) : std::nullopt;
  }
  if (path("type")) return type_owned(ctx, *path("type"), false);
  if (path("domain")) return type_owned(ctx, *path("domain"), true);
  if (const auto* name = ctx.call.get<syntax::Name>("schema")) return schema_owned(ctx, *name);
  if (auto plain = plain_of_call(ctx)) return plain;
  return callable_owned(ctx);
}

void give(const OwnedObject& object, const std::string& to, catalog::Catalog& after) {
  for (const auto& each : object.rights) each.put(after, to, rights_after(each, object.owner, to));
  if (!object.plain) return;
  auto changed = *object.plain;
  changed.owner = to;
  after.put(std::move(changed));
}

sql::Statement owner_statement(const OwnedObject& object, const std::string& to) {
  return statement(sql::sql("ALTER {} OWNER TO {}", object.object, Ident{to}), object.locks);
}

std::vector<sql::Statement> give_back_statements(const Context& ctx, const OwnedObject& object,
                                                 const std::string& from) {
  auto statements = std::vector{owner_statement(object, object.owner)};
  std::vector<RightsChange> changes;
  for (const auto& each : object.rights) {
    auto given = each;
    given.rights = rights_after(each, object.owner, from);
    changes.push_back({each, rights_after(given, from, object.owner), each.rights});
  }
  for (auto& each : rights_statements(ctx, changes)) statements.push_back(std::move(each));
  return statements;
}

Fragment owned_by(const OwnedObject& object, const std::string& role) {
  return sql::sql("{} = {}", object.current, Literal{role});
}

}  // namespace mig::operations
