// attach partition: everything that ATTACH would read or build under its lock is there before.
#include <fmt/format.h>

#include "compiler/operations/partitions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("partition"); }
const syntax::PartitionBound& bound(const Context& ctx) { return *ctx.call.get<syntax::PartitionBound>("bound"); }

Partition partition(const Context& ctx) {
  const auto* parent = find_table(ctx, *ctx.call.get<syntax::Path>("table"));
  return {parent, find_table(ctx, path(ctx)), bound_text(*parent, bound(ctx))};
}

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, path(ctx));
  const auto* parent = require_partitioned(ctx, *ctx.call.get<syntax::Path>("table"));
  if (!table || !parent) return;
  if (check_attachable(ctx, *parent, *table, path(ctx).span)) (void)check_bound(ctx, *parent, bound(ctx));
}

// The table goes on to be there under its name, but it takes no row outside of the bound any more.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = partition(ctx);
  if (made_here(ctx, *at.table)) return std::nullopt;
  return Break{
      fmt::format("clients that write to {} can write only what fits the bound from then on, and clients of {} "
                  "see its rows",
                  at.table->name.text(), at.parent->name.text()),
      "write it in contract { … }"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto at = partition(ctx);
  put_missing(after, at.table->name, missing(ctx.before, at));
  const auto ready = after;
  put_attached(after, {ready.table(at.parent->name), ready.table(at.table->name), at.bound});
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = partition(ctx);
  auto made = attach_steps(ctx, at);
  finish(made, partition_touches(at));
  return made;
}

}  // namespace

extern const Operation attach_partition;  // its line in operations.def finds it
constinit const Operation attach_partition = {
    .name = "attach_partition",
    .form = "attach partition (partition path) to (table path) (bound partition_bound)",
    .summary = "Makes a table a partition of another.",
    .description =
        R"(`ATTACH PARTITION` locks the parent only with SHARE UPDATE EXCLUSIVE, so that its clients go on. But it holds ACCESS
EXCLUSIVE on the new partition and on the default partition while it reads their rows, builds missing indexes and checks
foreign keys. So all that is done before, online: indexes are built concurrently (those of keys become constraints),
checks and foreign keys of the parent are added NOT VALID and validated, and a check of mig's proves the bound; one on the
default partition proves that it holds no such row. ATTACH then reads nothing, and the same transaction drops the proofs.
Hash bounds, ranges of several columns and default partitions cannot be proven so: there ATTACH reads the rows.

The table must have the columns of the parent, with their types and NOT NULL: what differs is said with the operation that
mends it. Times in bounds are written with their zone, because without one they depend on the session.

It belongs in `contract` where others know the table. The way back detaches it (CONCURRENTLY from 14 on, where there is no
default partition) and drops what was built for it.)",
    .example =
        "create table visits (day date not null, page text, check (page <> '')) partition by range (day);\n"
        "add index visits_page_idx on visits (page);\n"
        "create table visits_2024 (day date not null, page text);\n"
        "attach partition visits_2024 to visits for values from ('2024-01-01') to ('2025-01-01');",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
