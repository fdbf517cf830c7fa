// add index: built CONCURRENTLY, per partition where there are some, and never left invalid.
#include "compiler/operations/index_rules.hpp"

namespace mig::operations {

extern const Operation add_index;  // its line in operations.def finds it
constinit const Operation add_index = {
    .name = "add_index",
    .form =
        "add index [(name name)] on (table path) [using (method name)] (elements index_elements) "
        "[include (include names)] [with (options settings)] [tablespace (tablespace name)] "
        "[where (condition value)]",
    .summary = "Builds an index while reads and writes go on.",
    .description =
        R"md(On a table that exists the index is built with `CREATE INDEX CONCURRENTLY`, outside of any transaction. What a build that
died leaves behind, an index that is `INVALID`, is found by its state in `pg_index` and dropped before the next try.

On a **partitioned table** PostgreSQL cannot build concurrently (0A000). mig makes an empty index of the parent
(`ON ONLY`), builds one index per partition concurrently, and attaches them; the parent's index is valid with the last
one. Partitions of partitions are done in the same way.

A **materialized view** takes indexes as a table does, concurrently as well.

On a table that the same phase of the same migration creates, one plain `CREATE INDEX` in a transaction does: nobody
can wait for it.

Without a name the index gets the one that PostgreSQL would choose (`orders_status_idx`, `orders_lower_idx`, a number
where it is taken); the plan prints it. The method, operator classes, collations, sort order, `include`, storage
parameters, tablespace and predicate are written as in SQL.

Refused: an index on a foreign table or a partition of that kind, options that the method does not have.
)md",
    .example = "add index on orders (user_id, placed_at desc) where status = 'new';",
    .check = [](const Context& ctx) { check_index(ctx, false); },
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_indexes(after, planned_index(ctx, false)); },
    .steps = [](const Context& ctx) { return add_index_steps(ctx, false); },
};

}  // namespace mig::operations
