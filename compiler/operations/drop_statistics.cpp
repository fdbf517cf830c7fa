// drop statistics: the way back makes them again as they were.
#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("statistics"); }

void check(const Context& ctx) { (void)require_own_statistics(ctx, path(ctx)); }

void effect(const Context& ctx, catalog::Catalog& after) {
  after.drop("statistics", find_statistics(ctx, path(ctx))->name);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_statistics(ctx, path(ctx));
  std::vector<sql::Step> steps{drop_statistics_step(ctx, old)};
  steps.front().back = {transaction(ctx, "create statistics " + old.name.text(), create_statements_of(ctx, old),
                                    has_statistics(old.name))};
  finish(steps, {catalog::key("statistics", old.name)});
  return steps;
}

}  // namespace

extern const Operation drop_statistics;  // its line in operations.def finds it
constinit const Operation drop_statistics = {
    .name = "drop_statistics",
    .form = "drop statistics (statistics path)",
    .summary = "Drops a statistics object.",
    .description =
        R"md(`DROP STATISTICS` takes SHARE UPDATE EXCLUSIVE on the table: reads and writes go on. No client notices but by other plans of
its queries.

The way back makes it again with its definition, target, owner and comment; what it had counted comes with the next
`ANALYZE`.
)md",
    .example = "drop statistics products_stats;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
