// Enums and domains by name: what is wrong with a name, how the type is made and asked for.
#include "compiler/operations/named_types.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Literal;

namespace {

void report_unknown_type(const Context& ctx, const syntax::Path& path, std::string_view kind) {
  std::vector<std::string> candidates;
  for (const auto& name : ctx.before.names("type"))
    if (const auto* type = ctx.before.type(name); type && !type->system && type->kind == kind)
      candidates.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_type, path.parts.back(),
                 fmt::format("no {} `{}`", kind, ctx.files.text(path.span)), candidates);
}

bool require_plain_type(const Context& ctx, const catalog::Type& type, source::Span span) {
  if (type.system) {
    ctx.sink.report(diagnostics::reserved_name, span, fmt::format("type `{}` belongs to PostgreSQL", type.name.text()));
    return false;
  }
  if (type.extension.empty()) return true;
  ctx.sink
      .report(diagnostics::still_needed, span,
              fmt::format("type `{}` belongs to extension `{}`", type.name.text(), sql::quote_ident(type.extension)))
      .note("it changes with its extension: update extension …");
  return false;
}

bool report_taken(const Context& ctx, const catalog::Name& name, std::string_view what, source::Span span) {
  ctx.sink.report(diagnostics::duplicate_name, span,
                  fmt::format("`{}` is taken: there is a {} of this name", name.text(), what));
  return false;
}

}  // namespace

const catalog::Type* find_named_type(const Context& ctx, const syntax::Path& path, std::string_view kind) {
  return first_of(ctx, as_name(path), [&](const catalog::Name& name) -> const catalog::Type* {
    const auto* type = ctx.before.type(name);
    return type && type->kind == kind ? type : nullptr;
  });
}

const catalog::Type* require_own_type(const Context& ctx, const syntax::Path& path, std::string_view kind) {
  const auto* any = first_of(ctx, as_name(path), [&](const catalog::Name& name) { return ctx.before.type(name); });
  if (!any) return report_unknown_type(ctx, path, kind), nullptr;
  if (any->kind != kind) {
    ctx.sink.report(diagnostics::wrong_kind, path.span,
                    fmt::format("`{}` is no {}: its kind is {}", any->name.text(), kind, any->kind));
    return nullptr;
  }
  if (!require_plain_type(ctx, *any, path.span)) return nullptr;
  return require_owner(ctx, kind, any->name, any->owner, path.span) ? any : nullptr;
}

const syntax::Path& type_path(const Context& ctx, std::string_view kind) { return *ctx.call.get<syntax::Path>(kind); }

const catalog::Type* find_own_type(const Context& ctx, std::string_view kind) {
  return find_named_type(ctx, type_path(ctx, kind), kind);
}

bool require_free_type(const Context& ctx, const catalog::Name& name, source::Span span) {
  if (ctx.before.type(name)) return report_taken(ctx, name, "type", span);
  // A table's row type has the table's name (42710); indexes and, since 14, sequences have none.
  const auto kind = ctx.before.relation_kind(name);
  if (kind == "table" || kind == "view" || (kind == "sequence" && ctx.before.server.major() < 14))
    return report_taken(ctx, name, kind, span);
  return true;
}

bool require_new_type(const Context& ctx, const syntax::Path& path) {
  if (path.parts.size() > 2) {
    ctx.sink.report(diagnostics::incomplete_name, path.span, "a new name is written `name` or `schema.name`");
    return false;
  }
  if (!require_name(ctx, path.parts.back())) return false;
  if (path.parts.size() == 2 && !require_schema(ctx, path.parts.front())) return false;
  const auto name = new_name(ctx, path);
  return require_free_type(ctx, name, path.parts.back().span) && require_create(ctx, name.schema, path.span);
}

catalog::Type new_type(const Context& ctx, std::string_view kind) {
  catalog::Type type;
  type.name = new_name(ctx, *ctx.call.get<syntax::Path>("name"));
  type.kind = kind;
  type.owner = ctx.before.server.role;
  type.array = catalog::array_name(type.name);
  type.grants = initial_grants(ctx, "types", type.name.schema);
  return type;
}

sql::Fragment word_of(const catalog::Type& type) {
  return type.kind == "domain" ? sql::sql("DOMAIN") : sql::sql("TYPE");
}

sql::Fragment type_is(const catalog::Name& type, const sql::Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
      "WHERE n.nspname = {} AND t.typname = {}{})",
      Literal{type.schema}, Literal{type.name}, condition);
}
sql::Fragment has_type(const catalog::Name& type) { return type_is(type, {}); }

}  // namespace mig::operations
