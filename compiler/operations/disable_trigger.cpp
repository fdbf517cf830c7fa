// disable trigger: it is there and does not fire.
#include <fmt/format.h>

#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) { check_switch(ctx, "disabled"); }

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_trigger(ctx);
  if (at.on.table && made_here(ctx, *at.on.table)) return std::nullopt;
  return Break{fmt::format("clients of the old schema may rely on what {} does", at.trigger->function.text()),
               "write it in contract { … }"};
}

void effect(const Context& ctx, catalog::Catalog& after) { switch_effect(ctx, after, "disabled"); }
std::vector<sql::Step> steps(const Context& ctx) { return switch_steps(ctx, "disabled"); }

}  // namespace

extern const Operation disable_trigger;  // its line in operations.def finds it
constinit const Operation disable_trigger = {
    .name = "disable_trigger",
    .form = "disable trigger (name name) on (table path)",
    .summary = "Keeps a trigger from firing.",
    .description =
        R"md(`ALTER TABLE … DISABLE TRIGGER` takes SHARE ROW EXCLUSIVE for an instant, on a partitioned table for a row trigger also on its
partitions, whose clones follow. The way back switches it as it was, each clone too. Rows that are written meanwhile are
not seen by it later.

It belongs in `contract`: clients of the old schema may rely on what it does.
)md",
    .example = "disable trigger products_stamp on products;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
