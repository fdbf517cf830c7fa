// drop unique: an instant under ACCESS EXCLUSIVE; the way back builds its index while writers go on.
#include "compiler/operations/constraints.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "unique";

Key key_of(const Context& ctx) { return existing_key(ctx, *table_of_call(ctx), *find_constraint(ctx, kind)); }

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  const auto* constraint = table ? require_constraint(ctx, *table, kind) : nullptr;
  if (constraint) check_drop_key(ctx, *table, *constraint);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto* constraint = find_constraint(ctx, kind);
  if (!constraint || made_here(ctx, *table)) return std::nullopt;
  return Break{"clients of the old schema may say `on conflict` on its columns or name, and rely on its rule",
               "write it in contract { … }"};
}

}  // namespace

extern const Operation drop_unique;  // its line in operations.def finds it
constinit const Operation drop_unique = {
    .name = "drop_unique",
    .form = "drop unique (name name) on (table path)",
    .summary = "Drops a unique constraint with its index.",
    .description =
        R"md(`DROP CONSTRAINT` takes ACCESS EXCLUSIVE on the table and the index (of a partitioned table: on all partitions and
theirs) for an instant, with `lock_timeout` and retries.

The way back builds the index again `CONCURRENTLY` and makes it the constraint's, as in
[drop primary key](#drop_primary_key): name, comment, timing, included columns, options, replica identity. Rows written
in between may break it; the plan prints the query that finds them, and a rollback that would meet one is refused.

Refused: a constraint that a foreign key refers to, and one that a partition has from its parent. It belongs in
`contract`: old clients may say `on conflict`.
)md",
    .example =
        "add unique orders_once on orders (id, placed_at) deferrable initially deferred;\n"
        "drop unique orders_once on orders;",
    .check = check,
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { remove_key(after, key_of(ctx)); },
    .steps = [](const Context& ctx) { return drop_key_steps(ctx, key_of(ctx)); },
};

}  // namespace mig::operations
