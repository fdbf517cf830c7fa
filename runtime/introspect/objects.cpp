// Objects without parts: by their kind's query; schemas, publications and statistics objects have more to them.
#include <algorithm>

#include "runtime/introspect/build.hpp"
#include "runtime/introspect/object_queries.hpp"

namespace mig::runtime::introspection {

namespace {

// Pairs of key and value; a pair without a value says nothing.
std::map<std::string, std::string> facts(std::string_view text) {
  std::map<std::string, std::string> made;
  const auto cells = array(text);
  for (std::size_t i = 0; i + 1 < cells.size(); i += 2)
    if (!cells[i + 1].empty()) made.emplace(cells[i], cells[i + 1]);
  return made;
}

// Before 14 only a superuser may look at subscriptions, since connection strings are among them.
bool may_read(Build& build, const ObjectQuery& query) {
  if (query.kind != "subscription" || build.major() >= 14) return true;
  auto rows = build.link.ask("SELECT has_table_privilege('pg_catalog.pg_subscription', 'SELECT')");
  return rows.next() && rows.truth();
}

// The tables that subscriptions fill, by the oid of the subscription.
std::map<Oid, std::vector<catalog::Use>> subscribed_tables(Build& build) {
  std::map<Oid, std::vector<catalog::Use>> found;
  auto rows = build.link.ask("SELECT r.srsubid, r.srrelid FROM pg_subscription_rel r");
  while (rows.next()) {
    const auto subscription = rows.id();
    if (const auto* table = build.visible(rows.id())) found[subscription].push_back({table->name, {}});
  }
  for (auto& [oid, tables] : found) std::sort(tables.begin(), tables.end());
  return found;
}

void read_kind(Build& build, const ObjectQuery& query) {
  if (!may_read(build, query)) return;
  auto text = std::string(query.select);
  // An extension's members are its own business, and what was made inside of another object (a range's cast to its
  // multirange) goes with it.
  if (query.kind != "extension") {
    const std::string id = query.kind == "user mapping" ? "o.umid" : "o.oid";
    if (!query.system || !build.scope.system) text += " AND " + id + " >= " + std::to_string(first_user_oid);
    text += " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype IN ('e', 'i') AND d.objid = " + id +
            " AND d.classid = '" + std::string(query.system_catalog) + "'::regclass)";
  }
  auto subscribed =
      query.kind == "subscription" ? subscribed_tables(build) : std::map<Oid, std::vector<catalog::Use>>{};
  auto rows = build.link.ask(text);
  while (rows.next()) {
    catalog::Object object;
    const auto oid = rows.id();
    object.kind = query.kind;
    object.name.schema = rows.text();
    object.name.name = rows.text();
    if (of_mig(object.name)) continue;
    object.system = oid < first_user_oid && object.name.schema == "pg_catalog";
    object.owner = rows.text();
    if (!object.system) build.role(object.owner);
    const auto acl = rows.text();
    object.grants = query.kind == "default privileges" ? build.acl(array(acl).at(0)) : build.grants(acl);
    object.facts = facts(rows.view());
    object.uses = std::move(subscribed[oid]);
    object.comment = build.comment(query.system_catalog, oid);
    build.memory->add(std::move(object));
  }
}

void read_schemas(Build& build) {
  auto rows = build.link.ask(
      "SELECT o.oid, o.nspname, pg_get_userbyid(o.nspowner), CASE WHEN o.nspacl IS NOT NULL"
      " THEN ARRAY[o.nspacl::text, acldefault('n', o.nspowner)::text] END, x.extname FROM pg_namespace o"
      " LEFT JOIN pg_depend d ON d.classid = 'pg_namespace'::regclass AND d.objid = o.oid AND d.deptype = 'e'"
      " LEFT JOIN pg_extension x ON x.oid = d.refobjid");
  while (rows.next()) {
    catalog::Object schema;
    const auto oid = rows.id();
    schema.kind = "schema";
    schema.name.name = rows.text();
    if (system_schema(schema.name.name) || of_mig(catalog::Name{schema.name.name, {}})) continue;
    schema.owner = build.role(rows.text());
    schema.grants = build.grants(rows.view());
    if (const auto extension = rows.maybe()) schema.facts.emplace("extension", *extension);
    schema.comment = build.comment("pg_namespace", oid);
    build.memory->add(std::move(schema));
  }
}

}  // namespace

void read_objects(Build& build) {
  read_schemas(build);
  read_publications(build);
  read_statistics(build);
  for (const auto& query : object_queries()) read_kind(build, query);
}

}  // namespace mig::runtime::introspection
