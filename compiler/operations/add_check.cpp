// add check: NOT VALID, then VALIDATE.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

catalog::Constraint constraint_of(const Context& ctx, const catalog::Table& table) {
  const auto* written = ctx.call.get<syntax::Name>("name");
  auto made = make_check(ctx, table, written ? std::optional(*written) : std::nullopt,
                         *ctx.call.get<syntax::Expr>("condition"), ctx.call.has_word("inherit"));
  if (!written) made.name = check_name(ctx.before, table.name, made.columns);
  made.validated = !ctx.call.has_word("valid");
  return made;
}

// A partition or inheritor may have the name already: the same check is merged, another one is an error (42710).
void check_inheritors(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  for (const auto* member : sharers(ctx, table, constraint)) {
    const auto* own = member == &table ? nullptr : member->constraint(constraint.name);
    if (!own || (own->kind == "check" && sql::same_expression(own->expression, constraint.expression))) continue;
    ctx.sink
        .report(diagnostics::duplicate_name, ctx.call.span,
                fmt::format("`{}` of `{}` has this name already and is not the same", sql::quote_ident(own->name),
                            member->name.text()))
        .note(fmt::format("found: {} {}", own->kind, own->expression));
  }
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* condition = ctx.call.get<syntax::Expr>("condition");
  if (!path || !condition) return;
  const auto* table = require_own_table(ctx, *path);
  if (!table) return;
  check_new_constraint(ctx, *table);
  if (!require_row_expression(ctx, *table, *condition, "a check")) return;
  const auto constraint = constraint_of(ctx, *table);
  if (constraint.no_inherit && table->partitioned())
    ctx.sink
        .report(diagnostics::contradiction, ctx.call.span,
                fmt::format("`{}` is partitioned: its checks hold on all partitions", table->name.text()))
        .note("write: it without no inherit, or on the partitions");
  check_inheritors(ctx, *table, constraint);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table || all_made_here(ctx, *table, constraint_of(ctx, *table).columns)) return std::nullopt;
  return Break{fmt::format("clients of the old schema may write rows of {} that it refuses", table->name.text()),
               "write it in contract { … }, once all clients keep the rule"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = table_of_call(ctx);
  put_constraint(ctx, after, *table, constraint_of(ctx, *table));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto constraint = constraint_of(ctx, *table);
  auto made = add_constraint_steps(ctx, *table, constraint, "NOT VALID: the rows are read in the next transaction");
  finish(made, constraint_touches(ctx, *table, constraint));
  return made;
}

}  // namespace

extern const Operation add_check;  // its line in operations.def finds it
constinit const Operation add_check = {
    .name = "add_check",
    .form = "add check [(name name)] on (table path) (condition condition) [no inherit] [not valid]",
    .summary = "Adds a condition that each row must fulfil, without a lock while the rows are checked.",
    .description =
        R"md(Two transactions: `ADD CONSTRAINT … NOT VALID` takes ACCESS EXCLUSIVE for an instant, and new rows are checked from then
on; `VALIDATE CONSTRAINT` then reads the rows that were there under SHARE UPDATE EXCLUSIVE, which lets reads and writes
through. Partitions and inheritors get the check with the table, unless it says `no inherit`.

Without a name it gets the one that PostgreSQL would choose: `orders_total_check` where it mentions one column,
`orders_check` else, with a number where that is taken.

`not valid` leaves the second one out: only what is written from now on is held to the check, until
[validate constraint](#validate_constraint).

Between the two transactions an update of an old row that breaks the check fails, even an update of another column.

Old clients may write rows that it refuses, so it belongs in `contract`; in `expand` it may stand over columns that the
same phase adds.

Refused: sub-selects, aggregates, columns of other tables.
)md",
    .example = "add check on orders (status in ('new', 'paid', 'sent'));",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
