// set collation: another order of a column's texts; the same type.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/collations.hpp"
#include "compiler/operations/retype.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Path& collation(const Context& ctx) { return *ctx.call.get<syntax::Path>("collation"); }

Retype change_of(const Context& ctx, const ColumnAt& at) {
  return plan_retype(ctx, at, at.column->type, *find_collation(ctx, collation(ctx)), nullptr);
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column) return;
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  if (!collatable(ctx, at.column->type)) {
    ctx.sink
        .report(diagnostics::wrong_kind, path(ctx).span,
                fmt::format("{} is {}: only texts have a collation", name, at.column->type))
        .note("take the line out");
    return;
  }
  const auto found = find_collation(ctx, collation(ctx));
  if (!found) return report_no_collation(ctx, collation(ctx));
  if (*found == at.column->collation) {
    ctx.sink.report(diagnostics::nothing_to_do, collation(ctx).span, fmt::format("{} has this collation already", name))
        .note("take the line out");
    return;
  }
  check_retype(ctx, change_of(ctx, at), path(ctx).span, collation(ctx).span);
}

// Clients see the same values; only where they sort do they see another order, which no schema promises them.
std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  retype(ctx, after, change_of(ctx, find_column(ctx, path(ctx))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  return retype_steps(ctx, change_of(ctx, find_column(ctx, path(ctx))));
}

}  // namespace

extern const Operation set_collation;  // its line in operations.def finds it
constinit const Operation set_collation = {
    .name = "set_collation",
    .form = "set collation (column path) to (collation path)",
    .summary = "Changes the order in which a column's texts are compared.",
    .description =
        R"md(`ALTER COLUMN … TYPE` with the same type and another `COLLATE`: no row is written, but every index on the column is built
again under ACCESS EXCLUSIVE, since its order changes. On a large table drop those indexes before and add them
after: both go online. What hangs on the column is taken away and comes back, as `set type` does it.

`"default"` is the database's own collation. A unique index fails where a collation that is not deterministic finds two
values equal.)md",
    .example = "set collation orders.note to \"C\";",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
