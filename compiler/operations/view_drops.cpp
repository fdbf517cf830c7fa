// Dropping views: never with what needs them; the way back makes them again from the catalog.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/extended_statistics.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/views.hpp"

namespace mig::operations {

namespace {

std::vector<Dependent> needed_by(const Context& ctx, const catalog::View& view) {
  std::vector<Dependent> found;
  const auto hanging = what_hangs(ctx, {.columns = {}, .relations = {view.name}, .functions = {}, .types = {}});
  for (const auto& thing : hanging.things)
    if (!thing.drop.empty() || !thing.why_not.empty())
      found.push_back({thing.what + " uses it", "drop or change that before"});
  return found;
}

// Statistics of a materialized view go with it without a word.
std::vector<const catalog::Object*> statistics_of(const catalog::Catalog& catalog, const catalog::View& view) {
  std::vector<const catalog::Object*> found;
  for (const auto& [kind, name] : catalog.users(view.name))
    if (kind == "statistics") found.push_back(catalog.object(kind, name));
  return found;
}

}  // namespace

std::vector<sql::Statement> make_view_statistics(const Context& ctx, const catalog::View& view) {
  std::vector<sql::Statement> out;
  for (const auto* object : statistics_of(ctx.before, view))
    for (auto& each : create_statements_of(ctx, *object)) out.push_back(std::move(each));
  return out;
}

void check_drop_view(const Context& ctx, ViewKind kind) {
  const auto* view = require_own_view(ctx, view_path(ctx), kind);
  if (!view) return;
  (void)require_no_dependents(ctx, ctx.call.span, fmt::format("`{}`", view->name.text()), needed_by(ctx, *view));
  for (const auto* object : statistics_of(ctx.before, *view))
    ctx.sink
        .report(diagnostics::goes_along, ctx.call.span, fmt::format("statistics {} go with it", object->name.text()))
        .note("the way back makes them again");
}

std::optional<Break> drop_view_breaks(const Context& ctx) {
  const auto& view = view_of(ctx);
  if (made_here(ctx, view)) return std::nullopt;
  return Break{fmt::format("clients of the old schema still read {}", view.name.text()), "write it in contract { … }"};
}

void drop_view_effect(const Context& ctx, catalog::Catalog& after) {
  const auto& view = view_of(ctx);
  for (const auto* object : statistics_of(ctx.before, view)) after.drop("statistics", object->name);
  after.drop("view", view.name);
}

std::vector<sql::Step> drop_view_steps(const Context& ctx) {
  const auto& view = view_of(ctx);
  const auto title = fmt::format("{} {}", word(kind_of(view)), view.name.text());
  auto step = transaction(ctx, "drop " + title, {drop_view(view)}, negate(has_relation(view.name)));
  auto made = make_view(ctx, view);
  for (auto& each : make_view_parts(ctx, view)) made.push_back(std::move(each));
  for (auto& each : make_view_statistics(ctx, view)) made.push_back(std::move(each));
  step.back = {transaction(ctx, "make " + title + " again", std::move(made), has_relation(view.name))};
  std::vector<sql::Step> steps{std::move(step)};
  finish(steps, {catalog::key("view", view.name)});
  return steps;
}

}  // namespace mig::operations
