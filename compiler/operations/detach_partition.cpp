// detach partition: the table stays, the parent does without its rows.
#include <fmt/format.h>

#include "compiler/operations/partitions.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_partition(ctx);
  if (made_here(ctx, *at.table)) return std::nullopt;
  return Break{
      fmt::format("clients of {} do not see the rows of {} any more", at.parent->name.text(), at.table->name.text()),
      "write it in contract { … }"};
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_partition(ctx);
  auto made = detach_and_back(ctx, at);
  finish(made, partition_touches(at));
  return made;
}

}  // namespace

extern const Operation detach_partition;  // its line in operations.def finds it
constinit const Operation detach_partition = {
    .name = "detach_partition",
    .form = "detach partition (partition path) from (table path)",
    .summary = "Makes a partition a table of its own.",
    .description =
        R"(From 14 on `DETACH PARTITION … CONCURRENTLY`: SHARE UPDATE EXCLUSIVE on both, reads and writes of the parent go on. It
runs outside of a transaction and waits for those that use the parent; where it dies while it waits, the rows are gone from
the parent already, and the next run ends it (`FINALIZE`). The check that it leaves on the table is dropped. On 13, and
where the parent has a default partition, PostgreSQL knows only the form that takes ACCESS EXCLUSIVE on both for an
instant.

The table keeps its indexes, keys, checks and foreign keys as its own; clones of the parent's triggers go, and from 17 on
the identity of its columns. Foreign keys of other tables that refer to the parent do not refer to it any more; while a
row of theirs refers to one of its rows, PostgreSQL refuses (23503).

It belongs in `contract`. The way back attaches it again with the same bound and without a scan under a lock; rows that do
not fit the bound any more stand in its way, and the plan holds the query for them.)",
    .example =
        "create table visits (id bigint not null, day date not null, primary key (id, day)) partition by range (day);\n"
        "create partition visits_2024 of visits for values from ('2024-01-01') to ('2025-01-01');\n"
        "detach partition visits_2024 from visits;",
    .check = [](const Context& ctx) { (void)require_partition(ctx); },
    .breaks = breaks,
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_detached(after, find_partition(ctx)); },
    .steps = steps,
};

}  // namespace mig::operations
