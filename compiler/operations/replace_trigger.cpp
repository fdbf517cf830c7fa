// replace trigger: a trigger as it is written here, whatever it was before.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

// Its comment stays, and how it is switched.
catalog::Trigger written(const Context& ctx, const TriggerAt& at) {
  auto trigger = written_trigger(ctx, at.on, TriggerKind::plain);
  trigger.comment = at.trigger->comment;
  trigger.enabled = at.trigger->enabled;
  return trigger;
}

void check(const Context& ctx) {
  const auto at = require_trigger(ctx);
  if (!at.trigger) return;
  if (at.trigger->constraint) {
    ctx.sink
        .report(diagnostics::wrong_kind, ctx.call.get<syntax::Name>("name")->span,
                fmt::format("`{}` is a constraint trigger", at.trigger->name))
        .note("write: drop trigger …, then create constraint trigger …");
    return;
  }
  check_trigger_clauses(ctx, at.on, TriggerKind::plain);
  const auto trigger = written(ctx, at);
  if (sql::same_expression(trigger.definition, at.trigger->definition)) {
    ctx.sink
        .report(diagnostics::nothing_to_do, ctx.call.span,
                fmt::format("trigger `{}` of `{}` is so already", at.trigger->name, at.on.name().text()))
        .note("take the line out");
    return;
  }
  warn_of_changes(ctx, at.on, trigger);
}

// What the old one did, old clients may rely on.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_trigger(ctx);
  const auto trigger = written(ctx, at);
  if (at.trigger->function != trigger.function && at.trigger->enabled != "disabled")
    return Break{fmt::format("clients of the old schema may rely on what {} does", at.trigger->function.text()),
                 "write it in contract { … }, or replace the function instead"};
  return refuses_writes(ctx, at.on, trigger);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_trigger(ctx);
  put_trigger(after, at.on, written(ctx, at));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_trigger(ctx);
  const auto trigger = written(ctx, at);
  const auto title = trigger_title(at.on, trigger.name);
  const auto as_before = trigger_is(ctx, at.on.name(), *at.trigger);
  auto step = transaction(ctx, "replace " + title, replace_trigger_statements(ctx, at.on, *at.trigger, trigger),
                          both(has_trigger(at.on.name(), trigger.name), negate(as_before)));
  step.back = {
      transaction(ctx, "bring back " + title, replace_trigger_statements(ctx, at.on, trigger, *at.trigger), as_before)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, trigger_touches(at.on, trigger.name));
  return made;
}

}  // namespace

extern const Operation replace_trigger;  // its line in operations.def finds it
constinit const Operation replace_trigger = {
    .name = "replace_trigger",
    .form =
        "replace trigger (name name) <before / after / instead of> (events events) on (table path) "
        "[referencing <old table as (old name) [new table as (new name)] / new table as (new name) [old table as (old "
        "name)]>] "
        "[for each <row / statement>] [when (condition condition)] execute function (function path) [(arguments "
        "arguments)]",
    .summary = "Makes a trigger be as it is written here.",
    .description =
        R"md(The whole trigger is written, as in [create trigger](#create_trigger). From PostgreSQL 14 on `CREATE OR REPLACE TRIGGER`
under SHARE ROW EXCLUSIVE; before, and where a trigger of a partitioned table turns from rows to statements, it is dropped
and made anew in one transaction under ACCESS EXCLUSIVE, so that no write goes without it. Its comment stays, and whether
it is on. The way back makes it what it was.

With another function it belongs in `contract`: old clients may rely on what the old one does. To change what the
function does, replace the function. Otherwise it is judged as a new trigger.
)md",
    .example =
        "replace trigger products_stamp before insert or update of name on products for each row "
        "when (new.name <> '') execute function stamp_product();",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
