// Views and materialized views: found by their name, and who knows them.
#include "compiler/operations/views.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/kind_words.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/function_text.hpp"

namespace mig::operations {

namespace {

std::vector<std::string> candidates(const Context& ctx, const std::string& schema, ViewKind kind) {
  std::vector<std::string> found;
  for (const auto& name : ctx.before.names("view"))
    if ((schema.empty() || name.schema == schema) && kind_of(*ctx.before.view(name)) == kind)
      found.push_back(name.name);
  return found;
}

const char* with_article(ViewKind kind) { return kind == ViewKind::view ? "a view" : "a materialized view"; }

}  // namespace

const char* word(ViewKind kind) { return kind == ViewKind::view ? "view" : "materialized view"; }

ViewKind kind_of(const catalog::View& view) { return view.materialized ? ViewKind::materialized : ViewKind::view; }

sql::Fragment word_of(const catalog::View& view) {
  return view.materialized ? sql::sql("MATERIALIZED VIEW") : sql::sql("VIEW");
}

const syntax::Path& view_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("view"); }

const catalog::View& view_of(const Context& ctx) { return *find_view(ctx, view_path(ctx)); }

const catalog::View* require_own_view(const Context& ctx, const syntax::Path& path, ViewKind kind) {
  if (path.parts.size() > 2) {
    ctx.sink.report(diagnostics::incomplete_name, path.span, "a view is written `view` or `schema.view`");
    return nullptr;
  }
  if (path.parts.size() == 2 && !require_schema(ctx, path.parts.front())) return nullptr;
  const auto* view = find_view(ctx, path);
  if (view && kind_of(*view) == kind)
    return require_owner(ctx, word(kind), view->name, view->owner, path.span) ? view : nullptr;
  if (report_other_kind(ctx, path, with_article(kind))) return nullptr;
  const auto wanted = as_name(path);
  report_unknown(ctx, diagnostics::unknown_object, path.parts.back(),
                 fmt::format("no {} `{}`", word(kind), wanted.text()), candidates(ctx, wanted.schema, kind));
  return nullptr;
}

const catalog::Column* column_of(const catalog::View& view, const std::string& name) {
  const auto found = std::find_if(view.columns.begin(), view.columns.end(),
                                  [&](const catalog::Column& column) { return column.name == name; });
  return found == view.columns.end() ? nullptr : &*found;
}

ViewColumn view_column_of(const Context& ctx) {
  const auto& path = *ctx.call.get<syntax::Path>("column");
  if (path.parts.size() < 2) return {};
  const auto* view = find_view(ctx, table_part(path));
  return view ? ViewColumn{view, column_of(*view, path.parts.back().text)} : ViewColumn{};
}

ViewColumn require_own_view_column(const Context& ctx, ViewKind kind) {
  const auto& path = *ctx.call.get<syntax::Path>("column");
  if (path.parts.size() != 2 && path.parts.size() != 3) {
    ctx.sink
        .report(diagnostics::incomplete_name, path.span,
                fmt::format("`{}` names no column of a view", ctx.files.text(path.span)))
        .note("write: view.column or schema.view.column");
    return {};
  }
  const auto* view = require_own_view(ctx, table_part(path), kind);
  if (!view) return {};
  const auto& name = path.parts.back();
  if (const auto* column = column_of(*view, name.text)) return {view, column};
  std::vector<std::string> names;
  for (const auto& column : view->columns) names.push_back(column.name);
  report_unknown(ctx, diagnostics::unknown_column, name,
                 fmt::format("no column `{}` in `{}`", sql::quote_ident(name.text), view->name.text()), names);
  return {};
}

bool made_here(const Context& ctx, const catalog::View& view) {
  return std::all_of(view.columns.begin(), view.columns.end(),
                     [&](const catalog::Column& column) { return column.made_by == place(ctx); });
}

void warn_of_view_in_texts(const Context& ctx, const catalog::View& view, source::Span span) {
  for (const auto& name : ctx.before.names("function"))
    for (const auto* function : ctx.before.functions(name)) {
      if (function->system || function->kind == "aggregate") continue;
      const auto text = sql::function_text(function->definition);
      if (!text || !text->body || !mentions(*text->body, view.name.name)) continue;
      ctx.sink
          .report(diagnostics::text_not_followed, span,
                  fmt::format("the body of `{}({})` names `{}`, and bodies are text: it does not follow", name.text(),
                              function->arguments_key, sql::quote_ident(view.name.name)))
          .note(fmt::format("write after it: replace {} {} …", function->kind, name.text()));
    }
}

}  // namespace mig::operations
