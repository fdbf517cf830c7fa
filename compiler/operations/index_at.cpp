// Indexes that calls name.
#include "compiler/operations/index_at.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/indexes.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

const catalog::Index* index_of_view(const catalog::View& view, const std::string& name) {
  const auto found = std::find_if(view.indexes.begin(), view.indexes.end(),
                                  [&](const catalog::Index& index) { return index.name == name; });
  return found == view.indexes.end() ? nullptr : &*found;
}

IndexAt find_in(const Context& ctx, const catalog::Name& name) {
  if (const auto* table = ctx.before.table_of_index(name)) return {table, nullptr, table->index(name.name)};
  if (ctx.before.relation_kind(name) != "index") return {};
  for (const auto& each : ctx.before.names("view")) {
    const auto* view = each.schema == name.schema ? ctx.before.view(each) : nullptr;
    if (const auto* index = view ? index_of_view(*view, name.name) : nullptr) return {nullptr, view, index};
  }
  return {};
}

// A schema outside of the search path that has one of this name.
std::optional<catalog::Name> elsewhere(const Context& ctx, const std::string& index) {
  for (const auto& schema : ctx.before.names("schema"))
    if (ctx.before.table_of_index({schema.name, index})) return catalog::Name{schema.name, index};
  return std::nullopt;
}

void report_missing(const Context& ctx, const syntax::Path& path) {
  const auto wanted = as_name(path);
  const auto kind = ctx.before.find_table(wanted.schema, wanted.name);
  if (kind && ctx.before.relation_kind(*kind) != "index") {
    ctx.sink.report(diagnostics::wrong_kind, path.span,
                    fmt::format("`{}` is a {}, not an index", kind->text(), ctx.before.relation_kind(*kind)));
    return;
  }
  if (const auto other = wanted.schema.empty() ? elsewhere(ctx, wanted.name) : std::nullopt) {
    ctx.sink.report(diagnostics::unknown_index, path.span, fmt::format("no index `{}`", wanted.text()))
        .note("found: " + other->text())
        .suggest(other->text());
    return;
  }
  (void)report_unknown(ctx, diagnostics::unknown_index, path.parts.back(), fmt::format("no index `{}`", wanted.text()),
                       index_names(ctx.before, wanted.schema));
}

// The relation's own rules: known as it is now, and owned.
bool require_own_relation(const Context& ctx, const IndexAt& at, const syntax::Path& path) {
  if (at.view) return require_owner(ctx, "materialized view", at.view->name, at.view->owner, path.span);
  syntax::Path table;
  table.parts = {{at.table->name.schema, true, path.span}, {at.table->name.name, true, path.span}};
  table.span = path.span;
  return require_own_table(ctx, table) != nullptr;
}

}  // namespace

IndexAt find_index(const Context& ctx, const char* hole) {
  const auto* path = ctx.call.get<syntax::Path>(hole);
  if (!path) return {};
  const auto wanted = as_name(*path);
  std::vector<std::string> schemas{wanted.schema};
  if (wanted.schema.empty()) {
    schemas = ctx.before.server.search_path;
    schemas.insert(schemas.begin(), ctx.schema);
  }
  for (const auto& schema : schemas)
    if (const auto at = find_in(ctx, {schema, wanted.name}); at.index) return at;
  return {};
}

IndexAt require_own_index(const Context& ctx, const char* hole) {
  const auto* path = ctx.call.get<syntax::Path>(hole);
  if (!path) return {};
  const auto at = find_index(ctx, hole);
  if (!at.index) {
    report_missing(ctx, *path);
    return {};
  }
  return require_own_relation(ctx, at, *path) ? at : IndexAt{};
}

void edit_index(catalog::Catalog& after, const IndexAt& at, const std::function<void(catalog::Index&)>& change) {
  const auto name = at.index->name;
  const auto each = [&](std::vector<catalog::Index>& indexes) {
    for (auto& index : indexes)
      if (index.name == name) {
        change(index);
        break;
      }
    std::sort(indexes.begin(), indexes.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  };
  if (at.table) return each(after.edit_table(at.table->name).indexes);
  auto view = *after.view(at.view->name);
  each(view.indexes);
  after.put(std::move(view));
}

sql::Fragment index_is(const catalog::Name& index, const sql::Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND {})",
      sql::Literal{index.schema}, sql::Literal{index.name}, condition);
}

std::vector<std::string> index_touches(const IndexAt& at) {
  return {catalog::key(at.table ? "table" : "view", at.relation()), catalog::key("index", at.name())};
}

}  // namespace mig::operations
