// validate constraint: the rows that were there when it was added NOT VALID are read.
#include <fmt/format.h>

#include "compiler/operations/constraints.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Name& name(const Context& ctx) { return *ctx.call.get<syntax::Name>("name"); }

const catalog::Constraint& found(const Context& ctx) { return *table_of_call(ctx)->constraint(name(ctx).text); }

void refuse(const Context& ctx, const diagnostics::Code& code, std::string what, std::string note) {
  ctx.sink.report(code, name(ctx).span, std::move(what)).note(std::move(note));
}

void check(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* table = path ? require_own_table(ctx, *path) : nullptr;
  const auto* constraint = table ? require_some_constraint(ctx, *table) : nullptr;
  if (!constraint) return;
  const auto text = sql::quote_ident(constraint->name);
  if (constraint->kind != "check" && constraint->kind != "foreign key")
    return refuse(ctx, diagnostics::wrong_kind, fmt::format("`{}` is a key: it holds for all rows by its index", text),
                  "take the line out");
  if (!constraint->enforced)
    return refuse(ctx, diagnostics::contradiction, fmt::format("`{}` is not enforced, so it cannot be validated", text),
                  fmt::format("write: set constraint {} on {} enforced", text, table->name.text()));
  if (constraint->validated)
    refuse(ctx, diagnostics::nothing_to_do, fmt::format("`{}` is validated already", text), "take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = table_of_call(ctx);
  const auto& constraint = found(ctx);
  for (const auto* member : sharers(ctx, *table, constraint))
    for (auto& each : after.edit_table(member->name).constraints)
      if (each.name == constraint.name || (!each.parent.empty() && each.parent == constraint.name))
        each.validated = true;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = table_of_call(ctx);
  const auto& constraint = found(ctx);
  std::vector<sql::Step> made{validate_constraint_step(ctx, *table, constraint)};
  finish(made, constraint_touches(ctx, *table, constraint));
  return made;
}

}  // namespace

extern const Operation validate_constraint;  // its line in operations.def finds it
constinit const Operation validate_constraint = {
    .name = "validate_constraint",
    .form = "validate constraint (name name) on (table path)",
    .summary = "Reads the rows that a check or foreign key was not asked of when it was added.",
    .description =
        R"md(`VALIDATE CONSTRAINT` reads all rows under SHARE UPDATE EXCLUSIVE, in a transaction of its own: reads and writes go on.
Of a foreign key the other table is locked by ROW SHARE. A row that breaks it makes it fail.
[add check](#add_check) and [add foreign key](#add_foreign_key) validate by themselves; this is for those that were left
`not valid`.

PostgreSQL cannot take a validation back: the way back drops the constraint and adds it `NOT VALID` again in one
transaction, under the lock that adding takes, for an instant.
)md",
    .example =
        "add check orders_note_check on orders (note <> 'x') not valid;\n"
        "validate constraint orders_note_check on orders;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
