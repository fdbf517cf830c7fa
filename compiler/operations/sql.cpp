// sql: the door for what mig has no operation for. Parsed by PostgreSQL's own parser; its way back is written beside
// it.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/sql_body.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Body& up(const Context& ctx) { return *ctx.call.get<syntax::Body>("up"); }
const syntax::Body* back(const Context& ctx) { return ctx.call.get<syntax::Body>("back"); }

void check(const Context& ctx) {
  if (!ctx.call.get<syntax::Body>("up")) return;
  check_body(ctx, up(ctx));
  if (back(ctx)) {
    check_body(ctx, *back(ctx));
    return;
  }
  if (ctx.call.loss) return;
  ctx.sink.report(diagnostics::unaccepted_loss, ctx.call.span, "this SQL has no way back")
      .note("write: sql $$…$$ back $$…$$;")
      .note("write: sql $$…$$ accept loss 'why nobody will need one';");
}

// Removing or renaming what old clients use breaks them; the rest cannot be judged by its kind.
std::optional<Break> breaks(const Context& ctx) {
  for (const auto& statement : statements_of(up(ctx)))
    if (statement.takes_away_unparsed() || statement.facts.kind == "DropStmt" || statement.facts.kind == "RenameStmt" ||
        statement.facts.kind == "TruncateStmt")
      return Break{fmt::format("clients of the old schema may use what `{}` takes away", statement.first_words()),
                   "write it in contract { … }"};
  return std::nullopt;
}

// What SQL does to the schema is not computed. Tables that it may have changed are marked: an operation after it that
// looks at one is an error, since it would be planned for a table that is no longer so.
void effect(const Context& ctx, catalog::Catalog& after) {
  for (const auto& statement : statements_of(up(ctx)))
    for (const auto& name : statement.changed_tables(ctx)) after.edit_table(name).opaque = place(ctx);
}

std::vector<sql::Step> steps(const Context& ctx) {
  auto step = body_step(ctx, up(ctx));
  if (back(ctx)) {
    step.back = {body_step(ctx, *back(ctx))};
  } else {
    step.reversibility = sql::Reversibility::irreversible;
    step.loss = {ctx.call.loss->value};
  }
  std::vector<sql::Step> made{std::move(step)};
  finish(made, body_touches(ctx, up(ctx)));
  return made;
}

}  // namespace

extern const Operation sql;  // its line in operations.def finds it
constinit const Operation sql = {
    .name = "sql",
    .form = "sql (up body) [back (back body)]",
    .summary = "Runs SQL for what mig has no operation for, with the way back beside it.",
    .description =
        R"md(The text is parsed by PostgreSQL's own parser; a mistake is shown where it stands. All statements of one body run in one
transaction, together with the step's row in the journal, so that it happens once and wholly, or not at all. `back` runs
on the way back. Without `back` the step is irreversible, and that has to be accepted with the reason:
`accept loss '…'`.

Locks are those that a statement of its kind takes on the tables that it names. What the SQL changes is not computed: a
table that it names in anything but a query or a change of rows is unknown to the operations after it, in this migration
and in those that wait for it. They are refused with the way out: put them before the `sql`, or into a migration that is
compiled once this one is applied. `do` and `call` may change anything, so that they make all tables unknown.

mig reads SQL with the grammar of PostgreSQL 15. What that grammar refuses is an error on a server up to 15; on a newer one
it is a warning, "not checked": `apply` lets the server parse each such statement, without running it, before anything
of the migration runs, and ends there (R0707) when the server refuses it too.

Refused: `begin`, `commit` and what else controls transactions; what cannot run in a transaction (`vacuum`,
`create index concurrently`: write [add index](#add_index)); `set` without `local`; `copy … from stdin`.
)md",
    .example =
        "sql $$create text search configuration shop (copy = english)$$\n"
        "back $$drop text search configuration shop$$;\n"
        "sql $$update users set phone = null where phone = ''$$ back $$select 'an empty number was none'$$;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
