// upsert: rows of the file replace those of their key, and are added where there is none.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/rows_values.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::LockMode;

namespace {

using Names = std::vector<syntax::Name>;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }
const Names& columns(const Context& ctx) { return *ctx.call.get<Names>("columns"); }
const Names& key(const Context& ctx) { return *ctx.call.get<Names>("key"); }
const RowValues& rows_of(const Context& ctx) { return *ctx.call.get<RowValues>("rows"); }

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::vector<std::string> others(const Context& ctx) {
  std::vector<std::string> out;
  const auto keys = texts(key(ctx));
  for (const auto& name : texts(columns(ctx)))
    if (!has(keys, name)) out.push_back(name);
  return out;
}

// Exactly these columns, none of them null, no two rows the same.
bool is_key(const catalog::Table& table, const std::vector<std::string>& columns) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const auto& index) {
    const auto* constraint = table.constraint(index.constraint);
    const bool late = constraint && (constraint->deferrable || constraint->period);
    if (!index.unique || !index.valid || late || !index.predicate.empty() || index.parts.size() != columns.size())
      return false;
    return std::all_of(index.parts.begin(), index.parts.end(), [&](const auto& part) {
      const auto* column = table.column(part.column);
      return column && column->not_null && has(columns, part.column);
    });
  });
}

bool check_key(const Context& ctx, const catalog::Table& table) {
  bool good = require_columns(ctx, table, key(ctx));
  const auto written = texts(columns(ctx));
  for (const auto& name : key(ctx))
    if (good && !has(written, name.text)) {
      ctx.sink.report(diagnostics::contradiction, name.span,
                      fmt::format("`{}` is of the key and not among the columns", sql::quote_ident(name.text)));
      good = false;
    }
  if (!good || is_key(table, texts(key(ctx)))) return good;
  auto& diagnostic =
      ctx.sink.report(diagnostics::no_unique_key, source::join(key(ctx).front().span, key(ctx).back().span),
                      fmt::format("no key of `{}` is over exactly these columns, all not null", table.name.text()));
  if (const auto* primary = table.primary_key())
    diagnostic.note(fmt::format("found: primary key ({})", fmt::join(primary->columns, ", ")));
  diagnostic.note("write before it: add unique index …, and set not null");
  return false;
}

bool report_default(const Context& ctx, const syntax::Expr& value) {
  if (ctx.files.text(value.span) != "default") return false;
  ctx.sink.report(diagnostics::wrong_value, value.span, "default in an upsert: of the row that is there, or a new one?")
      .note("write: the value, or leave the column out");
  return true;
}

// Rows of one key twice: the second would change what the first made.
bool check_rows(const Context& ctx) {
  const auto names = texts(columns(ctx));
  const auto keys = texts(key(ctx));
  std::map<std::string, source::Span> seen;
  bool good = true;
  for (const auto& row : rows_of(ctx)) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      good = !report_default(ctx, row[i]) && good;
      if (has(keys, names[i])) text += fmt::format("{}\n", ctx.files.text(row[i].span));
    }
    const auto span = source::join(row.front().span, row.back().span);
    const auto [at, fresh] = seen.emplace(text, span);
    if (fresh) continue;
    ctx.sink.report(diagnostics::contradiction, span, "two rows with the same key").also(at->second, "the first");
    good = false;
  }
  return good;
}

bool check_identity_columns(const Context& ctx, const catalog::Table& table) {
  for (const auto& name : others(ctx)) {
    if (table.column(name)->identity != "always") continue;
    ctx.sink
        .report(diagnostics::wrong_value, path(ctx).span,
                fmt::format("`{}` is generated always as identity: rows that are there cannot be given another",
                            sql::quote_ident(name)))
        .note("leave it out, or make it the key (428C9)");
    return false;
  }
  return true;
}

void check(const Context& ctx) {
  const auto* table = require_rows(ctx, "rawd");
  if (!table || !ctx.call.get<Names>("columns") || !ctx.call.get<RowValues>("rows") || !ctx.call.get<Names>("key"))
    return;
  bool good = require_columns(ctx, *table, columns(ctx));
  good = check_values(ctx, columns(ctx), rows_of(ctx)) && good;
  if (!good || !check_key(ctx, *table) || !check_rows(ctx) || !check_identity_columns(ctx, *table)) return;
  if (require_filled(ctx, *table, columns(ctx))) (void)require_identity(ctx, *table, "update");
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context&, catalog::Catalog&) {}

RowWork work_of(const Context& ctx, const catalog::Table& table) {
  RowWork work;
  RowPart part;
  part.fate = Fate::merged;
  part.of = {&table, table.name.name, !table.partitioned(), value_columns(table), texts(key(ctx))};
  if (!others(ctx).empty()) part.set = meddling_triggers(ctx, table, "UPDATE").empty() ? others(ctx) : part.of.columns;
  work.parts.push_back(std::move(part));
  name_kept(ctx, work);
  return work;
}

