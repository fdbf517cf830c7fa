// Triggers as SQL: made, replaced, dropped, switched on and off.
#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/server_text.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

Fragment trigger_where(const catalog::Name& relation, const std::string& trigger, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND "
      "t.tgname = {}{})",
      Literal{relation.schema}, Literal{relation.name}, Literal{trigger}, condition);
}

const char* letter(const std::string& enabled) {
  if (enabled == "disabled") return "D";
  if (enabled == "replica") return "R";
  return enabled == "always" ? "A" : "O";
}

Fragment switch_word(const std::string& enabled) {
  if (enabled == "disabled") return sql::sql("DISABLE TRIGGER");
  if (enabled == "replica") return sql::sql("ENABLE REPLICA TRIGGER");
  return enabled == "always" ? sql::sql("ENABLE ALWAYS TRIGGER") : sql::sql("ENABLE TRIGGER");
}

Fragment alter_table(const TriggerOwner& on) {
  return on.table && on.table->kind == "foreign table" ? sql::sql("ALTER FOREIGN TABLE {}", on.name().sql())
                                                       : sql::sql("ALTER TABLE {}", on.name().sql());
}

sql::Statement comment(const TriggerOwner& on, const catalog::Trigger& trigger) {
  return statement(sql::sql("COMMENT ON TRIGGER {} ON {} IS {}", Ident{trigger.name}, on.name().sql(),
                            comment_text(trigger.comment)),
                   {lock(on.name(), LockMode::access_share)});
}

// What else the definition names (FROM table of a constraint trigger) is read.
std::vector<sql::Lock> create_locks(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  auto locks = trigger_locks(ctx, on, trigger, LockMode::share_row_exclusive);
  for (const auto& name : named_relations(ctx, trigger.definition))
    if (name != on.name()) locks.push_back(lock(name, LockMode::access_share));
  return locks;
}

void add_switches(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger,
                  std::vector<sql::Statement>& made) {
  if (trigger.enabled != "origin") made.push_back(switch_trigger(ctx, on, trigger, trigger.enabled));
  for (const auto& clone : switched_clones(ctx, on, trigger)) {
    const TriggerOwner partition{ctx.before.table(clone.partition), nullptr};
    made.push_back(switch_trigger(ctx, partition, trigger, clone.trigger->enabled));
  }
}

// Until all words from the first ` TRIGGER `.
Fragment or_replace(const std::string& definition) {
  constexpr std::string_view head = "CREATE TRIGGER ";
  return sql::sql("CREATE OR REPLACE TRIGGER {}", server_text(definition.substr(head.size())));
}

sql::Step switch_step(const Context& ctx, const TriggerAt& at, std::string title, std::vector<sql::Statement> made,
                      const std::string& enabled) {
  return transaction(ctx, std::move(title), std::move(made),
                     trigger_is_switched(at.on.name(), at.trigger->name, enabled));
}

}  // namespace

std::vector<sql::Lock> trigger_locks(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger,
                                     LockMode mode) {
  if (on.table && on.table->partitioned() && trigger.row) return tree_locks(ctx, on.name(), mode);
  return {lock(on.name(), mode)};
}

std::vector<sql::Statement> trigger_statements(const Context& ctx, const TriggerOwner& on,
                                               const catalog::Trigger& trigger) {
  std::vector<sql::Statement> made{statement(server_text(trigger.definition), create_locks(ctx, on, trigger))};
  if (!trigger.comment.empty()) made.push_back(comment(on, trigger));
  add_switches(ctx, on, trigger, made);
  return made;
}

sql::Statement drop_trigger_statement(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  return statement(sql::sql("DROP TRIGGER {} ON {}", Ident{trigger.name}, on.name().sql()),
                   trigger_locks(ctx, on, trigger, LockMode::access_exclusive));
}

std::vector<sql::Step> create_trigger_steps(const Context& ctx, const TriggerOwner& on,
                                            const catalog::Trigger& trigger) {
  const auto title = trigger_title(on, trigger.name);
  auto step =
      transaction(ctx, "create " + title, trigger_statements(ctx, on, trigger), has_trigger(on.name(), trigger.name));
  step.back = {transaction(ctx, "drop " + title, {drop_trigger_statement(ctx, on, trigger)},
                           negate(has_trigger(on.name(), trigger.name)))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, trigger_touches(on, trigger.name));
  return made;
}

