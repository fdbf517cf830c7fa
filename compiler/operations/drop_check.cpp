// drop check: an instant under ACCESS EXCLUSIVE; the way back adds it online.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "check";

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  if (table) (void)require_constraint(ctx, *table, kind);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  remove_constraint(ctx, after, *table_of_call(ctx), *find_constraint(ctx, kind));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto* constraint = find_constraint(ctx, kind);
  std::vector<sql::Step> made{drop_constraint_step(ctx, *table, *constraint)};
  made.front().hazards.push_back(
      fmt::format("the way back fails on rows that were written since and break it; this finds them: SELECT * FROM {} "
                  "WHERE NOT ({})",
                  table->name.text(), constraint->expression));
  finish(made, constraint_touches(ctx, *table, *constraint));
  return made;
}

}  // namespace

extern const Operation drop_check;  // its line in operations.def finds it
constinit const Operation drop_check = {
    .name = "drop_check",
    .form = "drop check (name name) on (table path)",
    .summary = "Drops a check constraint.",
    .description =
        R"md(`DROP CONSTRAINT` takes ACCESS EXCLUSIVE on the table, its partitions and inheritors for an instant, in a transaction of
its own with `lock_timeout` and retries.

The way back adds it again online, `NOT VALID` and then `VALIDATE`, with its name, comment, `no inherit` and whether it
was validated. Rows written in between may break it; the plan prints the query that finds them.

Refused: a check that a partition or inheritor has from its parent; it goes with the parent's.
)md",
    .example = "drop check orders_total_check on orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
