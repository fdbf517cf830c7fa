// Schemas: what is in one, who may make one, how one is made again.
#include "compiler/operations/schemas.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/publications.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::Literal;

namespace {

// PostgreSQL keeps names that begin with pg_ for itself (42939).
bool of_postgres(const std::string& name) { return name.rfind("pg_", 0) == 0 || name == "information_schema"; }

bool of_mig(const std::string& name) { return name == "mig" || name.rfind("mig_park_", 0) == 0; }

bool report_reserved(const Context& ctx, const syntax::Name& name) {
  auto& diagnostic = ctx.sink.report(
      diagnostics::reserved_name, name.span,
      fmt::format("schema `{}` belongs to {}", sql::quote_ident(name.text), of_mig(name.text) ? "mig" : "PostgreSQL"));
  diagnostic.note(of_mig(name.text) ? "mig keeps its own objects in schemas mig and mig_park_…"
                                    : "names that begin with pg_ are PostgreSQL's own (42939)");
  return false;
}

void add(std::vector<Dependent>& found, const std::string& kind, const catalog::Name& name) {
  found.push_back({fmt::format("{} {}", kind, name.text()), "drop it or move it to another schema before"});
}

void add_relations(const Context& ctx, const std::string& schema, std::vector<Dependent>& found) {
  const auto& catalog = ctx.before;
  for (const auto& name : catalog.names("table"))
    if (name.schema == schema) add(found, "table", name);
  for (const auto& name : catalog.names("view"))
    if (name.schema == schema) add(found, catalog.view(name)->materialized ? "materialized view" : "view", name);
  for (const auto& name : catalog.names("sequence"))
    if (const auto* sequence = catalog.sequence(name);
        name.schema == schema && sequence->owned_by.schema != schema)  // the others are told of with their table
      add(found, "sequence", name);
}

void add_types_and_functions(const Context& ctx, const std::string& schema, std::vector<Dependent>& found) {
  for (const auto& name : ctx.before.names("type"))
    if (const auto* type = ctx.before.type(name);
        name.schema == schema && type->extension.empty() && type->kind != "multirange")
      add(found, type->kind == "domain" ? "domain" : "type", name);
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name))
      if (name.schema == schema)
        found.push_back({fmt::format("{} {}({})", function->kind, name.text(), function->arguments_key),
                         "drop it or move it to another schema before"});
}

constexpr const char* kinds_with_schema[] = {"statistics",
                                             "collation",
                                             "conversion",
                                             "operator",
                                             "operator class",
                                             "operator family",
                                             "text search configuration",
                                             "text search dictionary",
                                             "text search parser",
                                             "text search template"};

void add_objects(const Context& ctx, const std::string& schema, std::vector<Dependent>& found) {
  for (const auto* kind : kinds_with_schema)
    for (const auto& name : ctx.before.names(kind))
      if (name.schema == schema) add(found, kind, name);
  for (const auto& name : ctx.before.names("extension"))
    if (const auto* extension = ctx.before.object("extension", name);
        extension->facts.count("schema") != 0 && extension->facts.at("schema") == schema)
      found.push_back({fmt::format("extension {}", sql::quote_ident(name.name)), "drop the extension before"});
  for (const auto& name : ctx.before.names("publication")) {
    const auto published = schemas_of(*ctx.before.object("publication", name));
    if (std::find(published.begin(), published.end(), schema) != published.end())
      found.push_back({fmt::format("publication {} publishes its tables", sql::quote_ident(name.name)),
                       "take it from the publication before: remove from publication … tables in schema …"});
  }
  for (const auto& name : ctx.before.names("default privileges"))
    if (name.name.find(" in " + schema + " on ") != std::string::npos)
      found.push_back({fmt::format("default privileges of {}", name.name), "revoke them before: revoke default …"});
}

}  // namespace

const catalog::Object* find_schema(const Context& ctx, const syntax::Name& name) {
  return ctx.before.object("schema", {"", name.text});
}

const catalog::Object* require_own_schema(const Context& ctx, const syntax::Name& name) {
  if (of_postgres(name.text)) return report_reserved(ctx, name), nullptr;
  if (!require_schema(ctx, name)) return nullptr;
  const auto* schema = find_schema(ctx, name);
  if (!require_owner(ctx, "schema", schema->name, schema->owner, name.span)) return nullptr;
  const auto extension = schema->facts.find("extension");
  if (extension == schema->facts.end()) return schema;
  ctx.sink
      .report(diagnostics::still_needed, name.span,
              fmt::format("schema `{}` belongs to extension {}", sql::quote_ident(name.text), extension->second))
      .note("it comes and goes with the extension");
  return nullptr;
}

bool require_new_schema(const Context& ctx, const syntax::Name& name) {
  if (of_postgres(name.text) || of_mig(name.text)) return report_reserved(ctx, name);
  if (!require_name(ctx, name)) return false;
  if (!find_schema(ctx, name)) return require_create_on_database(ctx, name.span, "a schema");
  ctx.sink.report(diagnostics::duplicate_name, name.span,
                  fmt::format("there is a schema `{}` already", sql::quote_ident(name.text)));
  return false;
}

bool require_create_on_database(const Context& ctx, source::Span span, std::string_view what) {
  const auto& server = ctx.before.server;
  const auto* database = ctx.before.object("database", {"", server.database});
  if (!database || server.role.empty() || database->facts.at("create") == "true") return true;
  ctx.sink
      .report(diagnostics::no_permission, span,
              fmt::format("role `{}` may not create {} in database `{}`", server.role, what, server.database))
      .note(fmt::format("type, as {} or a superuser: GRANT CREATE ON DATABASE {} TO {};",
                        sql::quote_ident(database->owner), sql::quote_ident(server.database),
                        sql::quote_ident(server.role)));
  return false;
}

std::vector<Dependent> contents(const Context& ctx, const std::string& schema) {
  std::vector<Dependent> found;
  add_relations(ctx, schema, found);
  add_types_and_functions(ctx, schema, found);
  add_objects(ctx, schema, found);
  return found;
}

std::vector<sql::Statement> create_schema_statements(const Context& ctx, const catalog::Object& schema) {
  const Ident name{schema.name.name};
  std::vector<sql::Statement> statements{statement(sql::sql("CREATE SCHEMA {}", name))};
  if (!schema.owner.empty() && schema.owner != ctx.before.server.role)
    statements.push_back(statement(sql::sql("ALTER SCHEMA {} OWNER TO {}", name, Ident{schema.owner})));
  for (auto& each : restore_acl(ctx, rights_object_of_schema(schema, ctx.before.server.major()), {}))
    statements.push_back(std::move(each));
  if (!schema.comment.empty())
    statements.push_back(statement(sql::sql("COMMENT ON SCHEMA {} IS {}", name, comment_text(schema.comment))));
  return statements;
}

sql::Fragment has_schema(const std::string& name) {
  return sql::sql("EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = {})", Literal{name});
}

}  // namespace mig::operations
