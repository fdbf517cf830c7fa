// New names (length, reserved, taken) and permissions, said before the server would refuse them.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

bool acts_as(const Context& ctx, std::string_view role) {
  const auto& server = ctx.before.server;
  if (server.superuser || server.role == role) return true;
  return std::find(server.member_of.begin(), server.member_of.end(), role) != server.member_of.end();
}

// A catalog without a role (written by hand, or from a snapshot of an unknown user) cannot judge permissions.
bool knows_role(const Context& ctx) { return !ctx.before.server.role.empty(); }

bool granted(const Context& ctx, const std::vector<catalog::Grant>& grants, char privilege) {
  return std::any_of(grants.begin(), grants.end(), [&](const catalog::Grant& grant) {
    return grant.privileges.find(privilege) != std::string::npos &&
           (grant.grantee.empty() || acts_as(ctx, grant.grantee));
  });
}

bool belongs_to_mig(std::string_view name) { return name.substr(0, 5) == "_mig_"; }
bool schema_of_mig(std::string_view name) { return name == "mig" || name.substr(0, 9) == "mig_park_"; }

bool report_reserved(const Context& ctx, const syntax::Name& name) {
  auto& diagnostic = ctx.sink.report(diagnostics::reserved_name, name.span,
                                     fmt::format("`{}` belongs to mig", sql::quote_ident(name.text)));
  diagnostic.note("mig keeps its own objects in schemas mig and mig_park_… and under names that begin with _mig_");
  return false;
}

bool report_taken(const Context& ctx, const syntax::Name& name, std::string what) {
  ctx.sink.report(diagnostics::duplicate_name, name.span, std::move(what));
  return false;
}

}  // namespace

catalog::Name new_name(const Context& ctx, const syntax::Path& path) {
  auto name = as_name(path);
  if (name.schema.empty()) name.schema = ctx.schema;
  return name;
}

bool require_name(const Context& ctx, const syntax::Name& name) {
  if (belongs_to_mig(name.text)) return report_reserved(ctx, name);
  if (name.text.size() <= sql::max_name) return true;
  auto& diagnostic =
      ctx.sink.report(diagnostics::name_too_long, name.span,
                      fmt::format("the name has {} bytes, PostgreSQL keeps {}", name.text.size(), sql::max_name));
  diagnostic.note("the server would cut it off silently, and two names could become one");
  return false;
}

bool require_schema(const Context& ctx, const syntax::Name& schema) {
  if (schema_of_mig(schema.text)) return report_reserved(ctx, schema);
  if (ctx.before.has_schema(schema.text)) return true;
  std::vector<std::string> schemas;
  for (const auto& name : ctx.before.names("schema")) schemas.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_schema, schema, fmt::format("no schema `{}`", sql::quote_ident(schema.text)),
                 schemas);
  return false;
}

bool require_new_relation(const Context& ctx, const syntax::Path& path) {
  if (path.parts.size() > 2) {
    ctx.sink.report(diagnostics::incomplete_name, path.span, "a new name is written `name` or `schema.name`");
    return false;
  }
  if (!require_name(ctx, path.parts.back())) return false;
  if (path.parts.size() == 2 && !require_schema(ctx, path.parts.front())) return false;
  const auto name = new_name(ctx, path);
  if (const auto kind = ctx.before.relation_kind(name); !kind.empty())
    return report_taken(
        ctx, path.parts.back(),
        fmt::format("`{}` is taken: there is {} {} of this name", name.text(), kind == "index" ? "an" : "a", kind));
  // A table's row type shares the namespace of types (42710).
  if (const auto* type = ctx.before.type(name); type && type->kind != "base")
    return report_taken(ctx, path.parts.back(),
                        fmt::format("`{}` is taken: there is a type of this name", name.text()));
  return require_create(ctx, name.schema, path.span);
}

bool require_new_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name) {
  static constexpr std::string_view system[] = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
  if (!require_name(ctx, name)) return false;
  if (const auto* column = table.column(name.text)) {
    auto& diagnostic =
        ctx.sink.report(diagnostics::duplicate_name, name.span,
                        fmt::format("`{}` has a column `{}` already", table.name.text(), sql::quote_ident(name.text)));
    diagnostic.note(fmt::format("found: {} {}", sql::quote_ident(column->name), column->type));
    return false;
  }
  if (std::find(std::begin(system), std::end(system), name.text) == std::end(system)) return true;
  return report_taken(ctx, name, fmt::format("`{}` is a system column of every table", name.text));
}

bool require_new_constraint(const Context& ctx, const catalog::Table& table, const syntax::Name& name) {
  if (!require_name(ctx, name)) return false;
  if (!table.constraint(name.text)) return true;
  return report_taken(
      ctx, name, fmt::format("`{}` has a constraint `{}` already", table.name.text(), sql::quote_ident(name.text)));
}

bool require_owner(const Context& ctx, std::string_view kind, const catalog::Name& name, std::string_view owner,
                   source::Span span) {
  if (!knows_role(ctx) || owner.empty() || acts_as(ctx, owner)) return true;
  const auto& role = ctx.before.server.role;
  auto& diagnostic = ctx.sink.report(
      diagnostics::no_permission, span,
      fmt::format("role `{}` does not own {} `{}`, and only its owner may change it", role, kind, name.text()));
  diagnostic.note(fmt::format("found: owner {}", sql::quote_ident(owner)));
  diagnostic.note(fmt::format("type, as {} or a superuser: GRANT {} TO {};", sql::quote_ident(owner),
                              sql::quote_ident(owner), sql::quote_ident(role)));
  return false;
}

bool require_create(const Context& ctx, const std::string& schema, source::Span span) {
  if (!knows_role(ctx)) return true;
  const auto* object = ctx.before.object("schema", {"", schema});
  if (!object || object->owner.empty() || acts_as(ctx, object->owner) || granted(ctx, object->grants, 'C')) return true;
  const auto& role = ctx.before.server.role;
  auto& diagnostic = ctx.sink.report(diagnostics::no_permission, span,
                                     fmt::format("role `{}` may not create in schema `{}`", role, schema));
  diagnostic.note(fmt::format("type, as {} or a superuser: GRANT CREATE ON SCHEMA {} TO {};", object->owner,
                              sql::quote_ident(schema), sql::quote_ident(role)));
  return false;
}

bool require_references(const Context& ctx, const catalog::Table& table, source::Span span) {
  if (!knows_role(ctx) || table.owner.empty() || acts_as(ctx, table.owner) || granted(ctx, table.grants, 'x'))
    return true;
  const auto& role = ctx.before.server.role;
  auto& diagnostic = ctx.sink.report(diagnostics::no_permission, span,
                                     fmt::format("role `{}` may not refer to `{}`", role, table.name.text()));
  diagnostic.note(fmt::format("type, as {} or a superuser: GRANT REFERENCES ON {} TO {};", table.owner,
                              table.name.text(), sql::quote_ident(role)));
  return false;
}

}  // namespace mig::operations
