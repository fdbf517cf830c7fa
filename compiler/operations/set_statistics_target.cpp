// set statistics target: how much ANALYZE keeps for a statistics object.
#include <charconv>

#include <fmt/format.h>

#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

constexpr long long most = 10000;  // MAX_STATISTICS_TARGET

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("statistics"); }

// Empty: the server's default.
std::string target(const Context& ctx) {
  const auto* number = ctx.call.get<syntax::Number>("target");
  return number == nullptr || number->text == "-1" ? std::string{} : number->text;
}

bool check_number(const Context& ctx) {
  const auto* number = ctx.call.get<syntax::Number>("target");
  if (!number) return true;
  long long value = 0;
  const auto& text = number->text;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= -1 && value <= most) return true;
  ctx.sink
      .report(diagnostics::wrong_value, number->span,
              fmt::format("{} is no statistics target: it is a number from 0 to {}", text, most))
      .note("write: set statistics target … to default, for that of the server");
  return false;
}

void check(const Context& ctx) {
  const auto* old = require_own_statistics(ctx, path(ctx));
  if (!check_number(ctx) || !old || fact_of(*old, "target") != target(ctx)) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("`{}` has this target already", old->name.text()))
      .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_statistics(ctx, path(ctx));
  changed.facts.erase("target");
  if (const auto value = target(ctx); !value.empty()) changed.facts.emplace("target", value);
  after.put(std::move(changed));
}

sql::Step change(const Context& ctx, const catalog::Name& name, const std::string& value) {
  return transaction(ctx, fmt::format("statistics target of {}: {}", name.text(), value.empty() ? "default" : value),
                     {statement(target_statement(name, value))}, has_target(name, value));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& old = *find_statistics(ctx, path(ctx));
  std::vector<sql::Step> steps{change(ctx, old.name, target(ctx))};
  steps.front().back = {change(ctx, old.name, fact_of(old, "target"))};
  finish(steps, {catalog::key("statistics", old.name)});
  return steps;
}

}  // namespace

extern const Operation set_statistics_target;  // its line in operations.def finds it
constinit const Operation set_statistics_target = {
    .name = "set_statistics_target",
    .form = "set statistics target (statistics path) to <(target integer) / default>",
    .summary = "Sets how many values a statistics object keeps.",
    .description =
        R"md(A number from 0 (none are kept) to 10000, or `default`, which is that of the columns. No lock on the table; the next
`ANALYZE` follows it. The way back sets what was set before.
)md",
    .example = "set statistics target products_stats to 500;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
