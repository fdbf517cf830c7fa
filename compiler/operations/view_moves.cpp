// Renaming views and their columns, and moving them to another schema: instant, and what refers to them follows.
#include <fmt/format.h>

#include "compiler/catalog/rename_column.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name* new_name(const Context& ctx) { return ctx.call.get<syntax::Name>("new"); }
const syntax::Name* new_schema(const Context& ctx) { return ctx.call.get<syntax::Name>("schema"); }

syntax::Path path_of(const catalog::Name& name, source::Span span) {
  return {{{name.schema, true, span}, {name.name, true, span}}, span};
}

std::string kind_word(const catalog::View& view) { return word(kind_of(view)); }

sql::Step move(const Context& ctx, const catalog::View& view, const catalog::Name& from, const catalog::Name& to) {
  auto text = from.schema == to.schema
                  ? sql::sql("ALTER {} {} RENAME TO {}", word_of(view), from.sql(), Ident{to.name})
                  : sql::sql("ALTER {} {} SET SCHEMA {}", word_of(view), from.sql(), Ident{to.schema});
  return transaction(ctx, fmt::format("{} {} becomes {}", kind_word(view), from.text(), to.text()),
                     {statement(std::move(text), {lock(from, LockMode::access_exclusive)})},
                     both(has_relation(to), negate(has_relation(from))));
}

sql::Step rename(const Context& ctx, const catalog::View& view, const std::string& from, const std::string& to) {
  return transaction(
      ctx,
      fmt::format("rename column {} of {} {} to {}", sql::quote_ident(from), kind_word(view), view.name.text(),
                  sql::quote_ident(to)),
      {statement(sql::sql("ALTER {} {} RENAME COLUMN {} TO {}", word_of(view), view.name.sql(), Ident{from}, Ident{to}),
                 {lock(view.name, LockMode::access_exclusive)})},
      both(has_column(view.name, to), negate(has_column(view.name, from))));
}

}  // namespace

catalog::Name moved_view_name(const Context& ctx) {
  const auto& name = view_of(ctx).name;
  if (const auto* schema = new_schema(ctx)) return {schema->text, name.name};
  return {name.schema, new_name(ctx)->text};
}

void check_move_view(const Context& ctx, ViewKind kind, const catalog::Name& to, source::Span span) {
  const auto* view = require_own_view(ctx, view_path(ctx), kind);
  if (!view) return;
  if (view->name == to) {
    ctx.sink.report(diagnostics::nothing_to_do, span, fmt::format("`{}` is there already", to.text()))
        .note("take the line out");
    return;
  }
  if (!require_new_relation(ctx, path_of(to, span))) return;
  for (const auto& index : view->indexes)
    if (to.schema != view->name.schema)
      if (const auto taken = ctx.before.relation_kind({to.schema, index.name}); !taken.empty()) {
        ctx.sink.report(diagnostics::duplicate_name, span,
                        fmt::format("index `{}` goes along, and `{}` has a relation of this name",
                                    sql::quote_ident(index.name), to.schema));
        return;
      }
  warn_of_view_in_texts(ctx, *view, view_path(ctx).span);
}

std::optional<Break> move_view_breaks(const Context& ctx) {
  const auto& view = view_of(ctx);
  if (made_here(ctx, view)) return std::nullopt;
  return Break{fmt::format("clients of the old schema know the {} only as {}", kind_word(view), view.name.text()),
               "write it in contract { … }"};
}

std::vector<sql::Step> move_view_steps(const Context& ctx, const catalog::Name& to) {
  const auto& view = view_of(ctx);
  auto step = move(ctx, view, view.name, to);
  step.back = {move(ctx, view, to, view.name)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("view", view.name), catalog::key("view", to)});
  return made;
}

void check_rename_view_column(const Context& ctx, ViewKind kind) {
  const auto at = require_own_view_column(ctx, kind);
  if (!at.column) return;
  const auto& name = *new_name(ctx);
  if (name.text == at.column->name) {
    ctx.sink
        .report(diagnostics::nothing_to_do, name.span,
                fmt::format("`{}` of `{}` is called so already", sql::quote_ident(name.text), at.view->name.text()))
        .note("take the line out");
    return;
  }
  if (!require_name(ctx, name)) return;
  if (column_of(*at.view, name.text)) {
    ctx.sink.report(diagnostics::duplicate_name, name.span,
                    fmt::format("`{}` has a column `{}` already", at.view->name.text(), sql::quote_ident(name.text)));
    return;
  }
  warn_of_view_in_texts(ctx, *at.view, name.span);
}

std::optional<Break> rename_view_column_breaks(const Context& ctx) {
  const auto at = view_column_of(ctx);
  if (at.column->made_by == place(ctx)) return std::nullopt;
  return Break{
      fmt::format("clients of the old schema read {} of {}", sql::quote_ident(at.column->name), at.view->name.text()),
      "write it in contract { … }"};
}

void rename_view_column_effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = view_column_of(ctx);
  catalog::rename_view_column(after, at.view->name, at.column->name, new_name(ctx)->text);
}

std::vector<sql::Step> rename_view_column_steps(const Context& ctx) {
  const auto at = view_column_of(ctx);
  const auto& to = new_name(ctx)->text;
  auto step = rename(ctx, *at.view, at.column->name, to);
  step.back = {rename(ctx, *at.view, to, at.column->name)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("view", at.view->name), catalog::key("column", at.view->name, at.column->name)});
  return made;
}

}  // namespace mig::operations
