// rebuild indexes of: all of a table and its partitions, one after the other.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/rebuild_index.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

bool excludes(const catalog::Table& table, const catalog::Index& index) {
  const auto* constraint = table.constraint(index.constraint);
  return constraint && constraint->kind == "exclude";
}

// Of the table, and where it is partitioned of its partitions; inheritors are tables of their own.
std::vector<IndexAt> indexes_of(const Context& ctx, const catalog::Table& table) {
  std::vector<IndexAt> found;
  for (const auto& name : table.partitioned() ? ctx.before.tree(table.name) : std::vector{table.name}) {
    const auto* member = ctx.before.table(name);
    if (!member || member->partitioned()) continue;
    for (const auto& index : member->indexes)
      if (!excludes(*member, index)) found.push_back({member, nullptr, &index});
  }
  return found;
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  if (!table || !indexes_of(ctx, *table).empty()) return;
  ctx.sink
      .report(
          diagnostics::nothing_to_do, path->span,
          fmt::format("`{}` has no index that PostgreSQL rebuilds while reads and writes go on", table->name.text()))
      .note("take the line out");
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  auto made = rebuild_index_steps(ctx, indexes_of(ctx, *table), "the indexes of " + table->name.text());
  for (const auto& index : table->indexes)
    if (excludes(*table, index))
      made.front().hazards.push_back(
          fmt::format("{} is not rebuilt: the index of an exclusion constraint is only under ACCESS EXCLUSIVE",
                      catalog::Name{table->name.schema, index.name}.text()));
  return made;
}

}  // namespace

extern const Operation rebuild_indexes;  // its line in operations.def finds it
constinit const Operation rebuild_indexes = {
    .name = "rebuild_indexes",
    .form = "rebuild indexes of (table path)",
    .summary = "Builds all indexes of a table anew, one after the other, while reads and writes go on.",
    .description =
        R"md([rebuild index](#rebuild_index) for each index of the table and, where it is partitioned, of its partitions. Inheritors
are tables of their own. Indexes of exclusion constraints are left as they are, and the plan names them: PostgreSQL
rebuilds those only under ACCESS EXCLUSIVE.
)md",
    .example = "rebuild indexes of orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { rebuilt_indexes(after, indexes_of(ctx, *table_of_call(ctx))); },
    .steps = steps,
};

}  // namespace mig::operations
