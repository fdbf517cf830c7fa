// Another query for a view: in its place where PostgreSQL allows that, else made again with all that hangs on it.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/view_written.hpp"
#include "compiler/sql/parse.hpp"
#include "compiler/sql/relation_names.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::LockMode;

namespace {

WrittenView replacement(const Context& ctx, ViewKind kind) {
  const auto& old = view_of(ctx);
  return written_view(ctx, kind, old.name, &old);
}

bool same_column(const catalog::Column& a, const catalog::Column& b) {
  return a.name == b.name && a.type == b.type && !a.type.empty() && a.collation == b.collation;
}

bool same_columns(const catalog::View& a, const catalog::View& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(), same_column);
}

// CREATE OR REPLACE VIEW keeps every column as it is and puts new ones behind them.
bool in_place(const catalog::View& old, const catalog::View& now) {
  return !old.materialized && old.columns.size() <= now.columns.size() &&
         std::equal(old.columns.begin(), old.columns.end(), now.columns.begin(), same_column);
}

Hanging hangs_on(const Context& ctx, const catalog::View& view) {
  return what_hangs(ctx, {.columns = {}, .relations = {view.name}, .functions = {}, .types = {}});
}

bool same_text(const std::string& a, const std::string& b) {
  return sql::same_expression(a, b) || sql::same_statement(a, b);
}

// Who reads a column that is not there any more cannot be made again.
bool require_columns_of_readers(const Context& ctx, const catalog::View& now) {
  bool good = true;
  for (const auto& [kind, user] : ctx.before.users(now.name)) {
    const auto* view = kind == "view" ? ctx.before.view(user) : nullptr;
    if (!view) continue;
    for (const auto& use : view->uses)
      for (const auto& column : use.columns) {
        if (use.relation != now.name || column_of(now, column)) continue;
        ctx.sink
            .report(diagnostics::still_needed, view_path(ctx).span,
                    fmt::format("view `{}` reads column `{}`, which the new query does not show", user.text(),
                                sql::quote_ident(column)))
            .note("replace or drop that view before");
        good = false;
      }
  }
  return good;
}

bool require_columns_of_indexes(const Context& ctx, const catalog::View& old, const catalog::View& now) {
  bool good = true;
  for (const auto& index : old.indexes)
    for (const auto& column : old.columns) {
      if (column_of(now, column.name) || !index_uses(index, column.name)) continue;
      ctx.sink
          .report(diagnostics::still_needed, view_path(ctx).span,
                  fmt::format("index `{}` stands on column `{}`, which the new query does not show",
                              sql::quote_ident(index.name), sql::quote_ident(column.name)))
          .note(fmt::format("write before: drop index {}", catalog::Name{old.name.schema, index.name}.text()));
      good = false;
    }
  return good;
}

// Views over it show other types now.
void retype_readers(catalog::Catalog& after, const catalog::Name& name) {
  for (const auto& [kind, user] : after.users(name)) {
    if (kind != "view") continue;
    auto view = *after.view(user);
    std::vector<std::string> names;
    for (const auto& column : view.columns) names.push_back(column.name);
    const auto shape = query_shape(after, {}, view.definition, names);
    for (std::size_t i = 0; i < view.columns.size() && i < shape.columns.size(); ++i)
      if (!shape.columns[i].type.empty()) {
        view.columns[i].type = shape.columns[i].type;
        view.columns[i].collation = shape.columns[i].collation;
      }
    after.put(std::move(view));
    retype_readers(after, user);
  }
}

std::string change_of(const catalog::View& old, const catalog::View& now) {
  for (const auto& column : old.columns) {
    const auto* kept = column_of(now, column.name);
    const auto name = sql::quote_ident(column.name);
    if (!kept) return fmt::format("clients of the old schema read its column {}", name);
    if (kept->type.empty())
      return fmt::format("of which type its column {} is now is not known here: it was {}", name, column.type);
    if (kept->type != column.type)
      return fmt::format("clients of the old schema read its column {} as {}, and it is {} now", name, column.type,
                         kept->type);
    if (kept->collation != column.collation) return fmt::format("its column {} sorts in another way now", name);
  }
  for (std::size_t i = 0; i < old.columns.size(); ++i)
    if (old.columns[i].name != now.columns[i].name) return "its columns stand in another order now";
  return {};
}

// ---- steps ----

// What the server printed ends with a semicolon; what this compilation made of a query does not, and only the server
// knows how it prints that.
bool printed(const catalog::View& view) { return !view.definition.empty() && view.definition.back() == ';'; }

