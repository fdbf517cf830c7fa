// Views as written: what the query shows, what was said about columns and options.
#include "compiler/operations/view_written.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Query& query(const Context& ctx) { return *ctx.call.get<syntax::Query>("query"); }

const std::vector<syntax::Name>* written_names(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::Name>>("columns");
}

const std::vector<syntax::Setting>* written_options(const Context& ctx) {
  return ctx.call.get<std::vector<syntax::Setting>>("options");
}

// `with check option` alone is cascaded.
std::string check_option(const Context& ctx) {
  if (!ctx.call.has_word("check")) return {};
  return ctx.call.has_word("local") ? "local" : "cascaded";
}

std::string text_of(const Context& ctx) {
  auto text = query(ctx).text;
  while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return text;
}

QueryShape shape_of(const Context& ctx) {
  std::vector<std::string> names;
  if (const auto* list = written_names(ctx))
    for (const auto& each : *list) names.push_back(each.text);
  return query_shape(ctx.before, ctx.schema, text_of(ctx), names);
}

// What stays of a column that the old view has: comment, rights, default, statistics.
catalog::Column column_like(const catalog::Column* old, const QueryColumn& shown) {
  catalog::Column column;
  if (old) column = *old;
  column.name = shown.name;
  column.type = shown.type;
  column.collation = shown.collation;
  return column;
}

std::vector<std::string> options_of(const Context& ctx, const catalog::View* old) {
  std::vector<std::string> options;
  if (old && !written_options(ctx)) options = old->options;
  if (written_options(ctx)) options = with_settings({}, *written_options(ctx));
  const auto check = check_option(ctx);
  if (check.empty()) return options;
  std::erase_if(options, [](const std::string& option) { return option.rfind("check_option=", 0) == 0; });
  options.push_back("check_option=" + check);
  std::sort(options.begin(), options.end());
  return options;
}

source::Span place_of(const Context& ctx, std::size_t offset, std::size_t size) {
  const auto whole = query(ctx).span;
  const auto at = ctx.files.text(whole).find(query(ctx).text);
  if (at == std::string_view::npos) return whole;
  const auto begin = whole.begin + static_cast<std::uint32_t>(at + offset);
  return {whole.file, begin, begin + static_cast<std::uint32_t>(std::max<std::size_t>(size, 1))};
}

void report(const Context& ctx, const QueryProblem& problem) {
  const auto span = place_of(ctx, problem.offset, problem.name.size());
  const auto named = [&] { return syntax::Name{problem.name, false, span}; };
  const auto quoted = sql::quote_ident(problem.name);
  switch (problem.is) {
    case QueryProblem::Is::relation:
      report_unknown(ctx, diagnostics::unknown_table, named(), fmt::format("no table or view `{}`", problem.name),
                     problem.candidates);
      return;
    case QueryProblem::Is::column:
      report_unknown(ctx, diagnostics::unknown_column, named(),
                     fmt::format("no column `{}` in what the query reads", quoted), problem.candidates);
      return;
    case QueryProblem::Is::duplicate:
      ctx.sink
          .report(diagnostics::duplicate_name, query(ctx).span,
                  fmt::format("two columns of the query are called `{}`", quoted))
          .note("write `as` and another name behind one of them");
      return;
    case QueryProblem::Is::too_many_names:
      ctx.sink.report(diagnostics::contradiction, written_names(ctx)->back().span,
                      fmt::format("there is no column for the name `{}`: the query shows fewer", quoted));
      return;
    case QueryProblem::Is::parameter:
      ctx.sink.report(diagnostics::wrong_value, span, "a view has no parameters");
      return;
    case QueryProblem::Is::changes_rows:
      ctx.sink.report(diagnostics::wrong_value, span, "a view's query reads: it does not change rows");
      return;
    case QueryProblem::Is::into:
      ctx.sink.report(diagnostics::wrong_value, query(ctx).span, "a view's query has no INTO");
      return;
  }
}

bool check_query(const Context& ctx, const catalog::Name& name) {
  if (const auto error = sql::check_query(text_of(ctx))) {
    ctx.sink.report(diagnostics::sql_not_understood, place_of(ctx, error->offset, 1), error->message);
    return false;
  }
  const auto shape = shape_of(ctx);
  if (!shape.read) {
    ctx.sink.report(diagnostics::sql_not_understood, query(ctx).span, "a view is made of one query");
    return false;
  }
  for (const auto& problem : shape.problems) report(ctx, problem);
  for (const auto& use : shape.uses)
    if (use.relation == name) {
      ctx.sink.report(diagnostics::contradiction, query(ctx).span, fmt::format("`{}` reads itself", name.text()))
          .note("write what it reads in its query, or make a view below it");
      return false;
    }
  return shape.problems.empty();
}

