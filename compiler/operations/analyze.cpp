// analyze: the planner's statistics of a table, in one transaction with its row in the journal.
#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

std::vector<std::string> columns(const Context& ctx) {
  std::vector<std::string> names;
  if (const auto* written = ctx.call.get<std::vector<syntax::Name>>("columns"))
    for (const auto& name : *written) names.push_back(name.text);
  return names;
}

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, table_path_of(ctx));
  const auto* written = ctx.call.get<std::vector<syntax::Name>>("columns");
  if (!table || !written) return;
  for (const auto& name : *written) (void)require_column(ctx, *table, name);
}

// SHARE UPDATE EXCLUSIVE on what is analysed; before 18 the inheritors of a plain parent are only read along with it.
std::vector<sql::Lock> locks(const Context& ctx, const catalog::Table& table) {
  if (table.partitioned() || ctx.before.server.major() >= 18)
    return tree_locks(ctx, table.name, LockMode::share_update_exclusive);
  auto list = tree_locks(ctx, table.name, LockMode::access_share);
  list.front().mode = LockMode::share_update_exclusive;
  return list;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = table_of(ctx);
  const auto list = columns(ctx);
  auto text = list.empty() ? sql::sql("ANALYZE {}", table.name.sql())
                           : sql::sql("ANALYZE {} ({})", table.name.sql(), names(list));
  auto step = transaction(
      ctx, fmt::format("analyze {}", table.name.text()),
      {statement(std::move(text), locks(ctx, table), sql::Work::scan, "reads a sample; reads and writes go on")}, {});
  // Nothing in the catalog tells this ANALYZE from an earlier one: the step's row in the journal, which commits with
  // it, is what tells.
  step.probe.reset();
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("table", table.name)});
  return made;
}

}  // namespace

extern const Operation analyze;  // its line in operations.def finds it
constinit const Operation analyze = {
    .name = "analyze",
    .form = "analyze (table path) [(columns names)]",
    .summary = "Counts the values of a table, so that the planner knows them.",
    .description =
        R"(Write it after rows were loaded or a type was changed, whose statistics PostgreSQL throws away: until the next ANALYZE, the
planner guesses. A sample of the rows is read under SHARE UPDATE EXCLUSIVE: reads and writes go on. With names in
parentheses only those columns are counted. A partitioned table is counted with its partitions; from 18 on the
inheritors of a plain parent are counted as well.

The schema stays as it is, and there is nothing to undo.)",
    .example = "analyze orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context&, catalog::Catalog&) {},
    .steps = steps,
};

}  // namespace mig::operations
