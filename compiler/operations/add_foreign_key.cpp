// add foreign key: NOT VALID, then VALIDATE; on partitions before 18 one by one, and the parent adopts them.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/foreign_keys.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

catalog::Constraint constraint_of(const Context& ctx, const catalog::Table& table) {
  std::vector<std::string> columns;
  for (const auto& name : *ctx.call.get<std::vector<syntax::Name>>("columns")) columns.push_back(name.text);
  const auto* written = ctx.call.get<syntax::Name>("name");
  auto made = make_foreign_key(ctx, table, written ? std::optional(*written) : std::nullopt, columns,
                               *ctx.call.get<syntax::Reference>("reference"), {});
  if (!written) made.name = foreign_key_name(ctx.before, table.name, columns);
  made.validated = !ctx.call.has_word("valid");
  return made;
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* columns = ctx.call.get<std::vector<syntax::Name>>("columns");
  const auto* reference = ctx.call.get<syntax::Reference>("reference");
  if (!path || !columns || !reference) return;
  const auto* table = require_own_table(ctx, *path);
  if (!table) return;
  check_new_constraint(ctx, *table);
  if (!require_foreign_key(ctx, *table, *columns, *reference)) return;
  if (ctx.call.has_word("valid") && table->partitioned() && ctx.before.server.major() < 18)
    ctx.sink
        .report(
            diagnostics::server_too_old, ctx.call.span,
            fmt::format("a foreign key of a partitioned table can be `not valid` from PostgreSQL 18 on (42809); the "
                        "server is {}",
                        ctx.before.server.major()))
        .note("write: it on the partitions, or without not valid: each partition is then validated by itself");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table) return std::nullopt;
  const auto constraint = constraint_of(ctx, *table);
  if (all_made_here(ctx, *table, constraint.columns)) return std::nullopt;
  return Break{
      fmt::format("clients of the old schema may write rows of {} that it refuses, or delete rows of {} that it "
                  "holds",
                  table->name.text(), constraint.references.text()),
      "write it in contract { … }, once all clients keep the rule"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = table_of_call(ctx);
  put_constraint(ctx, after, *table, constraint_of(ctx, *table));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto constraint = constraint_of(ctx, *table);
  auto made =
      add_constraint_steps(ctx, *table, constraint,
                           "NOT VALID: writers wait for an instant only; the rows are read in the next transaction");
  finish(made, constraint_touches(ctx, *table, constraint));
  return made;
}

void advise(const Context& ctx, const catalog::Catalog& after) {
  const auto* before = table_of_call(ctx);
  const auto* table = before ? after.table(before->name) : nullptr;
  if (!table) return;
  const auto constraint = constraint_of(ctx, *before);
  if (!table->constraint(constraint.name) || has_index_on(*table, constraint.columns)) return;
  std::string columns;
  for (const auto& column : constraint.columns) columns += (columns.empty() ? "" : ", ") + sql::quote_ident(column);
  ctx.sink
      .report(diagnostics::foreign_key_without_index, ctx.call.span,
              fmt::format("no index of `{}` begins with ({})", table->name.text(), columns))
      .note(fmt::format("each delete in {} reads all of {} under its lock", constraint.references.text(),
                        table->name.text()))
      .note(fmt::format("write: add index on {} ({});", table->name.text(), columns));
}

}  // namespace

extern const Operation add_foreign_key;  // its line in operations.def finds it
constinit const Operation add_foreign_key = {
    .name = "add_foreign_key",
    .form = "add foreign key [(name name)] on (table path) (columns names) (reference reference) [not valid]",
    .summary = "Makes columns refer to another table, without stopping writers while the rows are checked.",
    .description =
        R"md(Two transactions: `ADD CONSTRAINT … NOT VALID` takes SHARE ROW EXCLUSIVE on both tables for an instant, and new rows are
checked from then on; `VALIDATE CONSTRAINT` then reads the rows that were there under SHARE UPDATE EXCLUSIVE, which lets
reads and writes through.

Before PostgreSQL 18 a **partitioned table** cannot have such a key `NOT VALID` (42809): each partition gets and validates
its own, and the parent's then adopts them without reading a row.

`not valid` leaves the validation out, until [validate constraint](#validate_constraint).

Without a name it gets the one that PostgreSQL would choose: `orders_user_id_fkey`. Without columns it refers to the
primary key of the other table. The columns referred to need a primary key or a unique index, not partial and not
deferrable; types need an equality that its index serves; types that differ are warned of.

Old clients may write rows that the key refuses, so it belongs in `contract`; in `expand` it may stand over columns that
the same phase adds, since no old client writes those.

A warning says where no index begins with the referring columns: each delete in the other table would read this whole
table.
)md",
    .example = "add foreign key on orders (user_id) references users (id) on delete set null;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
    .advise = advise,
};

}  // namespace mig::operations
