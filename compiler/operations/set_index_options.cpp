// set index options: fillfactor and the like, without building the index anew.
#include <fmt/format.h>

#include "compiler/operations/index_settings.hpp"
#include "compiler/operations/setting_text.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Setting>& settings(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Setting>>("options");
}

IndexOptions changed(const Context& ctx, const catalog::Index& index) {
  auto options = index.options;
  for (const auto& setting : settings(ctx)) {
    const auto value = setting_text(setting);
    options = with_index_option(std::move(options), setting_name(setting), &value);
  }
  return options;
}

void check(const Context& ctx) {
  const auto at = require_own_index(ctx);
  if (!at.index) return;
  for (const auto& setting : settings(ctx)) {
    const auto name = setting_name(setting);
    if (!require_index_option(ctx, *at.index, name, setting.span)) return;
    if (!require_index_value(ctx, name, setting_text(setting), setting.span)) return;
  }
  check_index_options(ctx, changed);
}

}  // namespace

extern const Operation set_index_options;  // its line in operations.def finds it
constinit const Operation set_index_options = {
    .name = "set_index_options",
    .form = "set index options (index path) (options settings)",
    .summary = "Sets options of an index, as fillfactor.",
    .description =
        R"md(`ALTER INDEX … SET`, an instant. `fillfactor` (btree, hash, gist, spgist) and `deduplicate_items` (btree) take SHARE
UPDATE EXCLUSIVE on the index: reads and writes go on. `fastupdate` and `gin_pending_list_limit` (gin), `buffering`
(gist), `pages_per_range` and `autosummarize` (brin) take ACCESS EXCLUSIVE on it, so that queries of its table wait for
that instant.

PostgreSQL sets no options of a partitioned index (42809): each of its parts gets them, and one that is attached later
does not. What is in the index stays as it is until [rebuild index](#rebuild_index). The way back sets what each had.
)md",
    .example = "set index options orders_status_idx (fillfactor = 70, deduplicate_items = off);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_index_options(ctx, after, changed); },
    .steps = [](const Context& ctx) { return index_option_steps(ctx, changed); },
};

}  // namespace mig::operations
