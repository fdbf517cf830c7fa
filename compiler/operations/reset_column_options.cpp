// reset column options: the planner estimates by itself again.
#include "compiler/operations/column_options.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Name>& names(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Name>>("options");
}

std::string value(const Context& ctx, const catalog::Column& column) {
  auto value = column_options.read(column);
  for (const auto& name : names(ctx)) value = with_option(value, name.text, std::nullopt);
  return value;
}

void check(const Context& ctx) {
  for (const auto& name : names(ctx))
    if (!require_known_option(ctx, name.span, name.text)) return;
  const auto found = require_own_column(ctx, column_path(ctx));
  if (found.column) (void)require_setting(ctx, column_options, value(ctx, *found.column), names(ctx).front().span);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, column_path(ctx));
  put_setting(ctx, after, column_options, at, value(ctx, *at.column));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, column_path(ctx));
  return setting_steps(ctx, column_options, at, value(ctx, *at.column));
}

}  // namespace

extern const Operation reset_column_options;  // its line in operations.def finds it
constinit const Operation reset_column_options = {
    .name = "reset_column_options",
    .form = "reset column options (column path) (options names)",
    .summary = "Lets the planner estimate by itself how many different values a column has.",
    .description =
        R"(Takes away what `set column options` set, under SHARE UPDATE EXCLUSIVE on this table only: reads and writes go on. The
way back sets it again.)",
    .example = R"(set column options orders.user_id (n_distinct = -0.5);
reset column options orders.user_id (n_distinct);)",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