Fragment view_is(const Context& ctx, const catalog::View& view) {
  std::vector<Fragment> options, columns;
  for (const auto& option : view.options)
    if (option.rfind("access_method=", 0) != 0) options.push_back(sql::fragment(sql::Literal{option}));
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = {} AND {} AND ARRAY(SELECT o FROM unnest(c.reloptions) "
      "o "
      "ORDER BY o COLLATE \"C\") = ARRAY[{}]::text[])",
      relation_oid(view.name), prints(ctx, sql::sql("pg_catalog.pg_get_viewdef(c.oid)"), view.definition),
      sql::join(options, ", "));
}

void append(std::vector<sql::Statement>& out, std::vector<sql::Statement> more) {
  for (auto& each : more) out.push_back(std::move(each));
}

std::string title_of(const catalog::View& view, const Hanging& hanging) {
  auto title = fmt::format("replace {} {}", word(kind_of(view)), view.name.text());
  if (!said(hanging).empty()) title += fmt::format(", and make {} again", said(hanging));
  return title;
}

sql::Statement replace_statement(const Context& ctx, const catalog::View& view) {
  auto text = view.definition;
  while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
  std::vector<sql::Lock> locks{lock(view.name, LockMode::access_exclusive)};
  add_reads(ctx, view, false, locks);
  return statement(
      sql::sql("CREATE OR REPLACE VIEW {}{} AS {}", view.name.sql(), with_options(view.options), expression(text)),
      std::move(locks));
}

std::vector<sql::Statement> made_anew(const Context& ctx, const WrittenView& written, const Hanging& hanging) {
  const auto& old = view_of(ctx);
  auto out = drop_hanging(hanging);
  out.push_back(drop_view(old));
  out.push_back(create_view_statement(ctx, written, old.name, MakeView::fresh));
  append(out, dress_view(ctx, written.view));
  append(out, make_hanging(hanging));
  append(out, make_view_parts(ctx, written.view));
  return out;
}

std::vector<sql::Statement> old_again(const Context& ctx, const WrittenView& written, const Hanging& hanging) {
  const auto& old = view_of(ctx);
  auto out = drop_hanging(hanging);
  out.push_back(drop_view(written.view));
  append(out, make_view(ctx, old));
  append(out, make_hanging(hanging));
  append(out, make_view_parts(ctx, old));
  return out;
}

}  // namespace

void check_replace_view(const Context& ctx, ViewKind kind) {
  const auto* old = require_own_view(ctx, view_path(ctx), kind);
  if (!check_written_view(ctx, kind, old ? old->name : catalog::Name{}) || !old) return;
  const auto now = replacement(ctx, kind).view;
  if (now.options == old->options && now.populated == old->populated && same_columns(*old, now) &&
      same_text(old->definition, now.definition)) {
    ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("`{}` is so already", old->name.text()))
        .note("take the line out");
    return;
  }
  if (!old->materialized && same_columns(*old, now)) return;
  if (require_columns_of_indexes(ctx, *old, now) && require_columns_of_readers(ctx, now))
    (void)require_rebuild(ctx, view_path(ctx).span, fmt::format("`{}`", old->name.text()), hangs_on(ctx, *old));
}

std::optional<Break> replace_view_breaks(const Context& ctx, ViewKind kind) {
  const auto& old = view_of(ctx);
  if (made_here(ctx, old)) return std::nullopt;
  const auto change = change_of(old, replacement(ctx, kind).view);
  if (change.empty()) return std::nullopt;
  return Break{change, "write it in contract { … }, or keep the column as it was: `as name`, `::type`"};
}

void replace_view_effect(const Context& ctx, catalog::Catalog& after, ViewKind kind) {
  const auto name = view_of(ctx).name;
  after.put(replacement(ctx, kind).view);
  retype_readers(after, name);
}

std::vector<sql::Step> replace_view_steps(const Context& ctx) {
  const auto& old = view_of(ctx);
  const auto written = replacement(ctx, ViewKind::view);
  const bool forward = in_place(old, written.view);
  const bool backward = forward && same_columns(old, written.view);
  const auto hanging = backward ? Hanging{} : hangs_on(ctx, old);
  auto statements = forward ? std::vector{create_view_statement(ctx, written, old.name, MakeView::replace)}
                            : made_anew(ctx, written, hanging);
  auto step =
      transaction(ctx, title_of(old, forward ? Hanging{} : hanging), std::move(statements), negate(view_is(ctx, old)));
  auto undo = backward ? std::vector{replace_statement(ctx, old)} : old_again(ctx, written, hanging);
  step.back = {
      transaction(ctx, fmt::format("bring back view {}", old.name.text()), std::move(undo), view_is(ctx, old))};
  if (!printed(old)) {
    step.probe.reset();
    step.back.front().probe.reset();
  }
  std::vector<sql::Step> steps{std::move(step)};
  auto touched = touches(hanging);
  touched.push_back(catalog::key("view", old.name));
  finish(steps, touched);
  return steps;
}

}  // namespace mig::operations
