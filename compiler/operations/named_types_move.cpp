// Another name or schema for an enum or domain: one instant statement, after which everything that names it follows.
#include <fmt/format.h>

#include "compiler/catalog/rename_type.hpp"
#include "compiler/operations/function_bodies.hpp"
#include "compiler/operations/named_types.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

// A composite type is a relation as well, and locked as one.
std::vector<sql::Lock> move_locks(const catalog::Type& type, const catalog::Name& from, bool rename) {
  if (type.kind != "composite" || !rename) return {};
  return {lock(from, sql::LockMode::access_exclusive)};
}

sql::Step move_step(const Context& ctx, const catalog::Type& type, const catalog::Name& from, const catalog::Name& to) {
  const auto word = word_of(type);
  const bool rename = from.schema == to.schema;
  auto text = rename ? sql::sql("ALTER {} {} RENAME TO {}", word, from.sql(), Ident{to.name})
                     : sql::sql("ALTER {} {} SET SCHEMA {}", word, from.sql(), Ident{to.schema});
  auto title = rename ? fmt::format("rename {} {} to {}", type.kind, from.text(), sql::quote_ident(to.name))
                      : fmt::format("move {} {} to schema {}", type.kind, from.text(), sql::quote_ident(to.schema));
  return transaction(ctx, std::move(title), {statement(std::move(text), move_locks(type, from, rename))},
                     both(has_type(to), negate(has_type(from))));
}

void check_target(const Context& ctx, std::string_view kind, source::Span span) {
  const auto* type = require_own_type(ctx, type_path(ctx, kind), kind);
  if (!type) return;
  const auto to = moved_type(ctx, kind);
  if (type->name == to) {
    ctx.sink.report(diagnostics::nothing_to_do, span, fmt::format("`{}` is there already", to.text()))
        .note("take the line out");
    return;
  }
  if (!require_free_type(ctx, to, span)) return;
  // A composite type is a relation as well.
  if (const auto taken = ctx.before.relation_kind(to); kind == "composite" && !taken.empty()) {
    ctx.sink.report(
        diagnostics::duplicate_name, span,
        fmt::format("`{}` is taken: there is {} {} of this name", to.text(), taken == "index" ? "an" : "a", taken));
    return;
  }
  if (to.schema != type->name.schema && !require_create(ctx, to.schema, span)) return;
  warn_of_bodies(ctx, span, type->name.text(),
                 [&](const std::string& body) { return mentions(body, type->name.name); });
}

}  // namespace

catalog::Name moved_type(const Context& ctx, std::string_view kind) {
  const auto* type = find_own_type(ctx, kind);
  if (!type) return {};
  if (const auto* name = ctx.call.get<syntax::Name>("new")) return {type->name.schema, name->text};
  return {ctx.call.get<syntax::Name>("schema")->text, type->name.name};
}

void check_rename_type(const Context& ctx, std::string_view kind) {
  const auto* name = ctx.call.get<syntax::Name>("new");
  if (name && require_name(ctx, *name)) check_target(ctx, kind, name->span);
}

void check_move_type(const Context& ctx, std::string_view kind) {
  const auto* schema = ctx.call.get<syntax::Name>("schema");
  if (schema && require_schema(ctx, *schema)) check_target(ctx, kind, schema->span);
}

void move_type_effect(const Context& ctx, catalog::Catalog& after, std::string_view kind) {
  catalog::rename_type(after, find_own_type(ctx, kind)->name, moved_type(ctx, kind));
}

Break move_type_breaks(const Context& ctx, std::string_view kind) {
  const auto* type = find_own_type(ctx, kind);
  return {fmt::format("clients of the old schema know it only as {}", type->name.text()),
          fmt::format("write it in contract {{ {} }}", ctx.files.text(ctx.call.span))};
}

std::vector<sql::Step> move_type_steps(const Context& ctx, std::string_view kind) {
  const auto& type = *find_own_type(ctx, kind);
  const auto to = moved_type(ctx, kind);
  std::vector<sql::Step> steps{move_step(ctx, type, type.name, to)};
  steps.front().back = {move_step(ctx, type, to, type.name)};
  auto touches = catalog::users_of_type(ctx.before, type.name);
  touches.push_back(catalog::key("type", type.name));
  touches.push_back(catalog::key("type", to));
  finish(steps, touches);
  return steps;
}

}  // namespace mig::operations