std::vector<sql::Statement> replace_trigger_statements(const Context& ctx, const TriggerOwner& on,
                                                       const catalog::Trigger& from, const catalog::Trigger& to) {
  // A row trigger has clones in partitions and one for statements has none: PostgreSQL turns neither into the other.
  const bool turns = on.table && on.table->partitioned() && from.row != to.row;
  if (ctx.before.server.major() >= 14 && !turns) {
    std::vector<sql::Statement> made{
        statement(or_replace(to.definition), create_locks(ctx, on, to), sql::Work::instant,
                  "CREATE OR REPLACE: its lock lets reads through, and its comment stays")};
    add_switches(ctx, on, to, made);
    return made;
  }
  auto made = trigger_statements(ctx, on, to);
  made.insert(made.begin(), drop_trigger_statement(ctx, on, from));
  made.front().reason = "dropped and made anew in one transaction: no write goes without it";
  return made;
}

sql::Statement switch_trigger(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger,
                              const std::string& enabled) {
  return statement(sql::sql("{} {} {}", alter_table(on), switch_word(enabled), Ident{trigger.name}),
                   trigger_locks(ctx, on, trigger, LockMode::share_row_exclusive));
}

Fragment has_trigger(const catalog::Name& relation, const std::string& trigger) {
  return trigger_where(relation, trigger, {});
}

Fragment trigger_is_switched(const catalog::Name& relation, const std::string& trigger, const std::string& enabled) {
  return trigger_where(relation, trigger, sql::sql(" AND t.tgenabled = {}", Literal{letter(enabled)}));
}

Fragment trigger_is(const Context& ctx, const catalog::Name& relation, const catalog::Trigger& trigger) {
  return trigger_where(
      relation, trigger.name,
      sql::sql(" AND {}", prints(ctx, sql::sql("pg_catalog.pg_get_triggerdef(t.oid)"), trigger.definition)));
}

std::vector<std::string> trigger_touches(const TriggerOwner& on, const std::string& trigger) {
  return {catalog::key("trigger", on.name(), trigger), catalog::key(on.view ? "view" : "table", on.name())};
}

std::string trigger_title(const TriggerOwner& on, const std::string& trigger) {
  return fmt::format("trigger {} of {}", sql::quote_ident(trigger), on.name().text());
}

void check_switch(const Context& ctx, const std::string& enabled) {
  const auto at = require_trigger(ctx);
  if (!at.trigger) return;
  const auto name = fmt::format("trigger `{}` of `{}`", sql::quote_ident(at.trigger->name), at.on.name().text());
  if (at.on.view) {
    ctx.sink.report(diagnostics::wrong_kind, ctx.call.span, name + " is of a view: it cannot be switched")
        .note("ALTER TABLE … TRIGGER takes no views (42809): write drop trigger");
    return;
  }
  if (at.trigger->enabled == enabled && switched_clones(ctx, at.on, *at.trigger).empty())
    ctx.sink.report(diagnostics::nothing_to_do, ctx.call.span, fmt::format("{} is so already", name))
        .note("take the line out");
}

void switch_effect(const Context& ctx, catalog::Catalog& after, const std::string& enabled) {
  const auto at = find_trigger(ctx);
  auto trigger = *at.trigger;
  trigger.enabled = enabled;
  erase_trigger(after, at.on, trigger.name);
  put_trigger(after, at.on, trigger);
}

std::vector<sql::Step> switch_steps(const Context& ctx, const std::string& enabled) {
  const auto at = find_trigger(ctx);
  const auto title = trigger_title(at.on, at.trigger->name);
  auto step = switch_step(ctx, at, fmt::format("{} {}", enabled == "disabled" ? "disable" : "enable", title),
                          {switch_trigger(ctx, at.on, *at.trigger, enabled)}, enabled);
  std::vector<sql::Statement> back{switch_trigger(ctx, at.on, *at.trigger, at.trigger->enabled)};
  auto again = *at.trigger;
  again.enabled = "origin";  // said above
  add_switches(ctx, at.on, again, back);
  step.back = {switch_step(ctx, at, "switch back " + title, std::move(back), at.trigger->enabled)};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, trigger_touches(at.on, at.trigger->name));
  return made;
}

}  // namespace mig::operations
