// drop identity: the column is no longer filled; its sequence's value is kept for the way back.
#include <fmt/format.h>

#include "compiler/operations/identity.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/rights.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (!at.column) return;
  if (at.column->identity.empty()) {
    ctx.sink
        .report(
            diagnostics::nothing_to_do, path(ctx).span,
            fmt::format("`{}` of `{}` is no identity column", sql::quote_ident(at.column->name), at.table->name.text()))
        .note("take the line out");
    return;
  }
  (void)require_own_identity(ctx, at, path(ctx).span);
}

std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema insert rows without {}.{}, which then has no value (23502)",
                           at.table->name.text(), sql::quote_ident(at.column->name)),
               fmt::format("write it in contract {{ drop identity {}; }}", ctx.files.text(path(ctx).span))};
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  const auto column = at.column->name;
  const auto* sequence = identity_sequence(ctx, *at.table, column);
  for (const auto& name : identity_tables(ctx, at.table->name))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) {
        each.identity.clear();
        each.sequence.reset();
      }
  if (sequence) after.drop("sequence", sequence->name);
}

// The value of one sequence, set in another.
sql::Statement copy_value(const catalog::Name& from, const catalog::Name& to, sql::Lock read) {
  return statement(
      sql::sql("SELECT pg_catalog.setval({}, last_value, is_called) FROM {}", Literal{to.text()}, from.sql()),
      {std::move(read)});
}

sql::Step park(const Context& ctx, const ColumnAt& at, const catalog::Sequence& sequence, const catalog::Name& kept) {
  const auto& table = at.table->name;
  const auto options = sequence_options(sequence.options);
  auto text = sql::sql("CREATE SEQUENCE {} AS {}", kept.sql(), expression(sequence.options.type));
  if (!options.empty()) text = sql::sql("{} {}", text, options);
  auto locks = identity_locks(ctx, table);
  locks.push_back(lock(sequence.name, LockMode::access_exclusive));
  auto step =
      transaction(ctx, fmt::format("drop the identity of {}.{}", table.text(), sql::quote_ident(at.column->name)), {},
                  identity_is(table, at.column->name, {}));
  auto create = statement(std::move(text), {}, sql::Work::instant, "keeps the value that comes next for the way back");
  auto drop =
      statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} DROP IDENTITY", table.sql(), Ident{at.column->name}), locks);
  // Nobody may draw a value between the two.
  auto lock_table = statement(sql::sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table.sql()),
                              tree_locks(ctx, table, LockMode::access_exclusive));
  step.action =
      sql::Park{{std::move(lock_table), std::move(create),
                 copy_value(sequence.name, kept, lock(sequence.name, LockMode::access_share)), std::move(drop)},
                {{"sequence", sequence.name.sql(), {}, kept.sql(), {}}}};
  step.reversibility = sql::Reversibility::exact_until_purged;
  return step;
}

sql::Step bring_back(const Context& ctx, const ColumnAt& at, const catalog::Sequence& sequence,
                     const catalog::Name& kept) {
  const auto& table = at.table->name;
  const auto& column = at.column->name;
  std::vector<sql::Statement> list{
      add_identity_statement(ctx, table, column, at.column->identity, sequence),
      copy_value(kept, sequence.name, lock(kept, LockMode::access_share)),
      after_last_value(ctx, table, column, sequence, sql::sql("(SELECT last_value FROM {})", kept.sql()))};
  const auto name = sql::sql("SEQUENCE {}", sequence.name.sql());
  // Its owner is the table's, whoever makes it.
  for (auto& each : restore_rights(ctx.before, {name, name, 's', ctx.before.server.role, sequence.grants}))
    list.push_back(std::move(each));
  if (!sequence.comment.empty())
    list.push_back(statement(sql::sql("COMMENT ON {} IS {}", name, comment_text(sequence.comment))));
  list.push_back(statement(sql::sql("DROP SEQUENCE {}", kept.sql()), {lock(kept, LockMode::access_exclusive)}));
  return transaction(ctx, fmt::format("bring back the identity of {}.{}", table.text(), sql::quote_ident(column)),
                     std::move(list), identity_is(table, column, at.column->identity));
}

sql::Step purge(const catalog::Sequence& sequence, const catalog::Name& kept) {
  sql::Step step;
  step.phase = sql::Phase::purge;
  step.title = "forget the value that came next in " + sequence.name.text();
  step.action =
      sql::Purge{{statement(sql::sql("DROP SEQUENCE {}", kept.sql()), {lock(kept, LockMode::access_exclusive)})},
                 {{"sequence", sequence.name.sql(), {}, kept.sql(), {}}}};
  step.probe = probe(negate(has_relation(kept)));
  step.reversibility = sql::Reversibility::irreversible;
  step.loss = {"the value that came next in " + sequence.name.text()};
  return step;
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& sequence = *identity_sequence(ctx, *at.table, at.column->name);
  const catalog::Name kept{sequence.name.schema, kept_name(ctx, sequence.name.name, at.table->name.text())};
  auto step = park(ctx, at, sequence, kept);
  step.back = {bring_back(ctx, at, sequence, kept)};
  std::vector<sql::Step> made{std::move(step)};
  made.push_back(purge(sequence, kept));
  finish(made, {catalog::key("column", at.table->name, at.column->name), catalog::key("sequence", sequence.name)});
  return made;
}

}  // namespace

extern const Operation drop_identity;  // its line in operations.def finds it
constinit const Operation drop_identity = {
    .name = "drop_identity",
    .form = "drop identity (column path)",
    .summary = "Takes the identity from a column; its values and NOT NULL stay.",
    .description =
        R"(One short transaction. PostgreSQL drops the sequence with the identity; mig keeps the value that would have come next in
a sequence `_mig_p_…` until purge. The way back makes the identity again with its sequence's name, options, rights and
comment, and goes on from that value or behind the last value in the table, whichever comes later.

Rows without the column have no value afterwards, so it belongs in `contract`.)",
    .example = "drop identity users.id;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
