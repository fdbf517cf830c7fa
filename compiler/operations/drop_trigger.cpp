// drop trigger: the way back makes it again from the catalog.
#include <fmt/format.h>

#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) { (void)require_trigger(ctx); }

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_trigger(ctx);
  if (at.trigger->enabled == "disabled" || (at.on.table && made_here(ctx, *at.on.table))) return std::nullopt;
  return Break{fmt::format("clients of the old schema may rely on what {} does", at.trigger->function.text()),
               "write it in contract { … }"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_trigger(ctx);
  erase_trigger(after, at.on, std::string(at.trigger->name));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_trigger(ctx);
  const auto title = trigger_title(at.on, at.trigger->name);
  const auto there = has_trigger(at.on.name(), at.trigger->name);
  auto step = transaction(ctx, "drop " + title, {drop_trigger_statement(ctx, at.on, *at.trigger)}, negate(there));
  step.back = {transaction(ctx, "bring back " + title, trigger_statements(ctx, at.on, *at.trigger), there)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, trigger_touches(at.on, at.trigger->name));
  return made;
}

}  // namespace

extern const Operation drop_trigger;  // its line in operations.def finds it
constinit const Operation drop_trigger = {
    .name = "drop_trigger",
    .form = "drop trigger (name name) on (table path)",
    .summary = "Takes a trigger away.",
    .description =
        R"md(`DROP TRIGGER` takes ACCESS EXCLUSIVE for an instant, on a partitioned table for a row trigger also on its partitions. The
way back makes it again from its definition, with its comment, and as it was switched, each partition's clone too.

A clone goes with the trigger of the parent and is refused by itself. It belongs in `contract`: clients of the old schema
may rely on what it does. Its function stays.
)md",
    .example = "drop trigger products_stamp on products;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
