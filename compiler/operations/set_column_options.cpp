// set column options: what the planner is to believe of a column.
#include <fmt/format.h>

#include "compiler/operations/column_options.hpp"
#include "compiler/operations/model.hpp"

namespace mig::operations {

namespace {

const std::vector<syntax::Setting>& settings(const Context& ctx) {
  return *ctx.call.get<std::vector<syntax::Setting>>("options");
}

std::string text(const Context& ctx, const syntax::Setting& setting) {
  return setting.value ? text_of(ctx, *setting.value) : setting.word;
}

std::string value(const Context& ctx, const catalog::Column& column) {
  auto value = column_options.read(column);
  for (const auto& setting : settings(ctx))
    value = with_option(value, setting.name.parts.back().text, text(ctx, setting));
  return value;
}

void check(const Context& ctx) {
  for (const auto& setting : settings(ctx)) {
    const auto& name = setting.name.parts.back().text;
    const auto number = text(ctx, setting);
    if (!require_known_option(ctx, setting.span, name)) return;
    if (number.empty() || number.find_first_not_of("-0123456789.") != std::string::npos) {
      ctx.sink.report(diagnostics::wrong_value, setting.span, fmt::format("`{}` is a number", name))
          .note("write: how many different values there are, or minus their share of the rows: -1 means all differ");
      return;
    }
  }
  const auto found = require_own_column(ctx, column_path(ctx));
  if (found.column) (void)require_setting(ctx, column_options, value(ctx, *found.column), settings(ctx).front().span);
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

extern const Operation set_column_options;  // its line in operations.def finds it
constinit const Operation set_column_options = {
    .name = "set_column_options",
    .form = "set column options (column path) (options settings)",
    .summary = "Tells the planner how many different values a column has.",
    .description =
        R"(`n_distinct` for the table alone, `n_distinct_inherited` for it with its partitions or inheritors: a number of values, or
minus their share of the rows (-1: all differ). The next ANALYZE takes it over instead of its own estimate. SHARE UPDATE
EXCLUSIVE on this table only: reads and writes go on.

The way back sets what was there.)",
    .example = "set column options orders.user_id (n_distinct = -0.5);",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
