// add column: a new column in the statements that lock shortest, its constraints online.
#include <fmt/format.h>

#include "compiler/operations/add_column.hpp"
#include "compiler/operations/add_column_like.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/types.hpp"
#include "compiler/operations/volatility.hpp"

namespace mig::operations {

namespace {

using Is = syntax::ColumnOption::Is;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("column"); }
const syntax::Definition& definition(const Context& ctx) { return *ctx.call.get<syntax::Definition>("definition"); }

bool is_null(const syntax::Expr& expression) {
  const auto* constant = std::get_if<syntax::Constant>(&expression.node);
  return constant && constant->is == syntax::Constant::Is::null;
}

const syntax::Expr* default_of(const syntax::Definition& definition) {
  const auto* found = option(definition, Is::default_);
  return found && found->expression && !is_null(*found->expression) ? &*found->expression : nullptr;
}

std::string as_written(const Context& ctx) { return std::string(ctx.files.text(path(ctx).span)); }

// The rows that exist need a value when the column is born not null.
void check_rows_have_value(const Context& ctx, const TypeAt& type) {
  const auto& def = definition(ctx);
  const auto* not_null = option(def, Is::not_null);
  const bool domain = type.type && type.type->kind == "domain" && type.type->not_null && type.type->default_.empty();
  if ((!not_null && !domain) || option(def, Is::generated) || type.serial) return;
  const auto* value = default_of(def);
  if (value) {
    const auto function = volatile_function(ctx, *value);
    if (function.empty()) return;
    ctx.sink
        .report(diagnostics::rewrites_table, value->span,
                fmt::format(
                    "`{}` gives another value for each row: the whole table would be rewritten under ACCESS EXCLUSIVE",
                    function))
        .note(fmt::format("write: add column {} without `not null`: new rows get the default, old ones stay null",
                          as_written(ctx)))
        .note(fmt::format("then fill the old rows, and in contract {{ set not null {}; }}", as_written(ctx)));
    return;
  }
  auto& diagnostic = ctx.sink.report(diagnostics::no_value_for_rows, not_null ? not_null->span : def.type.span,
                                     "rows that exist would have no value, and old clients write none");
  diagnostic.note("write: not null default …    a constant is instant, whatever the table's size");
  diagnostic.note(
      fmt::format("or add it without `not null`, fill it, and in contract {{ set not null {}; }}", as_written(ctx)));
}

// Old rows get no value from a volatile default: PostgreSQL's own ADD COLUMN would fill them by a rewrite.
void warn_volatile(const Context& ctx) {
  const auto* value = default_of(definition(ctx));
  const auto function = value ? volatile_function(ctx, *value) : std::string{};
  if (function.empty() || option(definition(ctx), Is::not_null)) return;
  ctx.sink
      .report(diagnostics::old_rows_stay_null, value->span,
              fmt::format("rows that exist keep null: `{}` is volatile, and filling them would rewrite the table",
                          function))
      .note("new rows get the default; fill the old ones in batches where they need a value");
}

void warn_rewrite(const Context& ctx, const TypeAt& type) {
  const auto why = rewrites(definition(ctx), type);
  if (why.empty()) return;
  ctx.sink
      .report(
          diagnostics::rewrites, definition(ctx).span,
          fmt::format("{} rewrites the table and its indexes under ACCESS EXCLUSIVE: nobody reads it meanwhile", why))
      .note("for a large table: add a plain column, fill it in batches, then set default and not null");
}

void check_keys(const Context& ctx, const catalog::Table& table) {
  const auto& def = definition(ctx);
  if (const auto* key = option(def, Is::primary_key))
    ctx.sink.report(diagnostics::not_built_yet, key->span, "a primary key on a table that exists is not built yet")
        .note("add the column, and the key by `sql $$…$$ back $$…$$`");
  const auto* unique = option(def, Is::unique);
  if (!unique) return;
  if (table.partitioned())
    ctx.sink.report(diagnostics::contradiction, unique->span,
                    "a unique key of a partitioned table must contain its partition key, so not one new column alone");
  if (const auto* value = default_of(def); value && volatile_function(ctx, *value).empty())
    ctx.sink.report(diagnostics::contradiction, unique->span, "every row that exists would get the same default")
        .also(value->span, "this value");
}

// An identity of a parent is not one of its children (42P16); a partitioned table takes it from 17 on.
void check_identity_of_parent(const Context& ctx, const catalog::Table& table) {
  const auto* generated = option(definition(ctx), Is::generated);
  const bool identity = generated && generated->generated && !generated->generated->expression;
  if (!identity || table.children.empty() || (table.partitioned() && ctx.before.server.major() >= 17)) return;
  ctx.sink
      .report(diagnostics::contradiction, generated->span,
              fmt::format("`{}` has {}: PostgreSQL {} gives them no identity column", table.name.text(),
                          table.partitioned() ? "partitions" : "inheritors", ctx.before.server.major()))
      .note(fmt::format("write: add column {} bigserial;", as_written(ctx)));
}

void check_existing_table(const Context& ctx, const catalog::Table& table, const TypeAt& type) {
  check_rows_have_value(ctx, type);
  check_keys(ctx, table);
  check_identity_of_parent(ctx, table);
  warn_volatile(ctx);
  warn_rewrite(ctx, type);
}

// PostgreSQL would make the two one: no way back could tell them apart.
bool check_members(const Context& ctx, const catalog::Table& table) {
  const auto& column = path(ctx).parts.back();
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* member = ctx.before.table(name);
    if (!member || !member->column(column.text)) continue;
    ctx.sink
        .report(diagnostics::duplicate_name, column.span,
                fmt::format("`{}` inherits from `{}` and has a column `{}` already", name.text(), table.name.text(),
                            sql::quote_ident(column.text)))
        .note(fmt::format("the new column would become one with it, and the way back would take both: choose another "
                          "name, or rename column {}.{} to …",
                          name.text(), sql::quote_ident(column.text)));
    return false;
  }
  return true;
}

