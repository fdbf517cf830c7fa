// Triggers: found, written as PostgreSQL prints them, made, dropped, switched, with the clones that partitions have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

// What triggers stand on: a table of any kind or a view.
struct TriggerOwner {
  const catalog::Table* table = nullptr;
  const catalog::View* view = nullptr;
  [[nodiscard]] explicit operator bool() const { return table != nullptr || view != nullptr; }
  [[nodiscard]] const catalog::Name& name() const { return table ? table->name : view->name; }
  [[nodiscard]] const std::string& owner() const { return table ? table->owner : view->owner; }
  [[nodiscard]] const std::vector<catalog::Trigger>& triggers() const {
    return table ? table->triggers : view->triggers;
  }
  [[nodiscard]] const catalog::Trigger* find(const std::string& trigger) const;
};
// The relation of the call's hole `table`.
[[nodiscard]] TriggerOwner find_trigger_owner(const Context& ctx);
[[nodiscard]] TriggerOwner require_trigger_owner(const Context& ctx);

struct TriggerAt {
  TriggerOwner on;
  const catalog::Trigger* trigger = nullptr;
};
// The trigger `name` on `table`. Silent.
[[nodiscard]] TriggerAt find_trigger(const Context& ctx);
// Reports what is missing, clones of a parent's trigger, and a role that does not own the relation.
[[nodiscard]] TriggerAt require_trigger(const Context& ctx);

// ---- new ones (trigger_written.cpp) ----
enum class TriggerKind { plain, constraint };
// The relation of a new trigger: the role owns it or was granted TRIGGER, the name is free there and in partitions.
[[nodiscard]] TriggerOwner require_new_trigger(const Context& ctx, TriggerKind kind);
// Everything about the clauses of a call that makes or replaces a trigger.
void check_trigger_clauses(const Context& ctx, const TriggerOwner& on, TriggerKind kind);
// As the catalog will have it; its definition is what pg_get_triggerdef() prints.
[[nodiscard]] catalog::Trigger written_trigger(const Context& ctx, const TriggerOwner& on, TriggerKind kind);
// (trigger_clients.cpp) What its function does to writes of old clients, as far as its text shows: a refusal is a
// break, a change a warning.
[[nodiscard]] std::optional<Break> refuses_writes(const Context& ctx, const TriggerOwner& on,
                                                  const catalog::Trigger& trigger);
void warn_of_changes(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger);

// ---- the model ----
void put_trigger(catalog::Catalog& after, const TriggerOwner& on, const catalog::Trigger& trigger,
                 const std::string& instead_of = {});
void erase_trigger(catalog::Catalog& after, const TriggerOwner& on, const std::string& trigger);
// Partitions whose clone was switched on or off apart from the parent's trigger.
struct Clone {
  catalog::Name partition;
  const catalog::Trigger* trigger;
};
[[nodiscard]] std::vector<Clone> switched_clones(const Context& ctx, const TriggerOwner& on,
                                                 const catalog::Trigger& trigger);

// ---- SQL (trigger_steps.cpp) ----
// This relation, and for a row trigger of a partitioned table all partitions.
[[nodiscard]] std::vector<sql::Lock> trigger_locks(const Context& ctx, const TriggerOwner& on,
                                                   const catalog::Trigger& trigger, sql::LockMode mode);
// CREATE TRIGGER with its comment, and where it is switched in another way than a new one.
[[nodiscard]] std::vector<sql::Statement> trigger_statements(const Context& ctx, const TriggerOwner& on,
                                                             const catalog::Trigger& trigger);
[[nodiscard]] sql::Statement drop_trigger_statement(const Context& ctx, const TriggerOwner& on,
                                                    const catalog::Trigger& trigger);
// One step that makes it, with the way back.
[[nodiscard]] std::vector<sql::Step> create_trigger_steps(const Context& ctx, const TriggerOwner& on,
                                                          const catalog::Trigger& trigger);
// Makes `to` of `from`, triggers of one name.
[[nodiscard]] std::vector<sql::Statement> replace_trigger_statements(const Context& ctx, const TriggerOwner& on,
                                                                     const catalog::Trigger& from,
                                                                     const catalog::Trigger& to);
// ENABLE, DISABLE, ENABLE REPLICA, ENABLE ALWAYS; the clones follow.
[[nodiscard]] sql::Statement switch_trigger(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger,
                                            const std::string& enabled);
[[nodiscard]] sql::Fragment has_trigger(const catalog::Name& relation, const std::string& trigger);
[[nodiscard]] sql::Fragment trigger_is_switched(const catalog::Name& relation, const std::string& trigger,
                                                const std::string& enabled);
// As the catalog has it.
[[nodiscard]] sql::Fragment trigger_is(const Context& ctx, const catalog::Name& relation,
                                       const catalog::Trigger& trigger);
[[nodiscard]] std::vector<std::string> trigger_touches(const TriggerOwner& on, const std::string& trigger);
[[nodiscard]] std::string trigger_title(const TriggerOwner& on, const std::string& trigger);

// `enable trigger` and `disable trigger`: to `enabled`, and back to what each clone was.
[[nodiscard]] std::vector<sql::Step> switch_steps(const Context& ctx, const std::string& enabled);
void switch_effect(const Context& ctx, catalog::Catalog& after, const std::string& enabled);
void check_switch(const Context& ctx, const std::string& enabled);

}  // namespace mig::operations
