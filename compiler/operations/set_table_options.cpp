// set table options: fillfactor, autovacuum and other storage parameters.
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/setting_text.hpp"
#include "compiler/operations/table_options.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Setting>& settings(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Setting>>("options");
}

std::string value(const Context& ctx, const catalog::Table& table) {
  auto options = options_of(table_options.read(table));
  for (const auto& setting : settings(ctx)) options[setting_name(setting)] = setting_text(setting);
  return value_of(options);
}

void check(const Context& ctx) {
  const auto* table = require_table_with_options(ctx);
  if (!table) return;
  bool good = true;
  for (const auto& setting : settings(ctx))
    good = require_table_option(ctx, *table, setting_name(setting), setting.span) &&
           require_option_value(ctx, setting_name(setting), setting_text(setting), setting.span) && good;
  if (good) (void)require_change(ctx, table_options, *table, value(ctx, *table));
}

}  // namespace

extern const Operation set_table_options;  // its line in operations.def finds it
constinit const Operation set_table_options = {
    .name = "set_table_options",
    .form = "set table options (table path) (options settings)",
    .summary = "Sets storage parameters of a table.",
    .description =
        R"(`fillfactor`, `autovacuum_…`, `toast.autovacuum_…`, `parallel_workers`, `toast_tuple_target`: all that stands under
"Storage Parameters" in the manual of CREATE TABLE. SHARE UPDATE EXCLUSIVE on this table alone, for an instant: reads and
writes go on. Only `user_catalog_table` takes ACCESS EXCLUSIVE. No row is touched: `fillfactor` counts for pages that are
written from then on.

A partitioned table has none, since its rows are in its partitions: write a line for each of them. `toast.…` is refused
where the table has no TOAST table, since PostgreSQL would forget it without a word. `autovacuum_vacuum_max_threshold` and
`vacuum_max_eager_freeze_failure_rate` came with 18, `vacuum_index_cleanup = auto` with 14.

The way back sets what was there.)",
    .example = "set table options products (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx,
                 catalog::Catalog& after) { put_table_setting(ctx, after, table_options, value(ctx, table_of(ctx))); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, table_options, value(ctx, table_of(ctx))); },
};

}  // namespace mig::operations
