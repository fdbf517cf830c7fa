// set sequence owned by: the column that a sequence goes with, or none.
#include <fmt/format.h>

#include "compiler/operations/sequences.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("sequence"); }
const syntax::Path* column_path(const Context& ctx) { return ctx.call.get<syntax::Path>("column"); }

bool same(const std::optional<OwnerColumn>& a, const std::optional<OwnerColumn>& b) {
  if (!a || !b) return !a && !b;
  return a->table == b->table && a->column == b->column;
}

std::optional<OwnerColumn> wanted(const Context& ctx) {
  const auto* column = column_path(ctx);
  return column ? find_owner_column(ctx, *column) : std::nullopt;
}

void check(const Context& ctx) {
  const auto* sequence = require_sequence(ctx);
  if (!sequence || !require_plain_sequence(ctx, *sequence, "its owner is the identity column and no other")) return;
  const auto* column = column_path(ctx);
  if (column && !require_owner_column(ctx, *column, sequence->name, sequence->owner)) return;
  if (!same(wanted(ctx), owner_column(*sequence))) return;
  ctx.sink
      .report(diagnostics::nothing_to_do, path(ctx).span,
              fmt::format("`{}` belongs to {} already", sequence->name.text(), column ? "it" : "none"))
      .note("take the line out");
}

void effect(const Context& ctx, catalog::Catalog& after) {
  auto changed = *find_sequence(ctx);
  const auto owner = wanted(ctx);
  changed.owned_by = owner ? owner->table : catalog::Name{};
  changed.owned_by_column = owner ? owner->column : std::string{};
  after.put(std::move(changed));
}

sql::Step give(const Context& ctx, const catalog::Name& sequence, const std::optional<OwnerColumn>& owner) {
  const auto to = owner ? fmt::format("{}.{}", owner->table.text(), sql::quote_ident(owner->column)) : "none";
  return transaction(ctx, fmt::format("sequence {} belongs to {}", sequence.text(), to),
                     {owned_by_statement(sequence, owner)}, sequence_belongs(sequence, owner));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& sequence = *find_sequence(ctx);
  const auto owner = wanted(ctx), before = owner_column(sequence);
  std::vector<sql::Step> steps{give(ctx, sequence.name, owner)};
  steps.front().back = {give(ctx, sequence.name, before)};
  std::vector<std::string> touches{catalog::key("sequence", sequence.name)};
  for (const auto& each : {owner, before})
    if (each) touches.push_back(catalog::key("table", each->table));
  finish(steps, touches);
  return steps;
}

}  // namespace

extern const Operation set_sequence_owned_by;  // its line in operations.def finds it
constinit const Operation set_sequence_owned_by = {
    .name = "set_sequence_owned_by",
    .form = "set sequence owned by (sequence path) to <none / (column path)>",
    .summary = "Gives a sequence to a column, with which it goes, or to none.",
    .description =
        R"md(`ALTER SEQUENCE … OWNED BY`: an instant, with ACCESS SHARE on the table. A sequence that belongs to a column is dropped with the
column or its table and moves with the table to another schema; who draws values from it is another matter (the default of the
column). The sequence and the table are of one owner and in one schema. The sequence of an identity column stays with it.

No client notices. The way back gives it to whom it belonged.
)md",
    .example = "set sequence owned by invoice_numbers to products.id;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
