// The objects of the catalog that have rights: how GRANT names each, where its list is, how a change gets into the
// model.
#include <algorithm>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/render.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;

namespace {

template <class T>
RightsObject base(const T& object, AclKind kind, Fragment word, Fragment oid, std::string key, int major) {
  RightsObject made;
  made.kind = kind;
  made.key = std::move(key);
  made.word = std::move(word);
  made.name = sql::sql("{}", object.name.sql());
  made.owner = object.owner;
  made.rights.own = acl_of(kind, object.grants, object.owner, major);
  made.oid = std::move(oid);
  made.put = [object, kind, major](catalog::Catalog& after, const std::string& owner, const Rights& rights) {
    auto changed = object;
    changed.owner = owner;
    changed.grants = grants_of(kind, rights.own, owner, major);
    after.put(std::move(changed));
  };
  return made;
}

void put_columns(std::vector<catalog::Column>& columns, const Rights& rights) {
  for (auto& column : columns) {
    const auto found = rights.columns.find(column.name);
    column.grants = found == rights.columns.end() ? std::vector<catalog::Grant>{} : plain_grants(found->second);
  }
}

template <class T>
RightsObject relation(const T& object, std::string key, int major) {
  auto made = base(object, AclKind::relation, sql::sql("TABLE"), relation_oid(object.name), std::move(key), major);
  made.relation = object.name;
  for (const auto& column : object.columns)
    if (!column.grants.empty()) made.rights.columns[column.name] = plain_acl(column.grants);
  made.put = [name = object.name, major](catalog::Catalog& after, const std::string& owner, const Rights& rights) {
    const auto change = [&](auto& changed) {
      changed.owner = owner;
      changed.grants = grants_of(AclKind::relation, rights.own, owner, major);
      put_columns(changed.columns, rights);
    };
    if constexpr (std::is_same_v<T, catalog::Table>) {
      change(after.edit_table(name));
    } else {
      auto changed = *after.view(name);
      change(changed);
      after.put(std::move(changed));
    }
  };
  return made;
}

}  // namespace

RightsObject rights_object(const catalog::Table& table, int server_major) {
  return relation(table, catalog::key("table", table.name), server_major);
}

RightsObject rights_object(const catalog::View& view, int server_major) {
  return relation(view, catalog::key("view", view.name), server_major);
}

RightsObject rights_object(const catalog::Sequence& sequence, int server_major) {
  auto made = base(sequence, AclKind::sequence, sql::sql("SEQUENCE"), relation_oid(sequence.name),
                   catalog::key("sequence", sequence.name), server_major);
  made.relation = sequence.name;
  return made;
}

RightsObject rights_object(const catalog::Type& type, int server_major) {
  return base(type, AclKind::type, sql::sql("TYPE"), type_oid(type.name), catalog::key("type", type.name),
              server_major);
}

RightsObject rights_object(const catalog::Function& function, int server_major) {
  const auto word = function.kind == "procedure" ? sql::sql("PROCEDURE") : sql::sql("FUNCTION");
  const auto signature = function.name.text() + "(" + function.arguments_key + ")";
  auto made = base(function, AclKind::function, word, sql::sql("pg_catalog.to_regprocedure({})", Literal{signature}),
                   catalog::key("function", function.name, function.arguments_key), server_major);
  made.name = expression(signature);
  return made;
}

RightsObject rights_object_of_schema(const catalog::Object& schema, int server_major) {
  return base(schema, AclKind::schema, sql::sql("SCHEMA"),
              sql::sql("(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = {})", Literal{schema.name.name}),
              catalog::key("schema", schema.name), server_major);
}

std::vector<catalog::Grant> initial_grants(const Context& ctx, std::string_view kind, const std::string& schema) {
  const auto& role = ctx.before.server.role;
  const auto major = ctx.before.server.major();
  const auto object = [&](const std::string& where) {
    return ctx.before.object("default privileges", {"", role + where + " on " + std::string(kind)});
  };
  const auto* everywhere = object("");
  const auto* here = schema.empty() ? nullptr : object(" in " + schema);
  if (!everywhere && !here) return {};
  const auto acl_kind = kind == "tables"      ? AclKind::relation
                        : kind == "sequences" ? AclKind::sequence
                        : kind == "functions" ? AclKind::function
                        : kind == "types"     ? AclKind::type
                                              : AclKind::schema;
  auto acl = everywhere ? plain_acl(everywhere->grants) : default_acl(acl_kind, role, major);
  if (here)
    for (const auto& [who, letters] : plain_acl(here->grants))
      for (const auto& [letter, option] : letters)
        add_rights(acl, who.first, who.second, std::string(1, letter), option);
  return grants_of(acl_kind, acl, role, major);
}

}  // namespace mig::operations
