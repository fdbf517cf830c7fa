// insert: new rows, in one statement; the way back takes those away that nobody has touched since.
#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_values.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

using sql::LockMode;

namespace {

using Names = std::vector<syntax::Name>;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const Names& columns(const Context& ctx) { return *ctx.call.get<Names>("columns"); }
const RowValues* rows_of(const Context& ctx) { return ctx.call.get<RowValues>("rows"); }
const syntax::Query* query(const Context& ctx) { return ctx.call.get<syntax::Query>("query"); }

void check(const Context& ctx) {
  const auto* table = require_rows(ctx, "rad");
  if (!table || !ctx.call.get<Names>("columns") || (!rows_of(ctx) && !query(ctx))) return;
  bool good = require_columns(ctx, *table, columns(ctx));
  if (rows_of(ctx)) good = check_values(ctx, columns(ctx), *rows_of(ctx)) && good;
  if (good) good = require_filled(ctx, *table, columns(ctx));
  if (good) (void)require_identity(ctx, *table, "delete");
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context&, catalog::Catalog&) {}

RowWork work_of(const Context& ctx, const catalog::Table& table) {
  RowWork work;
  RowPart part;
  part.fate = Fate::made;
  part.of = {&table, table.name.name, !table.partitioned(), value_columns(table), row_key(table, {})};
  work.parts.push_back(std::move(part));
  name_kept(ctx, work);
  return work;
}

std::vector<sql::Lock> query_locks_of(const Context& ctx) {
  syntax::Subquery read;
  read.query = *query(ctx);
  syntax::Expr whole;
  whole.span = query(ctx)->span;
  whole.node = std::move(read);
  return query_locks(ctx, whole);
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = *find_table(ctx, path(ctx));
  const auto work = work_of(ctx, table);
  const auto& part = work.parts.front();
  auto locks = rows::change_locks(ctx, part);
  locks.push_back(lock(part.after, LockMode::row_exclusive));
  rows::add(locks, rows_of(ctx) ? values_locks(ctx, *rows_of(ctx)) : query_locks_of(ctx));
  const auto names = texts(columns(ctx));
  const auto source =
      rows_of(ctx) ? sql::sql("VALUES\n  {}", values_of(ctx, *rows_of(ctx))) : expression(query(ctx)->text);
  auto text = sql::sql(
      "WITH made AS (\n"
      "  INSERT INTO {} ({}){}\n"
      "  {}\n"
      "  RETURNING {}\n"
      ")\n"
      "INSERT INTO {}\n"
      "SELECT 1, row_number() OVER (), made.* FROM made",
      table.name.sql(), rows::list(names), overriding(table, names), source, rows::list(part.of.columns),
      part.after.sql());
  return row_steps(ctx, work, fmt::format("insert rows into {}", table.name.text()),
                   {statement(std::move(text), std::move(locks), sql::Work::instant,
                              "as they are made: a way back takes away only what nobody changed since")});
}

}  // namespace

extern const Operation insert_rows;  // its line in operations.def finds it
constinit const Operation insert_rows = {
    .name = "insert_rows",
    .form = "insert into (table path) (columns names) <values (rows rows) / (query query)>",
    .summary = "Adds rows; the way back takes those away that nobody touched since.",
    .description =
        R"md(One statement in one transaction, with the rows as they came out (defaults, identity, triggers) kept in a table of schema
`mig_park_…`, so that the way back knows them. It deletes those that are byte by byte as they were made and that nobody
refers to; the others stay, are counted and written down in a table that stays. `purge` drops what is kept.

A column that is `generated always as identity` takes the values that are written (`overriding system value`). Rows of
values run under psql as well. A query runs as one statement too: it sees one state of the tables that it reads.)md",
    .example =
        "insert into users (name, email) values ('Ada', 'ada@example.org'), ('Grace', null);\n"
        "insert into orders (id, user_id, total) (select -id, id, 0 from users where email is not null);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
