// Can it be asked? What is wrong with a question is said before anything runs.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "compiler/check/looks.hpp"
#include "compiler/check/walk.hpp"
#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::diagnostics {
extern const Code wrong_expectation;
extern const Code unknown_measure;
}  // namespace mig::diagnostics

namespace mig::check {

namespace {

using operations::Context;

diagnostics::Diagnostic& wrong(const Context& ctx, source::Span span, std::string message) {
  return ctx.sink.report(diagnostics::wrong_expectation, span, std::move(message));
}

bool compares(const std::string& op) { return op == "<" || op == "<=" || op == ">" || op == ">="; }

void check_comparison(const Context& ctx, const std::string& op, source::Span span) {
  if (!compares(op)) wrong(ctx, span, fmt::format("`{}` compares no times", op)).note("write: <, <=, > or >=");
}

// Exactly one query, as PostgreSQL reads it.
bool check_query(const Context& ctx, const std::string& text, source::Span span) {
  const auto error = sql::check_query(text);
  if (error) {
    const auto begin = std::min(span.end, span.begin + static_cast<std::uint32_t>(error->offset));
    wrong(ctx, {span.file, begin, std::min(span.end, begin + 1)},
          fmt::format("this is not one query: {}", error->message))
        .note("write: one SELECT, VALUES or TABLE, without a `;` at its end");
    return false;
  }
  operations::warn_of_unknown_relations(ctx, text, span);
  return true;
}

std::string text_of(const Context& ctx, source::Span span) { return std::string(ctx.files.text(span)); }

// A table with its columns, or a view: then only the server knows what `where` may say.
void check_rows(const Context& ctx, const syntax::Expect::None& none) {
  if (none.query) {
    check_query(ctx, none.query->text, none.query->span);
    if (none.where)
      wrong(ctx, none.where->span, "`where` stands behind a query")
          .note("write: the condition into the query, or a table in place of it");
    return;
  }
  if (!none.table) return;
  const auto named = operations::named_relations(ctx, "TABLE " + text_of(ctx, none.table->span));
  if (!named.empty() && ctx.before.view(named.front()) != nullptr) return;
  const auto* table = operations::require_table(ctx, *none.table);
  if (table != nullptr && none.where)
    (void)operations::require_statement_expression(ctx, *table, *none.where, "an expectation");
}

void check_plan(const Context& ctx, const syntax::Expect::PlanUses& plan) {
  sql::ParseError error;
  const auto facts = sql::facts(plan.query.text, error);
  const auto planned = {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"};
  if (!facts || std::find(planned.begin(), planned.end(), facts->kind) == planned.end())
    wrong(ctx, plan.query.span, facts ? "this has no plan" : "PostgreSQL's parser refuses this: " + error.message)
        .note("write: one SELECT, INSERT, UPDATE or DELETE; it is explained, never run");
  else
    operations::warn_of_unknown_relations(ctx, plan.query.text, plan.query.span);
  if (!plan.index) return;
  if (const auto at = ctx.before.find_table("", plan.index->text); at && ctx.before.relation_kind(*at) == "index")
    return;
  std::vector<std::string> names;
  for (const auto& table : ctx.before.names("table"))
    if (const auto* found = ctx.before.table(table))
      for (const auto& index : found->indexes) names.push_back(index.name);
  if (std::find(names.begin(), names.end(), plan.index->text) == names.end())
    operations::report_unknown(ctx, diagnostics::unknown_index, *plan.index,
                               fmt::format("no index `{}`", plan.index->text), names);
}

void check_time(const Context& ctx, const syntax::Expect::Time& time, source::Span span) {
  check_comparison(ctx, time.op, span);
  (void)milliseconds(time.limit, ctx.sink);
  check_runs(ctx, time.query, time.runs);
}

void check_baseline(const Context& ctx, const syntax::Expect::Baseline& baseline, source::Span span,
                    const std::vector<const syntax::Measure*>& measures) {
  check_comparison(ctx, baseline.op, span);
  std::vector<std::string> names;
  for (const auto* measure : measures) names.push_back(measure->name.text);
  const auto& name = baseline.measure.parts.back().text;
  if (baseline.measure.parts.size() == 1 && std::find(names.begin(), names.end(), name) != names.end()) return;
  auto& diagnostic =
      ctx.sink.report(diagnostics::unknown_measure, baseline.measure.span,
                      fmt::format("nothing measures `{}` before", ctx.files.text(baseline.measure.span)));
  if (const auto near = diagnostics::nearest(name, names, 1); !near.empty())
    diagnostic.suggest(near.front());
  else
    diagnostic.note(fmt::format("write: measure {} = p95 of $$…$$ over 50 runs; before expand", name));
}

}  // namespace

namespace {

// Without rows count(*) is 1, whatever the tables hold: nobody means that.
bool is_aggregate(const Context& ctx, const syntax::FunctionCall& call) {
  static const std::set<std::string> known{"array_agg", "avg", "bool_and",  "bool_or",    "count", "every",
                                           "json_agg",  "max", "jsonb_agg", "string_agg", "min",   "sum"};
  const auto& name = call.function.parts.back().text;
  if (call.star || known.count(name) != 0) return true;
  const auto schema = call.function.parts.size() > 1 ? call.function.parts.front().text : ctx.schema;
  const auto found = ctx.before.functions({schema, name});
  return std::any_of(found.begin(), found.end(), [](const auto* function) { return function->kind == "aggregate"; });
}

}  // namespace

void check_condition(const Context& ctx, const syntax::Expr& condition) {
  const auto mentions = operations::mentions(condition);
  for (const auto* column : mentions.columns)
    wrong(ctx, column->path.span, fmt::format("`{}` is a column of no table here", ctx.files.text(column->path.span)))
        .note("write: expect none in TABLE where …, or a query in parentheses: (select count(*) from …) = 0");
  for (const auto* call : mentions.calls)
    if (is_aggregate(ctx, *call))
      wrong(ctx, call->function.span, "there are no rows here for an aggregate")
          .note("write: it in a query in parentheses: (select count(*) from …)");
  for (const auto& span : mentions.queries) operations::warn_of_unknown_relations(ctx, text_of(ctx, span), span);
}

void check_runs(const Context& ctx, const syntax::Body& query, const syntax::Number& runs) {
  check_query(ctx, query.text, query.span);
  int count = 0;
  const auto* end = runs.text.data() + runs.text.size();
  const auto read = std::from_chars(runs.text.data(), end, count);
  if (read.ec != std::errc() || read.ptr != end || count < 1 || count > 10000)
    wrong(ctx, runs.span, fmt::format("`{}` is no number of runs", runs.text)).note("write: a number from 1 to 10000");
}

void check_expectation(const Context& ctx, const syntax::Expect& expect,
                       const std::vector<const syntax::Measure*>& measures) {
  std::visit(Overloaded{[&](const syntax::Expr& condition) { check_condition(ctx, condition); },
                        [&](const syntax::Expect::None& none) { check_rows(ctx, none); },
                        [&](const syntax::Expect::Match& match) { check_match(ctx, match); },
                        [&](const syntax::Expect::PlanUses& plan) { check_plan(ctx, plan); },
                        [&](const syntax::Expect::Time& time) { check_time(ctx, time, expect.span); },
                        [&](const syntax::Expect::Baseline& baseline) {
                          check_baseline(ctx, baseline, expect.span, measures);
                        }},
             expect.what);
}

}  // namespace mig::check
