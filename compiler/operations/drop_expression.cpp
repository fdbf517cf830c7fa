// drop expression: a generated column becomes a plain one that keeps its values.
#include <fmt/format.h>

#include "compiler/operations/generated.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

Hanging hanging(const Context& ctx, const ColumnAt& at) {
  return what_hangs(ctx, {{{at.table->name, at.column->name}}, {}, {}, {}});
}

// Below the first level PostgreSQL takes its own recursion for an ALTER TABLE ONLY (ATPrepDropExpression).
bool check_levels(const Context& ctx, const ColumnAt& at) {
  for (const auto& name : ctx.before.tree(at.table->name)) {
    const auto* below = name == at.table->name ? nullptr : ctx.before.table(name);
    if (!below || below->children.empty()) continue;
    ctx.sink
        .report(diagnostics::contradiction, path(ctx).span,
                fmt::format("`{}` has tables below it again: PostgreSQL refuses this on more than two levels (0A000)",
                            name.text()))
        .note("add a plain column, fill it, and drop this one");
    return false;
  }
  return true;
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column || !require_generated(ctx, at, path(ctx).span) || !check_levels(ctx, at)) return;
  if (at.column->generated == "virtual")
    ctx.sink
        .report(diagnostics::wrong_kind, path(ctx).span,
                fmt::format("`{}` of `{}` is virtual: it has no values that it could keep (0A000)",
                            sql::quote_ident(at.column->name), at.table->name.text()))
        .note("add a plain column, fill it, and drop this one");
}

// It reads the same; who wrote a row goes on leaving it out, and then it is null.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema rely on the server to compute {}.{}", at.table->name.text(),
                           sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ drop expression {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  const auto column = at.column->name;
  for (const auto& name : ctx.before.tree(at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) {
        each.generated.clear();
        each.default_.clear();
      }
}

// No statement makes a plain column a generated one: it is dropped and added, where that leaves no trace.
std::vector<sql::Step> way_back(const Context& ctx, const ColumnAt& at, const sql::Fragment& done) {
  const auto hung = hanging(ctx, at);
  auto list = drop_hanging(hung);
  for (auto& each : column_anew(ctx, *at.table, *at.column)) list.push_back(std::move(each));
  for (auto& each : make_hanging(hung)) list.push_back(std::move(each));
  return {transaction(ctx,
                      fmt::format("generate {}.{} again", at.table->name.text(), sql::quote_ident(at.column->name)),
                      std::move(list), done)};
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto name = fmt::format("{}.{}", table.text(), sql::quote_ident(at.column->name));
  const auto generated = column_is(table, at.column->name, sql::sql("a.attgenerated <> ''"));
  auto step = transaction(
      ctx, "drop the expression of " + name,
      {statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} DROP EXPRESSION", table.sql(), Ident{at.column->name}),
                 tree_locks(ctx, table, sql::LockMode::access_exclusive), sql::Work::instant,
                 "the values stay as they were computed")},
      negate(generated));
  const auto trace = trace_of_new_column(ctx, *at.table, *at.column);
  if (trace.empty()) {
    step.back = way_back(ctx, at, generated);
    step.reversibility = sql::Reversibility::lossy;
    step.loss = {
        fmt::format("what is written to {} while it is a plain column: the way back computes all values", name)};
  } else {
    step.reversibility = sql::Reversibility::irreversible;
    step.loss = {fmt::format("that {} is generated: the way back would have to drop and add it, and {}", name, trace)};
  }
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, at.column->name)});
  return made;
}

}  // namespace

extern const Operation drop_expression;  // its line in operations.def finds it
constinit const Operation drop_expression = {
    .name = "drop_expression",
    .form = "drop expression (column path)",
    .summary = "Makes a generated column a plain one that keeps its values.",
    .description =
        R"(One instant statement, for partitions and inheritors too: the values stay as they were computed, new rows hold what is
written. PostgreSQL refuses it where partitions have partitions again (0A000). A `virtual` column (PostgreSQL 18) has no values and is refused.

PostgreSQL cannot make a plain column a generated one. The way back drops it and adds it again, with all that hangs on it,
where that leaves no trace: the column is the last one and has no index, key or rights of its own. What was written to it
meanwhile is computed anew, so it needs `accept loss '…'`. Where it would leave a trace, there is no way back, and the
same words accept that.

Old clients rely on the server to compute it: it belongs in `contract`.)",
    .example = R"(add column orders.gross numeric generated always as (total * 1.19) stored;
drop expression orders.gross accept loss 'the shop writes it from now on';)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
