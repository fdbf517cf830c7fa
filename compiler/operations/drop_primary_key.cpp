// drop primary key: an instant under ACCESS EXCLUSIVE; the way back builds its index while writers go on.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

Key key_of(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  return existing_key(ctx, *table, *table->primary_key());
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  if (!table) return;
  const auto* key = table->primary_key();
  if (!key) {
    ctx.sink
        .report(diagnostics::unknown_constraint, path->span, fmt::format("`{}` has no primary key", table->name.text()))
        .note("take the line out");
    return;
  }
  if (key->inherited > 0) {
    ctx.sink
        .report(diagnostics::inherited, path->span,
                fmt::format("the primary key of `{}` comes from its parent table and goes only with the parent's",
                            table->name.text()))
        .note(fmt::format("write: drop primary key on {}", table->partition_of.text()));
    return;
  }
  check_drop_key(ctx, *table, *key);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table || made_here(ctx, *table)) return std::nullopt;
  return Break{
      "clients of the old schema may say `on conflict` on its columns and rely on its rule, and where the table is "
      "published without another replica identity its updates and deletes fail",
      "write it in contract { … }"};
}

}  // namespace

extern const Operation drop_primary_key;  // its line in operations.def finds it
constinit const Operation drop_primary_key = {
    .name = "drop_primary_key",
    .form = "drop primary key on (table path)",
    .summary = "Drops the primary key of a table.",
    .description =
        R"md(`DROP CONSTRAINT` takes ACCESS EXCLUSIVE on the table and the index (of a partitioned table: on all partitions and
theirs) for an instant, with `lock_timeout` and retries. The columns stay `NOT NULL`.

The way back builds the index again `CONCURRENTLY` and makes it the primary key's, with its name, comment, included
columns, options, timing, `CLUSTER ON` and replica identity. Rows written in between may break it: the plan prints the
query that finds them, and a rollback that would meet one is refused before it changes anything.

Refused: a key that a foreign key refers to, a partition's part of the parent's key. Views that group by the key alone
stand on it; PostgreSQL refuses the drop then (2BP01).

It belongs in `contract`: old clients may say `on conflict` on its columns. Updates and deletes of a published table fail
without a replica identity.
)md",
    .example = "drop primary key on products;\ndrop primary key on orders;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { remove_key(after, key_of(ctx)); },
    .steps = [](const Context& ctx) { return drop_key_steps(ctx, key_of(ctx)); },
};

}  // namespace mig::operations
