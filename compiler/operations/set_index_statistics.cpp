// set index statistics: how much ANALYZE keeps of an expression of an index.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "compiler/operations/index_at.hpp"
#include "compiler/operations/indexes.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr int most = 10000;  // MAX_STATISTICS_TARGET

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string::npos;
}

int target(const Context& ctx) {
  const auto* written = ctx.call.get<syntax::Number>("target");
  return written ? std::atoi(written->text.c_str()) : -1;
}

std::size_t column(const Context& ctx) {
  return static_cast<std::size_t>(std::atoi(ctx.call.get<syntax::Number>("number")->text.c_str()));
}

// PostgreSQL sets it in all parts of a partitioned index as well; parents first.
std::vector<IndexAt> members(const Context& ctx, const IndexAt& at) {
  if (at.view) return {at};
  std::vector<IndexAt> found;
  const auto tree = existing_tree(ctx.before, *at.table, *at.index);
  for (const auto* node : nodes(tree)) {
    const auto* table = ctx.before.table(node->table);
    found.push_back({table, nullptr, table->index(node->index.name)});
  }
  return found;
}

bool check_column(const Context& ctx, const IndexAt& at) {
  const auto& written = *ctx.call.get<syntax::Number>("number");
  const auto count = at.index->parts.size();
  if (!is_number(written.text) || column(ctx) < 1 || column(ctx) > count) {
    ctx.sink
        .report(diagnostics::wrong_value, written.span,
                fmt::format("`{}` has columns 1 to {}", at.name().text(), count))
        .note("its included columns have no statistics");
    return false;
  }
  const auto& part = at.index->parts[column(ctx) - 1];
  if (part.column.empty()) return true;
  ctx.sink
      .report(diagnostics::wrong_kind, written.span,
              fmt::format("column {} of `{}` is `{}` itself, not an expression (0A000)", written.text, at.name().text(),
                          sql::quote_ident(part.column)))
      .note(fmt::format("write: set statistics {}.{} to …", at.relation().text(), sql::quote_ident(part.column)));
  return false;
}

bool check_target(const Context& ctx) {
  const auto* written = ctx.call.get<syntax::Number>("target");
  if (!written || written->text == "-1" || (is_number(written->text) && target(ctx) <= most)) return true;
  ctx.sink.report(diagnostics::wrong_value, written->span, fmt::format("a statistics target is 0 to {}", most))
      .note("write: a number, or default");
  return false;
}

void check(const Context& ctx) {
  const auto at = require_own_index(ctx);
  if (!at.index || !check_column(ctx, at) || !check_target(ctx)) return;
  const auto all = members(ctx, at);
  if (std::all_of(all.begin(), all.end(),
                  [&](const IndexAt& each) { return each.index->parts[column(ctx) - 1].statistics == target(ctx); }))
    ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, "the column has this target already")
        .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  for (const auto& at : members(ctx, find_index(ctx)))
    edit_index(after, at, [&](catalog::Index& index) { index.parts[column(ctx) - 1].statistics = target(ctx); });
}

sql::Statement change(const Context& ctx, const IndexAt& at, int to) {
  return statement(sql::sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", at.name().sql(),
                            static_cast<long long>(column(ctx)), static_cast<long long>(to)));
}

// From PostgreSQL 17 on there is no number where there is no target of its own.
sql::Fragment has_target(const Context& ctx, const IndexAt& at, int wanted) {
  return index_is(at.name(), sql::sql("EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid "
                                      "AND a.attnum = {} AND coalesce(a.attstattarget, -1) = {})",
                                      static_cast<long long>(column(ctx)), static_cast<long long>(wanted)));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_index(ctx);
  const auto all = members(ctx, at);
  sql::Fragment done = has_target(ctx, at, target(ctx)), undone;
  std::vector<sql::Statement> back;
  std::vector<std::string> touched;
  for (const auto& each : all) {
    const auto was = each.index->parts[column(ctx) - 1].statistics;
    if (was != target(ctx)) {
      done = has_target(ctx, each, target(ctx));
      undone = has_target(ctx, each, was);
    }
    back.push_back(change(ctx, each, was));
    for (auto& key : index_touches(each)) touched.push_back(std::move(key));
  }
  const auto what = fmt::format("statistics target of column {} of index {}", column(ctx), at.name().text());
  auto step = transaction(ctx, "set the " + what, {change(ctx, at, target(ctx))}, done);
  step.back = {transaction(ctx, "bring back the " + what, std::move(back), undone)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, touched);
  return made;
}

}  // namespace

extern const Operation set_index_statistics;  // its line in operations.def finds it
constinit const Operation set_index_statistics = {
    .name = "set_index_statistics",
    .form = "set index statistics (index path) column (number integer) to <default / (target integer)>",
    .summary = "Sets how many values of an index's expression ANALYZE remembers for the planner.",
    .description =
        R"md(`ALTER INDEX … ALTER COLUMN … SET STATISTICS` under SHARE UPDATE EXCLUSIVE on the index, and on its parts where it is
partitioned: reads and writes go on. Columns count from 1. Only an expression has statistics of its own; those of a plain
column are the table's, set by [set statistics](#set_statistics). A number from 0 (none) to 10000, or `default`.

The way back sets what each had.
)md",
    .example =
        "add index orders_find on orders (status, lower(note));\n"
        "set index statistics orders_find column 2 to 500;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
