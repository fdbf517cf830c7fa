// add unique: a unique index built concurrently becomes the constraint's in an instant.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/keys.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "unique";

Key key_of(const Context& ctx) { return key_of_call(ctx, *table_of_call(ctx), kind); }

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table || index_to_use(ctx, *table)) return std::nullopt;
  if (all_made_here(ctx, *table, key_of(ctx).constraint.columns)) return std::nullopt;
  return Break{"clients of the old schema may write rows that it refuses as duplicates",
               "write it in contract { … }, once all clients keep the rule"};
}

}  // namespace

extern const Operation add_unique;  // its line in operations.def finds it
constinit const Operation add_unique = {
    .name = "add_unique",
    .form =
        "add unique [(name name)] on (table path) (columns names) [nulls not distinct] [(tail constraint_tail)] "
        "[using index (index name)]",
    .summary = "Adds a unique constraint, whose index is built while reads and writes go on.",
    .description =
        R"md(The constraint alone would build its index under ACCESS EXCLUSIVE. So a unique index is built `CONCURRENTLY`, and
`ADD CONSTRAINT … UNIQUE USING INDEX` takes ACCESS EXCLUSIVE for an instant: it reads no row. Duplicates make the build
fail; the plan prints the query that finds them. Partitioned tables, tables made by the same phase and `using index`: as
in [add primary key](#add_primary_key).

A constraint is what `on conflict on constraint` names and what can be `deferrable`; for a rule over expressions or over
some of the rows write [add unique index](#add_unique_index). A deferrable one cannot be a foreign key's target.
`nulls not distinct` needs PostgreSQL 15.

Old clients may write rows that it refuses, so it belongs in `contract`; in `expand` it may stand over columns that the
same phase adds, or over a unique index that is there.
)md",
    .example = "add unique orders_once on orders (id, placed_at);\nadd unique on users (email) include (name);",
    .check = [](const Context& ctx) { check_new_key(ctx, kind); },
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_new_key(ctx, after, kind); },
    .steps = [](const Context& ctx) { return new_key_steps(ctx, kind); },
};

}  // namespace mig::operations
