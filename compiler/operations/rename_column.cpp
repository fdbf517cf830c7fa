// rename column: one instant statement; what refers to the column follows by itself.
#include <fmt/format.h>

#include "compiler/catalog/rename_column.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column) return;
  const auto& name = new_name(ctx);
  if (name.text == at.column->name) {
    ctx.sink
        .report(diagnostics::nothing_to_do, name.span,
                fmt::format("`{}` of `{}` is called so already", sql::quote_ident(name.text), at.table->name.text()))
        .note("take the line out");
    return;
  }
  if (at.column->inherited > 0) {
    ctx.sink
        .report(diagnostics::inherited, path(ctx).span,
                fmt::format("`{}` of `{}` comes from a parent table", sql::quote_ident(at.column->name),
                            at.table->name.text()))
        .note("rename it there: its partitions and inheritors follow");
    return;
  }
  for (const auto& member : ctx.before.tree(at.table->name))
    if (const auto* table = ctx.before.table(member); table && !require_new_column(ctx, *table, name)) return;
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema know the column only as {}.{}", at.table->name.text(),
                           sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ rename column {} to {}; }}, or outside of the phases, where both "
                           "names live side by side for a while",
                           ctx.files.text(path(ctx).span), written(ctx, new_name(ctx)))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  catalog::rename_column(after, at.table->name, at.column->name, new_name(ctx).text);
}

sql::Step rename(const Context& ctx, const catalog::Name& table, const std::string& from, const std::string& to) {
  return transaction(
      ctx, fmt::format("rename column {}.{} to {}", table.text(), sql::quote_ident(from), sql::quote_ident(to)),
      {statement(sql::sql("ALTER TABLE {} RENAME COLUMN {} TO {}", table.sql(), Ident{from}, Ident{to}),
                 tree_locks(ctx, table, LockMode::access_exclusive))},
      both(has_column(table, to), negate(has_column(table, from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& to = new_name(ctx).text;
  auto step = rename(ctx, at.table->name, at.column->name, to);
  step.back = {rename(ctx, at.table->name, to, at.column->name)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", at.table->name), catalog::key("column", at.table->name, at.column->name),
                catalog::key("column", at.table->name, to)});
  return made;
}

}  // namespace

extern const Operation rename_column;  // its line in operations.def finds it
constinit const Operation rename_column = {
    .name = "rename_column",
    .form = "rename column (column path) to (new name)",
    .summary = "Renames a column.",
    .description =
        R"(One instant statement, on partitions and inheritors too. Constraints, indexes, defaults, policies, triggers, generated
columns, publications, statistics and grants follow, because PostgreSQL knows the column by its number. Views go on
showing it under the name that they had; functions that hold the name as text do not follow. Names of indexes,
constraints and sequences stay as they are.

It belongs in `contract`, since clients of the old schema know only the old name. Subscribers of a publication look for
the column by its name: rename it there as well.)",
    .example = "rename column orders.note to remark;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
