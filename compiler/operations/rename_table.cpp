// rename table: one instant statement; what refers to the table follows by itself.
#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  if (!table) return;
  const auto& name = new_name(ctx);
  if (name.text == table->name.name) {
    ctx.sink.report(diagnostics::nothing_to_do, name.span, fmt::format("`{}` is called so already", table->name.text()))
        .note("take the line out");
    return;
  }
  syntax::Path target;
  target.parts = {name};
  target.parts.front().span = name.span;
  target.span = name.span;
  Context in_schema{ctx.before,         ctx.call,      ctx.files,       ctx.sink,
                    table->name.schema, ctx.migration, ctx.park_schema, ctx.phase};
  require_new_relation(in_schema, target);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = find_table(ctx, path(ctx));
  if (made_here(ctx, *table)) return std::nullopt;
  return Break{fmt::format("clients of the old schema know the table only as {}", table->name.text()),
               fmt::format("write it in contract {{ rename table {} to {}; }}", ctx.files.text(path(ctx).span),
                           written(ctx, new_name(ctx)))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto from = find_table(ctx, path(ctx))->name;
  after.rename_table(from, {from.schema, new_name(ctx).text});
}

sql::Step rename(const Context& ctx, const catalog::Name& from, const catalog::Name& to) {
  return transaction(ctx, fmt::format("rename table {} to {}", from.text(), sql::quote_ident(to.name)),
                     {statement(sql::sql("ALTER TABLE {} RENAME TO {}", from.sql(), Ident{to.name}),
                                {lock(from, LockMode::access_exclusive)})},
                     both(has_relation(to), negate(has_relation(from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto from = find_table(ctx, path(ctx))->name;
  const catalog::Name to{from.schema, new_name(ctx).text};
  auto step = rename(ctx, from, to);
  step.back = {rename(ctx, to, from)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", from), catalog::key("table", to)});
  return made;
}

}  // namespace

extern const Operation rename_table;  // its line in operations.def finds it
constinit const Operation rename_table = {
    .name = "rename_table",
    .form = "rename table (table path) to (new name)",
    .summary = "Renames a table.",
    .description =
        R"(One instant statement. Views, foreign keys, policies, triggers, publications and grants follow, because PostgreSQL knows
the table by its number; indexes, constraints and sequences keep their names. Functions that hold the name as text do not
follow.

It belongs in `contract`, since clients of the old schema know only the old name.)",
    .example = "rename table orders to purchases;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
