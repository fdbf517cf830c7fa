// reset index options: back to what the method does by itself.
#include <fmt/format.h>

#include "compiler/operations/index_settings.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Name>& names(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Name>>("options");
}

IndexOptions changed(const Context& ctx, const catalog::Index& index) {
  auto options = index.options;
  for (const auto& name : names(ctx)) options = with_index_option(std::move(options), name.text, nullptr);
  return options;
}

void check(const Context& ctx) {
  const auto at = require_own_index(ctx);
  if (!at.index) return;
  for (const auto& name : names(ctx))
    if (!require_index_option(ctx, *at.index, name.text, name.span)) return;
  check_index_options(ctx, changed);
}

}  // namespace

extern const Operation reset_index_options;  // its line in operations.def finds it
constinit const Operation reset_index_options = {
    .name = "reset_index_options",
    .form = "reset index options (index path) (options names)",
    .summary = "Takes options of an index away, so that the defaults hold.",
    .description =
        R"md(`ALTER INDEX … RESET`, an instant, under the locks of [set index options](#set_index_options); of a partitioned index for
each of its parts. What is in the index stays as it is until [rebuild index](#rebuild_index). The way back sets what
each had.
)md",
    .example =
        "set index options orders_status_idx (fillfactor = 70);\n"
        "reset index options orders_status_idx (fillfactor);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_index_options(ctx, after, changed); },
    .steps = [](const Context& ctx) { return index_option_steps(ctx, changed); },
};

}  // namespace mig::operations
