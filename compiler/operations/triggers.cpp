// Triggers: found, put into the model.
#include "compiler/operations/triggers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path* owner_path(const Context& ctx) { return ctx.call.get<syntax::Path>("table"); }

const catalog::Trigger* by_name(const std::vector<catalog::Trigger>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// The trigger of a parent whose clone a partition has.
const catalog::Table* parent_with(const Context& ctx, const catalog::Table& table, const std::string& trigger) {
  const auto* parent = table.partition_of.name.empty() ? nullptr : ctx.before.table(table.partition_of);
  if (!parent) return nullptr;
  const auto* found = by_name(parent->triggers, trigger);
  return found && found->row ? parent : parent_with(ctx, *parent, trigger);
}

bool report_clone(const Context& ctx, const TriggerOwner& on, const syntax::Name& name) {
  const auto* parent = on.table ? parent_with(ctx, *on.table, name.text) : nullptr;
  if (!parent) return false;
  ctx.sink
      .report(diagnostics::inherited, name.span,
              fmt::format("trigger `{}` of `{}` comes from `{}`", sql::quote_ident(name.text), on.name().text(),
                          parent->name.text()))
      .note(fmt::format("write: … on {}, and all partitions follow", parent->name.text()));
  return true;
}

// TRIGGER is a right that can be granted; dropping and switching are the owner's.
bool may_make_triggers(const Context& ctx, const TriggerOwner& on) {
  const auto& server = ctx.before.server;
  const auto& grants = on.table ? on.table->grants : on.view->grants;
  return std::any_of(grants.begin(), grants.end(), [&](const catalog::Grant& grant) {
    const bool ours =
        grant.grantee.empty() || grant.grantee == server.role ||
        std::find(server.member_of.begin(), server.member_of.end(), grant.grantee) != server.member_of.end();
    return ours && grant.privileges.find('t') != std::string::npos;
  });
}

template <class Change>
void change_triggers(catalog::Catalog& after, const TriggerOwner& on, const Change& change) {
  if (on.table) {
    auto table = *after.table(on.table->name);
    change(table.triggers);
    after.put(std::move(table));
    return;
  }
  auto view = *after.view(on.view->name);
  change(view.triggers);
  std::sort(view.triggers.begin(), view.triggers.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  after.put(std::move(view));
}

}  // namespace

const catalog::Trigger* TriggerOwner::find(const std::string& trigger) const { return by_name(triggers(), trigger); }

TriggerOwner find_trigger_owner(const Context& ctx) {
  const auto* path = owner_path(ctx);
  if (!path) return {};
  if (const auto* table = find_table(ctx, *path)) return {table, nullptr};
  return {nullptr, first_of(ctx, as_name(*path), [&](const catalog::Name& name) { return ctx.before.view(name); })};
}

TriggerOwner require_trigger_owner(const Context& ctx) {
  const auto* path = owner_path(ctx);
  if (!path) return {};
  const auto on = find_trigger_owner(ctx);
  if (!on.view) return {require_table(ctx, *path), nullptr};
  if (!on.view->materialized) return on;
  ctx.sink
      .report(diagnostics::wrong_kind, path->span,
              fmt::format("`{}` is a materialized view, and those have no triggers", on.name().text()))
      .note("nobody writes to it but refresh (42809)");
  return {};
}

TriggerAt find_trigger(const Context& ctx) {
  const auto on = find_trigger_owner(ctx);
  const auto* name = ctx.call.get<syntax::Name>("name");
  return {on, on && name ? on.find(name->text) : nullptr};
}

TriggerAt require_trigger(const Context& ctx) {
  const auto on = require_trigger_owner(ctx);
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!on || !name || report_clone(ctx, on, *name)) return {};
  if (!require_owner(ctx, on.view ? "view" : "table", on.name(), on.owner(), owner_path(ctx)->span)) return {};
  if (const auto* trigger = on.find(name->text)) return {on, trigger};
  std::vector<std::string> names;
  for (const auto& trigger : on.triggers()) names.push_back(trigger.name);
  report_unknown(ctx, diagnostics::unknown_object, *name,
                 fmt::format("`{}` has no trigger `{}`", on.name().text(), sql::quote_ident(name->text)), names);
  return {};
}

TriggerOwner require_new_trigger(const Context& ctx, TriggerKind kind) {
  const auto on = require_trigger_owner(ctx);
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!on || !name || !require_name(ctx, *name)) return {};
  if (!may_make_triggers(ctx, on) &&
      !require_owner(ctx, on.view ? "view" : "table", on.name(), on.owner(), owner_path(ctx)->span))
    return {};
  const bool row = kind == TriggerKind::constraint || ctx.call.has_word("row");
  const auto tree = on.table && on.table->partitioned() && row ? ctx.before.tree(on.name()) : std::vector{on.name()};
  for (const auto& each : tree) {
    const auto* table = ctx.before.table(each);
    const bool taken = (each == on.name() ? on.find(name->text) : by_name(table->triggers, name->text)) != nullptr;
    if (!taken) continue;
    ctx.sink
        .report(diagnostics::duplicate_name, name->span,
                fmt::format("`{}` has a trigger `{}` already", each.text(), sql::quote_ident(name->text)))
        .note(each == on.name() ? fmt::format("write: replace trigger {} …", sql::quote_ident(name->text))
                                : fmt::format("write before: rename trigger {} on {} to …, or drop it",
                                              sql::quote_ident(name->text), each.text()));
    return {};
  }
  if (report_clone(ctx, on, *name)) return {};
  return on;
}

void put_trigger(catalog::Catalog& after, const TriggerOwner& on, const catalog::Trigger& trigger,
                 const std::string& instead_of) {
  change_triggers(after, on, [&](std::vector<catalog::Trigger>& list) {
    std::erase_if(list, [&](const auto& each) { return each.name == trigger.name || each.name == instead_of; });
    list.push_back(trigger);
  });
}

void erase_trigger(catalog::Catalog& after, const TriggerOwner& on, const std::string& trigger) {
  change_triggers(after, on, [&](std::vector<catalog::Trigger>& list) {
    std::erase_if(list, [&](const auto& each) { return each.name == trigger; });
  });
  if (!on.table || !on.table->partitioned()) return;
  for (const auto& name : after.tree(on.table->name))
    if (name != on.table->name)
      std::erase_if(after.edit_table(name).triggers, [&](const auto& each) { return each.name == trigger; });
}

std::vector<Clone> switched_clones(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  std::vector<Clone> found;
  if (!on.table || !on.table->partitioned() || !trigger.row) return found;
  for (const auto& name : ctx.before.tree(on.table->name)) {
    const auto* partition = ctx.before.table(name);
    if (name == on.table->name || !partition) continue;
    if (const auto* clone = by_name(partition->triggers, trigger.name)) found.push_back({name, clone});
  }
  return found;
}

}  // namespace mig::operations
