// add exclude: in one statement; there is no online form.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/exclusions.hpp"
#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using Elements = std::vector<syntax::IndexElement>;

void check_name(const Context& ctx, const catalog::Table& table) {
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!name) {
    (void)require_create(ctx, table.name.schema, ctx.call.phrase);
    return;
  }
  if (!require_new_constraint(ctx, table, *name)) return;
  const syntax::Path path{{{table.name.schema, false, name->span}, *name}, name->span};
  (void)require_new_relation(ctx, path);
}

void check_method(const Context& ctx) {
  const auto* method = ctx.call.get<syntax::Name>("method");
  if (!method || (method->text != "gin" && method->text != "brin")) return;
  ctx.sink
      .report(diagnostics::contradiction, method->span,
              fmt::format("a {} index finds no single rows, so it cannot exclude (0A000)", method->text))
      .note("write: using gist, spgist, btree or hash");
}

void check_tail(const Context& ctx) {
  const auto* tail = ctx.call.get<syntax::TableConstraint>("tail");
  if (!tail || (tail->include.empty() && !tail->no_inherit && !tail->not_valid)) return;
  ctx.sink.report(diagnostics::contradiction, tail->span, "only its timing may follow an exclusion constraint")
      .note("write: deferrable, or initially deferred");
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* elements = ctx.call.get<Elements>("elements");
  if (!path || !elements) return;
  const auto* table = require_own_table(ctx, *path);
  if (!table) return;
  if (table->partitioned() || table->kind == "foreign table") {
    auto& diagnostic = ctx.sink.report(
        diagnostics::wrong_kind, path->span,
        fmt::format("`{}` is a {} and gets no exclusion constraint here", table->name.text(), table->kind));
    if (table->partitioned())
      diagnostic.note("before PostgreSQL 17 there is none, and from 17 on it holds within each partition alone")
          .note("write: it on the partitions");
    return;
  }
  for (const auto& element : *elements) require_row_expression(ctx, *table, element.value, "an exclusion constraint");
  if (const auto* condition = ctx.call.get<syntax::Expr>("condition"))
    require_row_expression(ctx, *table, *condition, "the predicate of an exclusion constraint");
  check_method(ctx);
  check_tail(ctx);
  check_name(ctx, *table);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  if (!table || all_made_here(ctx, *table, exclusion_of_call(ctx, *table).constraint.columns)) return std::nullopt;
  return Break{"clients of the old schema may write rows that it refuses, and all wait while it is built",
               "write it in contract { … }, once all clients keep the rule"};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = table_of_call(ctx);
  auto made = exclusion_of_call(ctx, *table);
  auto& edited = after.edit_table(table->name);
  add_to(edited, std::move(made.index));
  add_to(edited, std::move(made.constraint));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto made = exclusion_of_call(ctx, *table);
  auto step = add_exclusion_step(ctx, *table, made);
  if (!made_here(ctx, *table))
    step.hazards.push_back(
        "all rows are read and an index is built while nobody reads or writes the table: on a large one, make a new "
        "table with the constraint, write to both, and swap them");
  std::vector<sql::Step> list{std::move(step)};
  finish(list, exclusion_touches(*table, made));
  return list;
}

}  // namespace

extern const Operation add_exclude;  // its line in operations.def finds it
constinit const Operation add_exclude = {
    .name = "add_exclude",
    .form =
        "add exclude [(name name)] on (table path) [using (method name)] (elements exclude_elements) "
        "[where (condition condition)] [(tail constraint_tail)]",
    .summary = "Adds an exclusion constraint; nobody reads or writes the table while its index is built.",
    .description =
        R"md(PostgreSQL has no online form: neither `CONCURRENTLY` nor `USING INDEX` nor `NOT VALID` is there for exclusion
constraints. `ADD CONSTRAINT` reads all rows and builds the index under ACCESS EXCLUSIVE, and the plan says so. On a
large table make a new one with the constraint, write to both, and swap them.

Without a method it is a `btree`, which knows `=` alone; ranges and shapes need `gist`. Operators on plain columns within
`gist` need the extension btree_gist. `gin` and `brin` cannot exclude. `deferrable` and `initially deferred` may follow.

Refused on a partitioned table: before PostgreSQL 17 there is none, and later it holds within each partition alone. An
inheritor gets no copy. The way back drops it with its index. Old clients may write rows that it refuses, so it belongs
in `contract`.
)md",
    .example = R"(add exclude on products (id with =) where (price > 0);
add exclude orders_apart on orders using gist (tstzrange(placed_at, placed_at) with &&) deferrable;)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