bool check_check_option(const Context& ctx) {
  if (!ctx.call.has_word("check") || shape_of(ctx).updatable) return true;
  ctx.sink
      .report(diagnostics::contradiction, ctx.call.span,
              "a check option stands on a view whose rows are those of one table")
      .note("found: joins, groups, DISTINCT, LIMIT, WITH or set operations in its query");
  return false;
}

bool check_names(const Context& ctx) {
  bool good = true;
  if (const auto* list = written_names(ctx))
    for (const auto& each : *list) good = require_name(ctx, each) && good;
  return good;
}

}  // namespace

WrittenView written_view(const Context& ctx, ViewKind kind, const catalog::Name& name, const catalog::View* old) {
  WrittenView written;
  written.shape = shape_of(ctx);
  auto& view = written.view;
  if (old) view = *old;
  view.name = name;
  view.materialized = kind == ViewKind::materialized;
  view.definition = written.shape.text;
  view.uses = written.shape.uses;
  view.functions = written.shape.functions;
  view.options = options_of(ctx, old);
  view.populated = !(ctx.call.has_word("no") && ctx.call.has_word("data"));
  if (!old) {
    view.owner = ctx.before.server.role;
    view.grants = initial_grants(ctx, "tables", name.schema);
  }
  view.columns.clear();
  for (const auto& shown : written.shape.columns) {
    const auto* before = old ? column_of(*old, shown.name) : nullptr;
    view.columns.push_back(column_like(before, shown));
    view.columns.back().number = static_cast<int>(view.columns.size());
    if (!before) view.columns.back().made_by = place(ctx);
  }
  if (const auto* list = written_names(ctx))
    for (const auto& each : *list) written.names.push_back(each.text);
  return written;
}

bool check_written_view(const Context& ctx, ViewKind kind, const catalog::Name& name) {
  bool good = check_names(ctx);
  if (const auto* options = written_options(ctx)) good = check_view_options(ctx, kind, *options) && good;
  if (!check_query(ctx, name)) return false;
  return check_check_option(ctx) && good;
}

sql::Statement create_view_statement(const Context& ctx, const WrittenView& written, const catalog::Name& name,
                                     MakeView make) {
  const auto& view = written.view;
  auto text = sql::sql("CREATE {}{} {}", make == MakeView::replace ? sql::sql("OR REPLACE ") : sql::Fragment{},
                       word_of(view), name.sql());
  if (!written.names.empty()) text = sql::sql("{} ({})", text, names(written.names));
  text = sql::sql("{}{} AS\n{}", text, with_options(view.options), expression(written.shape.qualified));
  std::vector<sql::Lock> locks;
  add_reads(ctx, view, view.materialized && view.populated, locks);
  if (make == MakeView::replace) locks.push_back(lock(name, sql::LockMode::access_exclusive));
  if (view.materialized && !view.populated) text = sql::sql("{}\nWITH NO DATA", text);
  if (!view.materialized || !view.populated) return statement(std::move(text), std::move(locks));
  return statement(std::move(text), std::move(locks), sql::Work::scan, "its rows are computed by the query");
}

void check_create_view(const Context& ctx, ViewKind kind) {
  const auto& path = *ctx.call.get<syntax::Path>("name");
  const bool named = require_new_relation(ctx, path);
  (void)check_written_view(ctx, kind, named ? new_name(ctx, path) : catalog::Name{});
}

void create_view_effect(const Context& ctx, catalog::Catalog& after, ViewKind kind) {
  after.put(written_view(ctx, kind, new_name(ctx, *ctx.call.get<syntax::Path>("name"))).view);
}

std::vector<sql::Step> create_view_steps(const Context& ctx, ViewKind kind) {
  const auto written = written_view(ctx, kind, new_name(ctx, *ctx.call.get<syntax::Path>("name")));
  const auto& name = written.view.name;
  const auto title = fmt::format("{} {}", word(kind), name.text());
  auto step = transaction(ctx, "create " + title, {create_view_statement(ctx, written, name, MakeView::fresh)},
                          has_relation(name));
  step.back = {transaction(ctx, "drop " + title, {drop_view(written.view)}, negate(has_relation(name)))};
  std::vector<sql::Step> steps{std::move(step)};
  auto touched = std::vector{catalog::key("view", name)};
  for (const auto& use : written.view.uses)
    touched.push_back(catalog::key(ctx.before.view(use.relation) ? "view" : "table", use.relation));
  finish(steps, touched);
  return steps;
}

}  // namespace mig::operations
