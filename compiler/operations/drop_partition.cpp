// drop partition: detached without a queue, then kept aside until purge.
#include <set>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/park_table.hpp"
#include "compiler/operations/partitions.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("partition"); }

void check(const Context& ctx) {
  const auto at = require_partition(ctx);
  if (!at.table) return;
  std::vector<Dependent> needed;
  std::set<std::string> seen;
  for (const auto& name : ctx.before.tree(at.table->name)) {
    for (auto& each : dependents(ctx, *ctx.before.table(name))) needed.push_back(std::move(each));
    if (!seen.insert(name.name).second)  // all of them go into one schema
      ctx.sink
          .report(diagnostics::not_built_yet, path(ctx).span,
                  fmt::format("two partitions of `{}` are called `{}`", at.table->name.text(), name.name))
          .note("rename one of them before");
  }
  for (auto& each : dependents_elsewhere(ctx, ctx.before.tree(at.table->name))) needed.push_back(std::move(each));
  require_no_dependents(ctx, path(ctx).span, fmt::format("`{}`", at.table->name.text()), needed);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_partition(ctx);
  if (made_here(ctx, *at.table)) return std::nullopt;
  return Break{fmt::format("clients of {} do not see the rows of {} any more, and cannot write such rows",
                           at.parent->name.text(), at.table->name.text()),
               fmt::format("write it in contract {{ drop partition {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_partition(ctx);
  put_detached(after, at);
  remove_tables(after, at.table->name);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_partition(ctx);
  auto made = detach_and_back(ctx, at);
  // Nobody writes to it while it is aside: its rows fit the bound as they did.
  for (auto& step : made.front().back) step.condition.reset();
  auto detached = ctx.before;
  put_detached(detached, at);
  for (auto& step : park_steps(with(ctx, detached), *detached.table(at.table->name))) made.push_back(std::move(step));
  finish(made, partition_touches(at));
  return made;
}

}  // namespace

extern const Operation drop_partition;  // its line in operations.def finds it
constinit const Operation drop_partition = {
    .name = "drop_partition",
    .form = "drop partition (partition path)",
    .summary = "Takes a partition away with its rows; it is kept aside until purge.",
    .description =
        R"(Detached as [detach partition](#detach_partition) does, so that `DROP TABLE` does not lock the parent; then it moves to a
schema `mig_park_…` as [drop table](#drop_table) does, with its rows and all that is part of it. Its foreign keys are dropped
before, since they would go on to guard the other tables.

It belongs in `contract`. The way back brings the table home, adds and validates its foreign keys, and attaches it again with
the same bound. `purge` drops it for good.)",
    .example =
        "create table visits (id bigint not null, day date not null, primary key (id, day)) partition by range (day);\n"
        "create partition visits_2024 of visits for values from ('2024-01-01') to ('2025-01-01');\n"
        "drop partition visits_2024;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
