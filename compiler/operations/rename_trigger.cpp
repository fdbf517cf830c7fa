// rename trigger: no client knows its name, but names say in which order triggers fire.
#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

const syntax::Name& new_trigger_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto at = require_trigger(ctx);
  const auto& name = new_trigger_name(ctx);
  if (!at.trigger || !require_name(ctx, name)) return;
  if (name.text == at.trigger->name) {
    ctx.sink.report(diagnostics::nothing_to_do, name.span, fmt::format("the trigger is called `{}` already", name.text))
        .note("take the line out");
    return;
  }
  if (at.on.find(name.text))
    ctx.sink.report(diagnostics::duplicate_name, name.span,
                    fmt::format("`{}` has a trigger `{}` already", at.on.name().text(), sql::quote_ident(name.text)));
}

catalog::Trigger renamed(const catalog::Trigger& trigger, const std::string& name) {
  auto made = trigger;
  const std::string head = trigger.constraint ? "CREATE CONSTRAINT TRIGGER " : "CREATE TRIGGER ";
  made.definition =
      head + sql::quote_ident(name) + trigger.definition.substr(head.size() + sql::quote_ident(trigger.name).size());
  made.name = name;
  return made;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_trigger(ctx);
  const auto to = new_trigger_name(ctx).text;
  const auto from = at.trigger->name;
  const auto trigger = renamed(*at.trigger, to);
  const auto clones = switched_clones(ctx, at.on, *at.trigger);
  put_trigger(after, at.on, trigger, from);
  for (const auto& clone : clones)
    put_trigger(after, {ctx.before.table(clone.partition), nullptr}, renamed(*clone.trigger, to), from);
}

// Before 15 the clones of a partitioned table's trigger keep their names unless they are renamed themselves; from 15 on
// all partitions are locked and follow.
sql::Step rename(const Context& ctx, const TriggerAt& at, const std::string& from, const std::string& to) {
  const bool partitioned = at.on.table && at.on.table->partitioned();
  const bool singly = partitioned && at.trigger->row && ctx.before.server.major() < 15;
  const auto tree = partitioned ? ctx.before.tree(at.on.name()) : std::vector{at.on.name()};
  std::vector<sql::Statement> made;
  for (const auto& name : singly ? tree : std::vector{at.on.name()}) {
    std::vector<sql::Lock> locks{lock(name, LockMode::access_exclusive)};
    if (partitioned && ctx.before.server.major() >= 15) locks = tree_locks(ctx, name, LockMode::access_exclusive);
    made.push_back(statement(sql::sql("ALTER TRIGGER {} ON {} RENAME TO {}", Ident{from}, name.sql(), Ident{to}),
                             std::move(locks)));
  }
  return transaction(ctx, fmt::format("rename {} to {}", trigger_title(at.on, from), sql::quote_ident(to)),
                     std::move(made), both(has_trigger(at.on.name(), to), negate(has_trigger(at.on.name(), from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_trigger(ctx);
  const auto& from = at.trigger->name;
  const auto& to = new_trigger_name(ctx).text;
  auto step = rename(ctx, at, from, to);
  step.back = {rename(ctx, at, to, from)};
  std::vector<sql::Step> made{std::move(step)};
  auto touches = trigger_touches(at.on, from);
  touches.push_back(catalog::key("trigger", at.on.name(), to));
  finish(made, touches);
  return made;
}

}  // namespace

extern const Operation rename_trigger;  // its line in operations.def finds it
constinit const Operation rename_trigger = {
    .name = "rename_trigger",
    .form = "rename trigger (name name) on (table path) to (new name)",
    .summary = "Renames a trigger.",
    .description =
        R"md(`ALTER TRIGGER … RENAME` takes ACCESS EXCLUSIVE for an instant; from PostgreSQL 15 on the clones in partitions follow, before
they are renamed with it. The way back renames it back.

No client knows a trigger by its name, so it may stand in `expand`. But triggers of one moment fire in the order of their
names: a new name may change which one comes first.
)md",
    .example = "rename trigger products_stamp on products to products_trim;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
