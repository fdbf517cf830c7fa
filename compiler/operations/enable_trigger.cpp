// enable trigger: it fires again, for everybody or in replicas too.
#include <fmt/format.h>

#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

namespace {

std::string wanted(const Context& ctx) {
  if (ctx.call.has_word("replica")) return "replica";
  return ctx.call.has_word("always") ? "always" : "origin";
}

void check(const Context& ctx) { check_switch(ctx, wanted(ctx)); }

// `replica` takes it away from everybody else.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_trigger(ctx);
  if (at.on.table && made_here(ctx, *at.on.table)) return std::nullopt;
  const bool fired = at.trigger->enabled == "origin" || at.trigger->enabled == "always";
  if (wanted(ctx) == "replica" && fired)
    return Break{fmt::format("clients of the old schema may rely on what {} does", at.trigger->function.text()),
                 "write it in contract { … }"};
  return fired || wanted(ctx) == "replica" ? std::nullopt : refuses_writes(ctx, at.on, [&] {
    auto trigger = *at.trigger;
    trigger.enabled = "origin";
    return trigger;
  }());
}

void effect(const Context& ctx, catalog::Catalog& after) { switch_effect(ctx, after, wanted(ctx)); }
std::vector<sql::Step> steps(const Context& ctx) { return switch_steps(ctx, wanted(ctx)); }

}  // namespace

extern const Operation enable_trigger;  // its line in operations.def finds it
constinit const Operation enable_trigger = {
    .name = "enable_trigger",
    .form = "enable trigger (name name) on (table path) [as <replica / always>]",
    .summary = "Lets a trigger fire again.",
    .description =
        R"md(`ALTER TABLE … ENABLE TRIGGER` takes SHARE ROW EXCLUSIVE for an instant, on a partitioned table for a row trigger also on its
partitions, whose clones follow. `as replica` fires it only in sessions that apply what was replicated
(`session_replication_role`), `as always` in all. The way back switches it as it was, each clone too.

A trigger whose function may refuse writes belongs in `contract`, and so does `as replica` for one that fires now: old
clients may rely on it.
)md",
    .example = "enable trigger products_stamp on products as always;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