void check(const Context& ctx) {
  if (!require_column_path(ctx, path(ctx))) return;
  const auto* table = require_own_table(ctx, table_part(path(ctx)));
  if (!table || !require_new_column(ctx, *table, path(ctx).parts.back())) return;
  if (!table->partition_of.name.empty()) {
    ctx.sink
        .report(diagnostics::inherited, path(ctx).span,
                fmt::format("`{}` is a partition: its columns are its parent's", table->name.text()))
        .note(fmt::format("write: add column {}.{} …", table->partition_of.text(), path(ctx).parts.back().text));
    return;
  }
  if (!check_members(ctx, *table)) return;
  if (like_path(ctx)) return check_like(ctx, *table);
  auto after = *table;
  catalog::Column column;
  column.name = path(ctx).parts.back().text;
  if (const auto type = find_type(ctx, definition(ctx).type)) column.type = type->text;
  after.columns.push_back(column);
  if (!check_column(ctx, after, path(ctx).parts.back(), definition(ctx))) return;
  if (!made_here(ctx, *table)) check_existing_table(ctx, *table, *find_type(ctx, definition(ctx).type));
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto* table = find_table(ctx, table_part(path(ctx)));
  if (like_path(ctx)) return put_like(ctx, after, *table);
  const auto made = make_column(ctx, *table, path(ctx).parts.back(), definition(ctx));
  put_column(ctx, after, *table, made);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto* table = find_table(ctx, table_part(path(ctx)));
  if (like_path(ctx)) return like_steps(ctx, *table);
  return add_column_steps(ctx, *table, made_column(ctx, *table, path(ctx).parts.back(), definition(ctx)));
}

}  // namespace

extern const Operation add_column;  // its line in operations.def finds it
constinit const Operation add_column = {
    .name = "add_column",
    .form = "add column (column path) <like (other path) / (definition definition)>",
    .summary = "Adds a column; its constraints and indexes are made online.",
    .description =
        R"(`ADD COLUMN` is instant for a column without default and for one with a constant (or stable) default, also `not null`.
What PostgreSQL would do under a lock is split off:

* a **volatile default** (`gen_random_uuid()`, `random()`, `nextval(…)`, a volatile function) would rewrite the table. The
  column is added without it and the default is set: new rows get it, old rows stay null, which a warning says. With
  `not null` it is refused.
* `unique`: the index is built concurrently and then becomes the constraint's.
* `check` and `references` are added `NOT VALID` and validated in a transaction of their own.
* `not null` without a default is refused: old rows have no value, and old clients write none.
* `serial`, identity, `generated … stored` and domains with checks do rewrite the table: a warning says so.

`like other.column` takes the type, default, `not null`, collation, storage, compression, statistics target and comment of
another column, and what it has for itself alone: checks, foreign keys, a unique constraint, indexes, under the names that
PostgreSQL would choose. A primary key, and keys and indexes over several columns, stay with the other one.

The way back keeps what new clients wrote: the column is renamed to `_mig_p_…`, keeps its default, and applying the
migration again brings it back with all values. Rows written meanwhile have the default, as if the column had been added
then.)",
    .example = R"(add column orders.paid boolean not null default false;
add column orders.invoice text check (invoice <> '') comment 'number on paper';
add column orders.agent_id bigint references users on delete set null;)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
