// create trigger: a function that runs when rows of a table or view are written.
#include "compiler/operations/triggers.hpp"

namespace mig::operations {

namespace {

void check(const Context& ctx) {
  const auto on = require_new_trigger(ctx, TriggerKind::plain);
  if (!on) return;
  check_trigger_clauses(ctx, on, TriggerKind::plain);
  warn_of_changes(ctx, on, written_trigger(ctx, on, TriggerKind::plain));
}

std::optional<Break> breaks(const Context& ctx) {
  const auto on = find_trigger_owner(ctx);
  return refuses_writes(ctx, on, written_trigger(ctx, on, TriggerKind::plain));
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto on = find_trigger_owner(ctx);
  put_trigger(after, on, written_trigger(ctx, on, TriggerKind::plain));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto on = find_trigger_owner(ctx);
  return create_trigger_steps(ctx, on, written_trigger(ctx, on, TriggerKind::plain));
}

}  // namespace

extern const Operation create_trigger;  // its line in operations.def finds it
constinit const Operation create_trigger = {
    .name = "create_trigger",
    .form =
        "create trigger (name name) <before / after / instead of> (events events) on (table path) "
        "[referencing <old table as (old name) [new table as (new name)] / new table as (new name) [old table as (old "
        "name)]>] "
        "[for each <row / statement>] [when (condition condition)] execute function (function path) [(arguments "
        "arguments)]",
    .summary = "Runs a function when rows of a table or view are written.",
    .description =
        R"md(`CREATE TRIGGER` takes SHARE ROW EXCLUSIVE for an instant: reads go on, writes wait. A row trigger of a partitioned table
gets a clone in every partition, which are all locked. The way back is `DROP TRIGGER`, under ACCESS EXCLUSIVE.

As in SQL: without `for each` it runs for each statement; views take `instead of … for each row` and triggers for each
statement; triggers of one moment fire in the order of their names. Arguments reach the function as text in `TG_ARGV`.

What old clients notice is judged by the text of a PL/pgSQL function: one that may `raise exception`, or before a row
`return null`, belongs in `contract`, unless it watches only columns that the same phase adds (`update of …`); one that
sets columns of `new` before a row is warned of. What a function does through other functions is not seen.
)md",
    .example =
        "create trigger orders_stamp before insert or update of note, status on orders for each row "
        "when (new.note is not null) execute function stamp_product('note', 1);\n"
        "create trigger listed_products_write instead of update on listed_products for each row "
        "execute function stamp_product();",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
