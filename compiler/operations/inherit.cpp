// inherit: the rows of a table are seen through another from then on.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/inheritance.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const syntax::Path& parent_path(const Context& ctx) { return *ctx.call.get<syntax::Path>("parent"); }

bool refuse(const Context& ctx, source::Span span, std::string message, std::string way) {
  ctx.sink.report(diagnostics::contradiction, span, std::move(message)).note(std::move(way));
  return false;
}

bool check_place(const Context& ctx, const catalog::Table& table, const catalog::Table& parent) {
  for (const auto* each : {&table, &parent})
    if (each->partitioned() || !each->partition_of.name.empty())
      return refuse(
          ctx, each == &table ? path(ctx).span : parent_path(ctx).span,
          fmt::format("`{}` is partitioned or a partition: it takes no part in plain inheritance", each->name.text()),
          "write: attach partition … to … for a partition");
  if (std::find(table.inherits.begin(), table.inherits.end(), parent.name) != table.inherits.end()) {
    ctx.sink
        .report(diagnostics::nothing_to_do, ctx.call.span,
                fmt::format("`{}` inherits from `{}` already", table.name.text(), parent.name.text()))
        .note("take the line out");
    return false;
  }
  const auto below = ctx.before.tree(table.name);
  if (std::find(below.begin(), below.end(), parent.name) != below.end())
    return refuse(ctx, parent_path(ctx).span, fmt::format("`{}` would inherit from itself", table.name.text()),
                  "name another parent");
  return true;
}

std::string column_problem(const catalog::Table& table, const catalog::Column& above) {
  const auto* own = table.column(above.name);
  const auto path = fmt::format("{}.{}", table.name.text(), sql::quote_ident(above.name));
  if (!own) return fmt::format("{0} is not there; write before it: add column {0} {1}", path, above.type);
  if (own->type != above.type || own->collation != above.collation)
    return fmt::format("{0} is {1}; write before it: set type {0} to {2}", path, own->type, above.type);
  if (above.not_null && !own->not_null) return fmt::format("{0} may be null; write before it: set not null {0}", path);
  if (own->generated.empty() != above.generated.empty())
    return fmt::format("{} is {}generated", path, own->generated.empty() ? "not " : "");
  return {};
}

std::string check_problem(const catalog::Table& table, const catalog::Constraint& above) {
  if (above.kind != "check" || above.no_inherit) return {};
  const auto* own = table.constraint(above.name);
  const auto name = sql::quote_ident(above.name);
  if (!own)
    return fmt::format("check {} is not there; write before it: add check {} on {} ({})", name, name, table.name.text(),
                       above.expression);
  if (own->kind != "check" || !sql::same_expression(own->expression, above.expression))
    return fmt::format("constraint {} is another one", name);
  if (own->no_inherit) return fmt::format("check {} is not for inheritors", name);
  return own->validated || !above.validated ? "" : fmt::format("check {} is not validated", name);
}

void check_parts(const Context& ctx, const catalog::Table& table, const catalog::Table& parent) {
  std::vector<std::string> found;
  for (const auto& above : parent.columns) found.push_back(column_problem(table, above));
  for (const auto& above : parent.constraints) found.push_back(check_problem(table, above));
  std::erase(found, "");
  if (found.empty()) return;
  auto& diagnostic = ctx.sink.report(diagnostics::contradiction, path(ctx).span,
                                     fmt::format("`{}` has not all that `{}` has, so it cannot inherit from it",
                                                 table.name.text(), parent.name.text()));
  for (const auto& each : found) diagnostic.note("found: " + each);
}

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  const auto* parent = require_own_table(ctx, parent_path(ctx));
  if (table && parent && check_place(ctx, *table, *parent)) check_parts(ctx, *table, *parent);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto heir = find_heir(ctx);
  if (made_here(ctx, *heir.parent)) return std::nullopt;
  return Break{
      fmt::format("clients of {} see the rows of {} as well", heir.parent->name.text(), heir.table->name.text()),
      "write it in contract { … }"};
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto heir = find_heir(ctx);
  auto step = inherit_step(ctx, heir);
  step.back = {no_inherit_step(ctx, heir)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", heir.table->name), catalog::key("table", heir.parent->name)});
  return made;
}

}  // namespace

extern const Operation inherit;  // its line in operations.def finds it
constinit const Operation inherit = {
    .name = "inherit",
    .form = "inherit (table path) from (parent path)",
    .summary = "Lets a table inherit from another: its rows are seen through the parent.",
    .description =
        R"(One instant statement: ACCESS EXCLUSIVE on the table, SHARE UPDATE EXCLUSIVE on the parent, whose clients go on. The table
must have all columns of the parent with their types and NOT NULL, and all its checks; what is missing is said with the
operation that mends it. The columns stay the table's own: they do not go with the parent's.

It belongs in `contract`, since clients of the parent see more rows. The way back ends the inheritance.)",
    .example = "create table old_products like products;\ninherit old_products from products;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_inherited(after, find_heir(ctx)); },
    .steps = steps,
};

}  // namespace mig::operations
