// drop sequence: it moves to a schema of mig's until purge, with the value that it has reached.
#include <fmt/format.h>

#include "compiler/catalog/rename_sequence.hpp"
#include "compiler/operations/dependents.hpp"
#include "compiler/operations/sequences.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("sequence"); }

void check(const Context& ctx) {
  const auto* sequence = require_sequence(ctx);
  if (!sequence) return;
  if (!require_plain_sequence(ctx, *sequence,
                              fmt::format("it goes with the identity: drop identity {}.{};", sequence->owned_by.text(),
                                          sql::quote_ident(sequence->owned_by_column))))
    return;
  std::vector<Dependent> found;
  for (const auto& key : catalog::users_of_sequence(ctx.before, sequence->name))
    found.push_back({key + " uses it", "drop or change it before"});
  (void)require_no_dependents(ctx, path(ctx).span, fmt::format("`{}`", sequence->name.text()), found);
}

std::optional<Break> breaks(const Context& ctx) {
  return Break{fmt::format("clients of the old schema still draw values from {}", find_sequence(ctx)->name.text()),
               fmt::format("write it in contract {{ drop sequence {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) { after.drop("sequence", find_sequence(ctx)->name); }

sql::Step purge_step(const catalog::Name& name, const catalog::Name& kept) {
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = "destroy what was sequence " + name.text();
  step.action =
      sql::Purge{{statement(sql::sql("DROP SEQUENCE {}", kept.sql()), {lock(kept, sql::LockMode::access_exclusive)})},
                 {{"sequence", name.sql(), {}, kept.sql(), {}}}};
  step.probe = probe(negate(has_relation(kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {"the value that " + name.text() + " had reached"};
  return step;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& sequence = *find_sequence(ctx);
  const auto schema = kept_schema(ctx, "sequence " + sequence.name.text());
  auto step = transaction(ctx, fmt::format("keep sequence {} aside", sequence.name.text()), {},
                          negate(has_relation(sequence.name)));
  step.action = park_sequence(sequence, schema);
  step.reversibility = sql::Reversibility::exact_until_purged;
  step.back = {transaction(ctx, fmt::format("bring back sequence {}", sequence.name.text()),
                           bring_sequence_home(sequence, schema), has_relation(sequence.name))};
  std::vector<sql::Step> steps{std::move(step), purge_step(sequence.name, {schema, sequence.name.name})};
  finish(steps, {catalog::key("sequence", sequence.name)});
  return steps;
}

}  // namespace

extern const Operation drop_sequence;  // its line in operations.def finds it
constinit const Operation drop_sequence = {
    .name = "drop_sequence",
    .form = "drop sequence (sequence path)",
    .summary = "Takes a sequence away; it is kept aside until purge.",
    .description =
        R"md(The sequence moves by `SET SCHEMA` to a schema `mig_park_…`: an instant, and the value that it has reached, its options, owner,
rights and comment stay with it. The way back moves it home, so no number comes twice. One that belongs to a column (`owned by`) is
parted from it before, because it cannot leave the schema of its table, and given back after.

What PostgreSQL refuses to drop without `CASCADE` is refused, all of it in one list: defaults, checks, views and functions bound to it.
The sequence of an identity column goes with `drop identity`.

It belongs in `contract`. `purge` drops the sequence for good.
)md",
    .example = "drop sequence invoice_numbers;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
