// add identity: a column that exists gets its values from a sequence of its own.
#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/identity.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }

bool refuse(const Context& ctx, const diagnostics::Code& code, std::string message, std::string way) {
  ctx.sink.report(code, path(ctx).span, std::move(message)).note(std::move(way));
  return false;
}

bool check_column(const Context& ctx, const ColumnAt& at) {
  const auto name = fmt::format("`{}` of `{}`", sql::quote_ident(at.column->name), at.table->name.text());
  const auto written = std::string(ctx.files.text(path(ctx).span));
  const auto& type = at.column->type;
  if (!at.column->identity.empty())
    return refuse(ctx, diagnostics::nothing_to_do, name + " is an identity column already",
                  fmt::format("to change it write: set identity {} …;", written));
  if (type != "smallint" && type != "integer" && type != "bigint")
    return refuse(ctx, diagnostics::wrong_value,
                  fmt::format("an identity column is smallint, integer or bigint; {} is {}", name, type),
                  fmt::format("write before it: set type {} to bigint;", written));
  if (!at.column->generated.empty())
    return refuse(ctx, diagnostics::contradiction, name + " is a generated column", "take the line out");
  if (!at.column->default_.empty())
    return refuse(ctx, diagnostics::contradiction,
                  fmt::format("{} has the default {}: an identity column has none", name, at.column->default_),
                  fmt::format("write before it: drop default {};", written));
  if (!at.column->not_null)
    return refuse(ctx, diagnostics::contradiction, name + " may be null: an identity column never is (55000)",
                  fmt::format("write before it: set not null {};", written));
  return require_own_identity(ctx, at, path(ctx).span);
}

void check(const Context& ctx) {
  const auto at = require_own_column(ctx, path(ctx));
  if (at.column) (void)(check_column(ctx, at) && check_identity_options(ctx));
}

// Who leaves the column out gets a value now; who writes it may go on, unless it is `always`.
std::optional<Break> breaks(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  if (written_identity(ctx) != "always" || made_here(ctx, *at.table, *at.column)) return std::nullopt;
  return Break{fmt::format("clients of the old schema write {}.{} themselves, which `always` refuses (428C9)",
                           at.table->name.text(), sql::quote_ident(at.column->name)),
               fmt::format("write: add identity {} by default; in contract {{ … }} it may become `always`",
                           ctx.files.text(path(ctx).span))};
}

catalog::Sequence sequence_of(const Context& ctx, const ColumnAt& at) {
  static const std::vector<syntax::SeqOption> none;
  const auto* options = written_options(ctx);
  catalog::Sequence sequence;
  sequence.name = {at.table->name.schema, free_relation_name(ctx, *at.table, at.column->name, "seq")};
  sequence.owner = at.table->owner;
  sequence.grants = initial_grants(ctx, "sequences", at.table->name.schema);
  sequence.options = make_sequence(at.column->type, options ? *options : none);
  sequence.owned_by = at.table->name;
  sequence.owned_by_column = at.column->name;
  sequence.identity = true;
  sequence.persistence = at.table->persistence;
  return sequence;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto at = find_column(ctx, path(ctx));
  put_identity(ctx, after, at.table->name, at.column->name, written_identity(ctx), sequence_of(ctx, at));
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto at = find_column(ctx, path(ctx));
  const auto& table = at.table->name;
  const auto& column = at.column->name;
  const auto sequence = sequence_of(ctx, at);
  const auto name = fmt::format("identity of {}.{}", table.text(), sql::quote_ident(column));
  auto step = transaction(ctx, "add the " + name,
                          {add_identity_statement(ctx, table, column, written_identity(ctx), sequence),
                           after_last_value(ctx, table, column, sequence, expression(sequence.options.start))},
                          identity_is(table, column, written_identity(ctx)));
  auto locks = identity_locks(ctx, table);
  locks.push_back(lock(sequence.name, sql::LockMode::access_exclusive));
  step.back = {
      transaction(ctx, "drop the " + name,
                  {statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} DROP IDENTITY", table.sql(), Ident{column}),
                             std::move(locks))},
                  identity_is(table, column, {}))};
  std::vector<sql::Step> made{std::move(step)};
  finish(made, {catalog::key("column", table, column), catalog::key("sequence", sequence.name)});
  return made;
}

}  // namespace

extern const Operation add_identity;  // its line in operations.def finds it
constinit const Operation add_identity = {
    .name = "add_identity",
    .form = "add identity (column path) <always / by default> [(options seq_options)]",
    .summary = "Lets a column that exists be filled from a sequence of its own.",
    .description =
        R"(`ADD GENERATED … AS IDENTITY`: no row is touched. The sequence goes on behind the last value in the table, read in the
same transaction (an index on the column answers at once). Options: `start`, `increment`, `minvalue`, `maxvalue`,
`cache`, `cycle`.

The column is smallint, integer or bigint, not null, and has no default. `by default` lets clients go on writing values
of their own; `always` refuses them, so with old clients it belongs in `contract`. From PostgreSQL 17 on the partitions
of a table share its identity; before, only rows that go through the parent are numbered.

The way back drops the identity; the values stay.)",
    .example = "add identity orders.id by default cache 10;",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
