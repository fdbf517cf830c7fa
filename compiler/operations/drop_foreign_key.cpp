// drop foreign key: an instant under ACCESS EXCLUSIVE on both tables; the way back adds it online.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "foreign key";

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  if (table) (void)require_constraint(ctx, *table, kind);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* constraint = find_constraint(ctx, kind);
  if (!constraint) return std::nullopt;
  for (const auto& [event, action] : {std::pair{"delete", constraint->on_delete}, {"update", constraint->on_update}})
    if (action == "cascade" || action == "set null" || action == "set default")
      return Break{fmt::format("clients of the old schema rely on `on {} {}`", event, action),
                   "write it in contract { … }"};
  return std::nullopt;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  remove_constraint(ctx, after, *table_of_call(ctx), *find_constraint(ctx, kind));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto* constraint = find_constraint(ctx, kind);
  std::vector<sql::Step> made{drop_constraint_step(ctx, *table, *constraint)};
  made.front().hazards.push_back("the way back fails on rows that were written since and refer to nothing");
  finish(made, constraint_touches(ctx, *table, *constraint));
  return made;
}

}  // namespace

extern const Operation drop_foreign_key;  // its line in operations.def finds it
constinit const Operation drop_foreign_key = {
    .name = "drop_foreign_key",
    .form = "drop foreign key (name name) on (table path)",
    .summary = "Drops a foreign key.",
    .description =
        R"md(`DROP CONSTRAINT` takes ACCESS EXCLUSIVE on **both** tables for an instant (and on the partitions of a partitioned one),
in a transaction of its own with `lock_timeout` and retries.

The way back adds it again online, `NOT VALID` and then `VALIDATE`, with its name, comment, actions, timing and whether
it was validated. Rows written in between that refer to nothing make the way back fail.

A key with `cascade`, `set null` or `set default` belongs in `contract`: old clients rely on what it does.

Refused: a key that a partition has from its parent; it goes with the parent's.
)md",
    .example =
        "add foreign key orders_user_fk on orders (user_id) references users;\n"
        "drop foreign key orders_user_fk on orders;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
