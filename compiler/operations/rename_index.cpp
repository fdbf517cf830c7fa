// rename index: one instant statement that locks the index alone.
#include <fmt/format.h>

#include "compiler/operations/index_at.hpp"
#include "compiler/operations/key_names.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

const syntax::Name& new_name(const Context& ctx) { return *ctx.call.get<syntax::Name>("new"); }

void check(const Context& ctx) {
  const auto at = require_own_index(ctx);
  if (!at.index) return;
  const auto& name = new_name(ctx);
  const catalog::Table none;
  if (!require_new_key_name(ctx, at.index->constraint.empty() ? none : *at.table, at.index->name, name, false)) return;
  const syntax::Path path{{{at.relation().schema, false, name.span}, name}, name.span};
  if (!require_new_relation(ctx, path)) return;
  if (!at.index->constraint.empty()) warn_of_conflict_texts(ctx, at.index->name, ctx.call.span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_index(ctx);
  if (!at.index || at.index->constraint.empty() || made_here(ctx, *at.table)) return std::nullopt;
  return renamed_key(*at.table, at.index->name);
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_index(ctx);
  const auto to = new_name(ctx).text;
  if (at.table) return rename_key(ctx, after, at.table->name, Named::index, at.index->name, to);
  edit_index(after, at, [&](catalog::Index& index) { index.name = to; });
}

sql::Step rename(const Context& ctx, const catalog::Name& from, const catalog::Name& to) {
  return transaction(ctx, fmt::format("rename index {} to {}", from.text(), sql::quote_ident(to.name)),
                     {statement(sql::sql("ALTER INDEX {} RENAME TO {}", from.sql(), Ident{to.name}))},
                     both(has_relation(to), negate(has_relation(from))));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_index(ctx);
  const catalog::Name to{at.relation().schema, new_name(ctx).text};
  auto step = rename(ctx, at.name(), to);
  step.back = {rename(ctx, to, at.name())};
  auto touches = index_touches(at);
  touches.push_back(catalog::key("index", to));
  if (!at.index->constraint.empty()) {
    touches.push_back(catalog::key("constraint", at.relation(), at.index->name));
    touches.push_back(catalog::key("constraint", at.relation(), to.name));
  }
  std::vector<sql::Step> made{std::move(step)};
  finish(made, touches);
  return made;
}

}  // namespace

extern const Operation rename_index;  // its line in operations.def finds it
constinit const Operation rename_index = {
    .name = "rename_index",
    .form = "rename index (index path) to (new name)",
    .summary = "Renames an index of a table or materialized view.",
    .description =
        R"md(`ALTER INDEX … RENAME` takes SHARE UPDATE EXCLUSIVE on the index alone: reads and writes of the table go on. The parts of
a partitioned index keep their names. `CLUSTER ON` and replica identity follow, because PostgreSQL knows the index by its
number.

The index of a constraint bears the constraint's name: that one is renamed with it, which belongs in `contract`, since
old clients may say `on conflict on constraint`; bodies of functions that do so as text are warned of. No client knows
any other index by its name.

The way back renames it back.
)md",
    .example =
        "rename index orders_status_idx to orders_by_status;\n"
        "rename index product_states_key to product_states_by_state;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
