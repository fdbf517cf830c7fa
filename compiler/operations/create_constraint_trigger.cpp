// create constraint trigger: one that can wait for the end of the transaction.
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto on = require_new_trigger(ctx, TriggerKind::constraint);
  if (on) check_trigger_clauses(ctx, on, TriggerKind::constraint);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto on = find_trigger_owner(ctx);
  return refuses_writes(ctx, on, written_trigger(ctx, on, TriggerKind::constraint));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto on = find_trigger_owner(ctx);
  put_trigger(after, on, written_trigger(ctx, on, TriggerKind::constraint));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto on = find_trigger_owner(ctx);
  return create_trigger_steps(ctx, on, written_trigger(ctx, on, TriggerKind::constraint));
}

}  // namespace

extern const Operation create_constraint_trigger;  // its line in operations.def finds it
constinit const Operation create_constraint_trigger = {
    .name = "create_constraint_trigger",
    .form =
        "create constraint trigger (name name) after (events events) on (table path) [from (referenced path)] "
        "[deferrable [initially <deferred / immediate>]] for each row [when (condition condition)] "
        "execute function (function path) [(arguments arguments)]",
    .summary = "Runs a function after each row, at the end of the statement or of the transaction.",
    .description =
        R"md(As [create trigger](#create_trigger), after each row; `deferrable` ones can wait for the end of the transaction
(`set constraints`). The table after `from` is the other side of a rule between two tables; it is read under ACCESS SHARE.
PostgreSQL has no `OR REPLACE` for it: drop it and create it anew.

What old clients notice is judged by the text of a PL/pgSQL function: one that may `raise exception`, or before a row
`return null`, belongs in `contract`, unless it watches only columns that the same phase adds (`update of …`); one that
sets columns of `new` before a row is warned of. What a function does through other functions is not seen.
)md",
    .example =
        "create constraint trigger orders_stamped after insert on orders from users deferrable initially deferred "
        "for each row when (new.total > 0) execute function stamp_product();",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
