// set owner: what cannot change hands so, and who may not have it.
#include <fmt/format.h>

#include "compiler/operations/grant_calls.hpp"
#include "compiler/operations/grant_objects.hpp"
#include "compiler/operations/kind_words.hpp"
#include "compiler/operations/owners.hpp"
#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

// Its parts change hands with the table.
bool check_linked(const Context& ctx, const OwnedObject& object, const syntax::Path& path) {
  const auto* sequence = ctx.before.sequence(object.name);
  if (!sequence || sequence->owned_by.name.empty()) return true;
  ctx.sink
      .report(diagnostics::inherited, path.span,
              fmt::format("sequence `{}` belongs to column {} of {} and changes hands with it", object.name.text(),
                          sql::quote_ident(sequence->owned_by_column), sequence->owned_by.text()))
      .note(fmt::format("write: set owner of table {} to …", sequence->owned_by.text()));
  return false;
}

const syntax::Argument* subject(const Context& ctx) {
  for (const auto& argument : ctx.call.arguments)
    if (argument.hole != "role") return &argument;
  return nullptr;
}

void report_missing(const Context& ctx) {
  if (const auto* table = ctx.call.get<syntax::Path>("table")) return void(require_table(ctx, *table));
  if (const auto* name = ctx.call.get<syntax::Name>("schema")) return void(require_schema(ctx, *name));
  if (const auto* name = ctx.call.get<syntax::Name>("publication")) return void(require_own_publication(ctx, *name));
  const auto* named = subject(ctx);
  if (std::holds_alternative<std::vector<syntax::Callable>>(named->value)) return void(require_objects(ctx));
  const auto& path = std::get<syntax::Path>(named->value);
  const auto kind = named->hole == "matview" ? std::string("materialized view") : named->hole;
  if (report_other_kind(ctx, path, (kind == "statistics" ? "" : "a ") + kind)) return;
  std::vector<std::string> candidates;
  const auto list = named->hole == "matview" ? "view" : named->hole == "domain" ? "type" : named->hole;
  for (const auto& name : ctx.before.names(list)) candidates.push_back(name.name);
  report_unknown(ctx, diagnostics::unknown_object, path.parts.back(),
                 fmt::format("no {} `{}`", kind, ctx.files.text(path.span)), candidates);
}

}  // namespace

std::optional<OwnedObject> require_owned(const Context& ctx) {
  if (ctx.call.get<syntax::Path>("table") && !require_table(ctx, *ctx.call.get<syntax::Path>("table")))
    return std::nullopt;
  auto found = find_owned(ctx);
  if (!found) return report_missing(ctx), std::nullopt;
  if (const auto* path = ctx.call.get<syntax::Path>("sequence"); path && !check_linked(ctx, *found, *path))
    return std::nullopt;
  return found;
}

bool check_new_owner(const Context& ctx, const OwnedObject& object, const syntax::Name& role) {
  const auto& server = ctx.before.server;
  if (server.superuser || server.role.empty()) return true;
  if (!acts_as(ctx, role.text)) {
    ctx.sink
        .report(diagnostics::no_permission, role.span,
                fmt::format("role `{}` is no member of {}, and gives nothing to it", server.role,
                            sql::quote_ident(role.text)))
        .note(fmt::format("type, as a superuser: GRANT {} TO {};", sql::quote_ident(role.text),
                          sql::quote_ident(server.role)));
    return false;
  }
  if (object.name.schema.empty()) return true;
  const auto* schema = ctx.before.object("schema", {"", object.name.schema});
  if (!schema || schema->owner == role.text) return true;
  for (const auto& grant : schema->grants)
    if ((grant.grantee.empty() || grant.grantee == role.text) && grant.privileges.find('C') != std::string::npos)
      return true;
  ctx.sink
      .report(diagnostics::no_permission, role.span,
              fmt::format("{} may not create in schema `{}`, so it cannot own anything there",
                          sql::quote_ident(role.text), object.name.schema))
      .note(fmt::format("type, as {} or a superuser: GRANT CREATE ON SCHEMA {} TO {};", schema->owner,
                        sql::quote_ident(object.name.schema), sql::quote_ident(role.text)));
  return false;
}

}  // namespace mig::operations
