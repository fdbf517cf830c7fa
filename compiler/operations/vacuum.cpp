// vacuum: outside of a transaction, with a mark that tells afterwards whether it ran to its end.
#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

bool full(const Context& ctx) { return ctx.call.has_word("full"); }

void check(const Context& ctx) {
  const auto* table = require_own_table(ctx, table_path_of(ctx));
  if (!table) return;
  if (table->kind == "foreign table") {
    ctx.sink
        .report(diagnostics::wrong_kind, table_path_of(ctx).span,
                fmt::format("`{}` is a foreign table: its rows are not here", table->name.text()))
        .note("write: analyze …, which foreign tables take");
    return;
  }
  (void)require_create(ctx, table->name.schema, table_path_of(ctx).span);  // for the mark
}

std::vector<sql::Lock> locks(const Context& ctx, const catalog::Table& table) {
  const auto mode = full(ctx) ? LockMode::access_exclusive : LockMode::share_update_exclusive;
  // The inheritors of a plain parent are tables of their own.
  return table.partitioned() ? tree_locks(ctx, table.name, mode) : std::vector{lock(table.name, mode)};
}

sql::Fragment options(const Context& ctx) {
  std::vector<sql::Fragment> list;
  if (full(ctx)) list.push_back(sql::sql("FULL"));
  if (ctx.call.has_word("freeze")) list.push_back(sql::sql("FREEZE"));
  if (ctx.call.has_word("analyze")) list.push_back(sql::sql("ANALYZE"));
  return list.empty() ? sql::Fragment{} : sql::sql(" ({})", sql::join(list, ", "));
}

sql::Step mark_step(const Context& ctx, const catalog::Name& table, const catalog::Name& mark) {
  auto step = transaction(
      ctx, fmt::format("lay a mark behind {}", table.text()),
      {statement(
          sql::sql("CREATE TABLE {} WITH (autovacuum_enabled = false) AS SELECT 1 AS one", mark.sql()), {},
          sql::Work::instant,
          "VACUUM leaves nothing that tells it from an earlier one: it takes the mark after the table, and pages "
          "are counted only by it")},
      has_relation(mark));
  step.back = {transaction(
      ctx, fmt::format("take the mark behind {} away", table.text()),
      {statement(sql::sql("DROP TABLE IF EXISTS {}", mark.sql()), {lock(mark, LockMode::access_exclusive)})},
      negate(has_relation(mark)))};
  return step;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = table_of(ctx);
  const catalog::Name mark{table.name.schema, kept_name(ctx, table.name.name, "vacuum")};
  auto made = std::vector{mark_step(ctx, table.name, mark)};
  made.push_back(concurrent(
      ctx, fmt::format("vacuum {}", table.name.text()),
      statement(sql::sql("VACUUM{} {}, {}", options(ctx), table.name.sql(), mark.sql()), locks(ctx, table),
                full(ctx) ? sql::Work::rewrite : sql::Work::scan,
                full(ctx) ? "all rows are written anew" : "reads and writes go on; it cannot run in a transaction"),
      table_is(mark, sql::sql("c.relpages > 0"))));
  made.push_back(
      transaction(ctx, fmt::format("take the mark behind {} away", table.name.text()),
                  {statement(sql::sql("DROP TABLE {}", mark.sql()), {lock(mark, LockMode::access_exclusive)})},
                  negate(has_relation(mark))));
  finish(made, {catalog::key("table", table.name)});
  return made;
}

}  // namespace

extern const Operation vacuum;  // its line in operations.def finds it
constinit const Operation vacuum = {
    .name = "vacuum",
    .form = "vacuum (table path) [full] [freeze] [analyze]",
    .summary = "Makes the space of deleted rows usable again.",
    .description =
        R"(Write it after many rows were changed or deleted. It runs outside of a transaction, under SHARE UPDATE EXCLUSIVE: reads and
writes go on. `freeze` marks old rows for good, `analyze` counts the values along the way. `full` writes the whole table
anew under ACCESS EXCLUSIVE and gives the space back to the system; nobody reads meanwhile. A partitioned table goes with
its partitions.

A VACUUM leaves nothing that tells it from an earlier one. So a small table of mig's is vacuumed behind it by the same
statement; once PostgreSQL has counted its pages, the table before it is done. After a crash both are vacuumed again,
which harms nobody.

The schema stays as it is, and there is nothing to undo.)",
    .example = "vacuum orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context&, catalog::Catalog&) {},
    .steps = steps,
};

}  // namespace mig::operations