// The rows of the file in a table, so that its types are those of the columns.
std::vector<sql::Statement> stage(const Context& ctx, const RowWork& work) {
  const auto& table = work.parts.front().of.table->name;
  const auto names = rows::list(texts(columns(ctx)));
  auto locks = values_locks(ctx, rows_of(ctx));
  locks.push_back(lock(work.state, LockMode::access_exclusive));
  return {statement(sql::sql("CREATE TABLE {} AS\n  SELECT {} FROM ONLY {} WITH NO DATA", work.state.sql(), names,
                             table.sql()),
                    {lock(table, LockMode::access_share)}),
          statement(sql::sql("ALTER TABLE {} ADD PRIMARY KEY ({})", work.state.sql(), rows::list(texts(key(ctx)))), {},
                    sql::Work::instant, "no key stands twice"),
          statement(sql::sql("INSERT INTO {} ({}) VALUES\n  {}", work.state.sql(), names, values_of(ctx, rows_of(ctx))),
                    std::move(locks))};
}

sql::Statement keep(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  const auto keys = rows::list(part.of.key);
  return statement(
      sql::sql("INSERT INTO {}\n"
               "SELECT 1, row_number() OVER (), x.* FROM (\n"
               "  SELECT {} FROM {} WHERE ({}) IN (SELECT {} FROM {}) FOR NO KEY UPDATE\n"
               ") x",
               part.before.sql(), rows::list(part.of.columns), rows::relation(part.of), keys, keys, work.state.sql()),
      rows::read_locks(ctx, part.of, LockMode::row_share), sql::Work::instant,
      "locked, and kept as they are: nobody changes them before this does");
}

sql::Statement change(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  std::vector<sql::Fragment> set;
  for (const auto& name : others(ctx)) set.push_back(sql::sql("{} = s.{}", Ident{name}, Ident{name}));
  return statement(sql::sql("UPDATE {} t SET {}\nFROM {} s WHERE {}", rows::relation(part.of), sql::join(set, ", "),
                            work.state.sql(), rows::same(part.of.key, "t", "s")),
                   rows::change_locks(ctx, part));
}

// A row of a key that somebody adds at this moment is a duplicate (23505): it was not kept, so that it is not changed.
sql::Statement make(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  const auto names = texts(columns(ctx));
  return statement(
      sql::sql("INSERT INTO {} ({}){}\nSELECT {} FROM {} s\nWHERE NOT EXISTS (SELECT FROM {} o WHERE {})",
               part.of.table->name.sql(), rows::list(names), overriding(*part.of.table, names), rows::list(names, "s"),
               work.state.sql(), part.before.sql(), rows::same(part.of.key, "o", "s")),
      rows::change_locks(ctx, part));
}

sql::Statement keep_after(const Context& ctx, const RowWork& work) {
  const auto& part = work.parts.front();
  return statement(sql::sql("INSERT INTO {}\n"
                            "SELECT 1, coalesce(o._mig_n, (SELECT count(*) FROM {}) + row_number() OVER ()), {}\n"
                            "FROM {} s JOIN {} t ON {} LEFT JOIN {} o ON {}",
                            part.after.sql(), part.before.sql(), rows::list(part.of.columns, "t"), work.state.sql(),
                            part.of.only ? rows::relation(part.of) : sql::fragment(part.of.table->name.sql()),
                            rows::same(part.of.key, "t", "s"), part.before.sql(), rows::same(part.of.key, "o", "t")),
                   rows::read_locks(ctx, part.of, LockMode::access_share), sql::Work::instant,
                   "as they are left: a way back undoes only what nobody changed since");
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto& table = *find_table(ctx, path(ctx));
  const auto work = work_of(ctx, table);
  auto list = stage(ctx, work);
  list.push_back(keep(ctx, work));
  if (!others(ctx).empty()) list.push_back(change(ctx, work));
  list.push_back(make(ctx, work));
  list.push_back(keep_after(ctx, work));
  list.push_back(statement(sql::sql("DROP TABLE {}", work.state.sql())));
  return row_steps(ctx, work, fmt::format("upsert rows into {}", table.name.text()), std::move(list));
}

}  // namespace

extern const Operation upsert_rows;  // its line in operations.def finds it
constinit const Operation upsert_rows = {
    .name = "upsert_rows",
    .form = "upsert into (table path) (columns names) values (rows rows) key (key names)",
    .summary = "Adds rows, or gives the rows of the same key these values; earlier values are kept until purge.",
    .description =
        R"md(For rows that must be there: settings, currencies, roles. `key` names the columns of a unique key, all not null. In one
transaction the rows that are there are locked and kept as they are, then updated, the others inserted, and all are kept
as they were left. A row that the server holds already with the same values is not counted as changed on the way back.

The way back gives the earlier values to rows that nobody changed since, and deletes the added ones that nobody changed or
refers to; the others stay, are counted and written down in a table that stays. `purge` drops what is kept. Row triggers
before updates or deletes make the way back `lossy`, as with [update](#update_rows).

Columns that are not written keep their values, or get their defaults in new rows. With inheritors only rows of the table
itself are looked at. It runs under psql as well. A session that adds the same key at the same moment makes it fail
(23505): nothing is changed then, and the next `mig apply` finds the row.)md",
    .example =
        "upsert into users (id, name, email) values (1, 'root', 'root@example.org'), (-1, 'nobody', null) key (id);",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
