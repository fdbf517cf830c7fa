// drop exclude: an instant; the way back builds it under ACCESS EXCLUSIVE.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/exclusions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr const char* kind = "exclude";

Exclusion exclusion_of(const Context& ctx) {
  const auto* constraint = find_constraint(ctx, kind);
  return {*constraint, *table_of_call(ctx)->index(constraint->name)};
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  const auto* constraint = table ? require_constraint(ctx, *table, kind) : nullptr;
  if (!constraint || !table->partitioned()) return;
  ctx.sink
      .report(diagnostics::wrong_kind, path->span,
              fmt::format("`{}` is partitioned: its exclusion constraint and those of the partitions cannot be brought "
                          "back as they are",
                          table->name.text()))
      .note("write: sql $$…$$ back $$…$$, with the locks in mind");
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table || made_here(ctx, *table)) return std::nullopt;
  return Break{"clients of the old schema may rely on its rule", "write it in contract { … }"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto name = find_constraint(ctx, kind)->name;
  auto& table = after.edit_table(table_of_call(ctx)->name);
  std::erase_if(table.indexes, [&](const catalog::Index& index) { return index.name == name; });
  std::erase_if(table.constraints, [&](const catalog::Constraint& own) { return own.name == name; });
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto exclusion = exclusion_of(ctx);
  auto step = drop_exclusion_step(ctx, *table, exclusion);
  step.hazards.push_back(
      "the way back reads all rows and builds the index under ACCESS EXCLUSIVE, and fails on rows written since that "
      "exclude each other");
  std::vector<sql::Step> list{std::move(step)};
  finish(list, exclusion_touches(*table, exclusion));
  return list;
}

}  // namespace

extern const Operation drop_exclude;  // its line in operations.def finds it
constinit const Operation drop_exclude = {
    .name = "drop_exclude",
    .form = "drop exclude (name name) on (table path)",
    .summary = "Drops an exclusion constraint with its index.",
    .description =
        R"md(`DROP CONSTRAINT` takes ACCESS EXCLUSIVE on the table and the index for an instant, with `lock_timeout` and retries.

The way back adds it again from the server's own text, with its comments; PostgreSQL builds its index under ACCESS
EXCLUSIVE, since it has no online form. Rows written in between that exclude each other make the way back fail. It
belongs in `contract`: old clients may rely on the rule.
)md",
    .example =
        "add exclude products_apart on products (id with =) where (price > 0);\n"
        "drop exclude products_apart on products;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
