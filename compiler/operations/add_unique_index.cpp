// add unique index: as add index; rows that break it make it fail, and clients that write such rows are refused.
#include "compiler/operations/index_rules.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks_unique(const Context& ctx) {
  const auto table = index_table(ctx);
  // Nobody writes rows of a materialized view.
  if (!table || table->kind == "materialized view" || only_new_columns(ctx, *table, index_of_call(ctx, *table, true)))
    return std::nullopt;
  return Break{"clients of the old schema may write rows that it refuses as duplicates",
               "write it in contract { … }, once all clients keep the rule"};
}

}  // namespace

extern const Operation add_unique_index;  // its line in operations.def finds it
constinit const Operation add_unique_index = {
    .name = "add_unique_index",
    .form =
        "add unique index [(name name)] on (table path) [using (method name)] (elements index_elements) "
        "[include (include names)] [nulls <distinct / not distinct>] [with (options settings)] "
        "[tablespace (tablespace name)] [where (condition value)]",
    .summary = "Builds a unique index while reads and writes go on.",
    .description =
        R"md(Built as [add index](#add_index) is. Rows that are equal in the index's columns make the build fail after it has read
the table; the plan prints the query that finds them, so that they can be looked for first.

An old client may write rows that the index refuses, so it belongs in `contract`; in `expand` it may stand where it
covers only columns that the same phase adds, since no old client writes those.

On a **materialized view** it lets `refresh` go on beside the readers. Its rows come of the query alone, so that it may
stand in `expand`; a refresh whose rows break it fails.

On a partitioned table the columns of the partition key must be among those of the index: PostgreSQL checks each
partition by itself. `nulls not distinct` needs PostgreSQL 15. Only `btree` can be unique.
)md",
    .example = "add unique index users_email_key on users (lower(email));",
    .check = [](const Context& ctx) { check_index(ctx, true); },
    .breaks = breaks_unique,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_indexes(after, planned_index(ctx, true)); },
    .steps = [](const Context& ctx) { return add_index_steps(ctx, true); },
};

}  // namespace mig::operations
