// set statistics: how much ANALYZE remembers of a column.
#include <cstdlib>

#include <fmt/format.h>

#include "compiler/operations/column_setting.hpp"

namespace mig::operations {

namespace {

std::string value(const Context& ctx) {
  const auto* target = ctx.call.get<syntax::Number>("target");
  return target && target->text != "-1" ? target->text : std::string{};
}

source::Span span(const Context& ctx) {
  const auto* target = ctx.call.get<syntax::Number>("target");
  return target ? target->span : column_path(ctx).span;
}

// PostgreSQL 17 stores no target where there is none of its own; before it was -1, which all still read.
sql::Fragment clause(const Context&, const catalog::Column&, const std::string&, const std::string& to) {
  return sql::sql("SET STATISTICS {}", to.empty() ? -1LL : std::atoll(to.c_str()));
}

sql::Fragment is(const Context&, const catalog::Column&, const std::string& value) {
  return sql::sql("coalesce(a.attstattarget, -1) = {}", value.empty() ? -1LL : std::atoll(value.c_str()));
}

constexpr ColumnSetting setting = {
    .what = "statistics target",
    .mode = sql::LockMode::share_update_exclusive,
    .recurses = true,
    .read =
        [](const catalog::Column& column) { return column.statistics < 0 ? "" : std::to_string(column.statistics); },
    .write = [](catalog::Column& column,
                const std::string& value) { column.statistics = value.empty() ? -1 : std::atoi(value.c_str()); },
    .clause = clause,
    .is = is,
};

void check(const Context& ctx) {
  const auto* target = ctx.call.get<syntax::Number>("target");
  const auto text = target ? target->text : std::string("-1");
  const bool number = text.find_first_not_of("0123456789") == std::string::npos && text.size() <= 5;
  if (text != "-1" && (!number || std::atoi(text.c_str()) > 10000)) {
    ctx.sink.report(diagnostics::wrong_value, target->span, "a statistics target is 0 to 10000")
        .note("write: a number, or default");
    return;
  }
  (void)require_setting(ctx, setting, value(ctx), span(ctx));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  put_setting(ctx, after, setting, find_column(ctx, column_path(ctx)), value(ctx));
}

std::vector<sql::Step> steps(const Context& ctx) {
  return setting_steps(ctx, setting, find_column(ctx, column_path(ctx)), value(ctx));
}

}  // namespace

extern const Operation set_statistics;  // its line in operations.def finds it
constinit const Operation set_statistics = {
    .name = "set_statistics",
    .form = "set statistics (column path) to <default / (target integer)>",
    .summary = "Sets how many values of a column ANALYZE remembers for the planner.",
    .description =
        R"(One statement under SHARE UPDATE EXCLUSIVE, for partitions and inheritors too: reads and writes go on. It says what the
next ANALYZE does; `analyze` the table to see it at once. `default` is the server's default_statistics_target, 0 collects
nothing.

The way back sets what each table had.)",
    .example = "set statistics orders.status to 500;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
