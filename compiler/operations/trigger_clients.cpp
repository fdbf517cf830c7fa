// What a trigger does to the writes of old clients, as far as the text of its function shows.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/steps.hpp"
#include "compiler/operations/triggers.hpp"
#include "compiler/sql/plpgsql.hpp"

namespace mig::operations {

namespace {

// `BEFORE INSERT OR UPDATE OF note`: of a new trigger and of one that the server printed.
std::string moment(const catalog::Trigger& trigger) {
  const std::string head = trigger.constraint ? "CREATE CONSTRAINT TRIGGER " : "CREATE TRIGGER ";
  const auto begin = head.size() + sql::quote_ident(trigger.name).size();
  const auto end = trigger.definition.find(" ON ", begin);
  return trigger.definition.substr(begin, end == std::string::npos ? end : end - begin);
}

bool says(const catalog::Trigger& trigger, std::string_view word) {
  return moment(trigger).find(word) != std::string::npos;
}

// Old clients never make it run: it watches only columns that this phase adds.
bool watches_new_columns(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  if (!on.table || trigger.columns.empty() || says(trigger, " INSERT") || says(trigger, " DELETE")) return false;
  return std::all_of(trigger.columns.begin(), trigger.columns.end(), [&](const auto& name) {
    const auto* column = on.table->column(name);
    return column && made_here(ctx, *on.table, *column);
  });
}

std::optional<sql::PlpgsqlFacts> facts_of(const Context& ctx, const catalog::Trigger& trigger) {
  for (const auto* function : ctx.before.functions(trigger.function)) {
    std::optional<sql::PlpgsqlError> error;
    if (function->language == "plpgsql" && function->arguments_key.empty())
      return sql::plpgsql_facts(function->definition, error);
  }
  return std::nullopt;
}

bool unnoticed(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  return (on.table && made_here(ctx, *on.table)) || watches_new_columns(ctx, on, trigger) ||
         trigger.enabled == "disabled";
}

}  // namespace

std::optional<Break> refuses_writes(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  if (unnoticed(ctx, on, trigger)) return std::nullopt;
  const auto facts = facts_of(ctx, trigger);
  if (!facts) return std::nullopt;
  const bool swallows = facts->returns_null && trigger.row && !says(trigger, " AFTER ");
  if (!facts->raises && !swallows) return std::nullopt;
  return Break{fmt::format("function {} may {} what clients of the old schema write to {}", trigger.function.text(),
                           facts->raises ? "refuse (raise exception)" : "swallow (return null)", on.name().text()),
               "write it in contract { … }, or let it watch only columns that this phase adds: update of …"};
}

void warn_of_changes(const Context& ctx, const TriggerOwner& on, const catalog::Trigger& trigger) {
  if (ctx.phase != sql::Phase::expand || unnoticed(ctx, on, trigger) || !says(trigger, " BEFORE ")) return;
  const auto facts = facts_of(ctx, trigger);
  if (!facts || !on.table) return;
  std::string columns;
  for (const auto& name : facts->assigned) {
    const auto* column = on.table->column(name);
    if (column && !made_here(ctx, *on.table, *column))
      columns += (columns.empty() ? "" : ", ") + sql::quote_ident(name);
  }
  if (columns.empty()) return;
  ctx.sink
      .report(diagnostics::runs_for_old_clients, ctx.call.phrase,
              fmt::format("function {} sets {}: clients of the old schema read back something else than they wrote",
                          trigger.function.text(), columns))
      .note("write it in contract { … } where they would notice");
}

}  // namespace mig::operations
