// set type: another type for a column, with all that hangs on it.
#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/retype.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Type& type(const Context& ctx) { return *ctx.call.get<syntax::Type>("type"); }
const syntax::Expr* value(const Context& ctx) { return ctx.call.get<syntax::Expr>("value"); }

// A collation that the column has of its own stays where the new type has any.
std::string collation(const Context& ctx, const catalog::Column& column, const std::string& to) {
  return collatable(ctx, to) ? column.collation : std::string{};
}

Retype change_of(const Context& ctx, const ColumnAt& at) {
  const auto to = find_type(ctx, type(ctx))->text;
  return plan_retype(ctx, at, to, collation(ctx, *at.column, to), value(ctx));
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  const auto found = require_type(ctx, type(ctx));
  if (!at.column || !found) return;
  if (found->serial) {
    ctx.sink.report(diagnostics::wrong_value, type(ctx).span, "a serial type is a type, a sequence and a default")
        .note(fmt::format("write: set type {} to {};", ctx.files.text(path(ctx).span), found->text))
        .note(fmt::format("and: add identity {} by default;", ctx.files.text(path(ctx).span)));
    return;
  }
  if (found->text == at.column->type && !value(ctx)) {
    ctx.sink
        .report(diagnostics::nothing_to_do, type(ctx).span,
                fmt::format("`{}` of `{}` is {} already", sql::quote_ident(at.column->name), at.table->name.text(),
                            found->text))
        .note("take the line out");
    return;
  }
  if (value(ctx) && !require_row_expression(ctx, *at.table, *value(ctx), "a conversion")) return;
  check_retype(ctx, change_of(ctx, at), path(ctx).span, type(ctx).span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  const auto change = change_of(ctx, at);
  if (change.there.grows && !value(ctx)) return std::nullopt;
  return Break{fmt::format("clients of the old schema read and write {}.{} as {}", at.table->name.text(),
                           sql::quote_ident(at.column->name), at.column->type),
               fmt::format("write it in contract {{ set type {} to {}{}; }}", ctx.files.text(path(ctx).span),
                           ctx.files.text(type(ctx).span), value(ctx) ? " using …" : "")};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  retype(ctx, after, change_of(ctx, find_column(ctx, path(ctx))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  return retype_steps(ctx, change_of(ctx, find_column(ctx, path(ctx))));
}

}  // namespace

extern const Operation set_type;  // its line in operations.def finds it
constinit const Operation set_type = {
    .name = "set_type",
    .form = "set type (column path) to (type type) [using (value value)]",
    .summary = "Changes the type of a column; what hangs on it comes back.",
    .description =
        R"md(One transaction. What PostgreSQL refuses over (views and the views over them, materialized views, rules, policies,
triggers that watch the column, functions with an SQL body, row filters and column lists of publications, generated
columns) is taken away, and comes back exactly: definition, owner, rights, comments, options, indexes, switched on or
off. The plan names each. So does what the new type would reset: collation, storage, compression, statistics targets.
Indexes, checks and foreign keys are made again by PostgreSQL itself.

**Rows stay as they are** where the new type only has more room: `varchar(20)` to `varchar(40)`, `varchar` or `text`,
`text` to `varchar`, `numeric(10,2)` to `numeric(12,2)` or `numeric`, more digits of a second, `cidr` to `inet`, a domain
without checks. So it is with `timestamp` and `timestamptz` where you write `using x at time zone 'UTC'`: the bits are
the same, and mig pins the time zone. Such growth may stand in `expand`.

**Everything else rewrites** the table and all its indexes under ACCESS EXCLUSIVE, which a warning says. For a large
table add a second column, keep both alike with a map, and let the new one take the old one's place. Old clients would
notice: it belongs in `contract`.

**Nothing is lost in silence.** Where the new type has less room, or a conversion might not survive the way back, the
transaction first looks for a value that would come back as another one, and refuses if there is any; the message
holds the query that finds them. With `accept loss '…'` it does not look. `using` with a conversion of your own always
needs it: what was there cannot be computed from what it became.

The way back converts to the old type. Values that do not fit into it any more are found by the query in the plan before
anything is changed.

Refused: a column of a partition key (PostgreSQL cannot), one that comes from a parent table (change it there), rows of
the table stored in another table's column, a default or a foreign key that does not go with the new type, a conversion
between naive and zoned times without a time zone.)md",
    .example = R"(set type orders.total to numeric(12,2);
set type users.phone to text;
set type orders.status to varchar(30);)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
