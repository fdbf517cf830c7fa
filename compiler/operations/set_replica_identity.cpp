// set replica identity: by what subscribers find the row of an update or delete.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/publications.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/table_setting.hpp"

namespace mig::operations {

namespace {

using sql::Ident;
using sql::Literal;

// "default", "full", "nothing", or "index " and its name.
std::string read(const catalog::Table& table) {
  for (const auto& index : table.indexes)
    if (index.replica_identity && table.replica_identity == "index") return "index " + index.name;
  return table.replica_identity;
}

std::string index_of(const std::string& value) { return value.rfind("index ", 0) == 0 ? value.substr(6) : ""; }

void write(catalog::Table& table, const std::string& value) {
  const auto index = index_of(value);
  table.replica_identity = index.empty() ? value : "index";
  for (auto& each : table.indexes) each.replica_identity = !index.empty() && each.name == index;
}

sql::Fragment clause(const catalog::Table&, const std::string&, const std::string& to) {
  if (const auto index = index_of(to); !index.empty()) return sql::sql("REPLICA IDENTITY USING INDEX {}", Ident{index});
  if (to == "full") return sql::sql("REPLICA IDENTITY FULL");
  return to == "nothing" ? sql::sql("REPLICA IDENTITY NOTHING") : sql::sql("REPLICA IDENTITY DEFAULT");
}

sql::Fragment is(const catalog::Table&, const std::string& value) {
  if (const auto index = index_of(value); !index.empty())
    return sql::sql(
        "c.relreplident = 'i' AND EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x "
        "ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident AND x.relname = {})",
        Literal{index});
  return sql::sql("c.relreplident = {}", Literal{value.substr(0, 1)});
}

constexpr TableSetting setting = {
    .what = "replica identity",
    .read = read,
    .write = write,
    .mode = [](const catalog::Table&, const std::string&,
               const std::string&) { return sql::LockMode::access_exclusive; },
    .clause = clause,
    .is = is,
};

std::string value(const Context& ctx) {
  if (const auto* index = ctx.call.get<syntax::Name>("index")) return "index " + index->text;
  return ctx.call.has_word("full") ? "full" : ctx.call.has_word("nothing") ? "nothing" : "default";
}

// Unique, of columns that are never null, over all rows, checked at once (42809, 55000).
std::string why_not(const catalog::Table& table, const catalog::Index& index) {
  if (!index.unique) return "it is not unique";
  if (!index.valid) return "it is not valid";
  if (!index.predicate.empty()) return "it does not cover all rows";
  if (const auto* key = table.constraint(index.constraint); key && key->deferrable)
    return "its constraint is deferrable";
  for (const auto& part : index.parts) {
    const auto* column = table.column(part.column);
    if (!column) return "it is over an expression";
    if (!column->not_null) return fmt::format("column {} may be null", sql::quote_ident(column->name));
  }
  return {};
}

bool check_index(const Context& ctx, const catalog::Table& table) {
  const auto* name = ctx.call.get<syntax::Name>("index");
  if (!name) return true;
  const auto* index = table.index(name->text);
  if (!index) {
    std::vector<std::string> names;
    for (const auto& each : table.indexes) names.push_back(each.name);
    report_unknown(ctx, diagnostics::unknown_index, *name,
                   fmt::format("no index `{}` on `{}`", sql::quote_ident(name->text), table.name.text()), names);
    return false;
  }
  const auto reason = why_not(table, *index);
  if (reason.empty()) return true;
  ctx.sink
      .report(
          diagnostics::wrong_value, name->span,
          fmt::format("index `{}` cannot tell rows apart for subscribers: {}", sql::quote_ident(name->text), reason))
      .note("write: the name of a unique index on columns that are not null");
  return false;
}

// Writes to published tables that would fail from then on.
void check_publications(const Context& ctx, const catalog::Table& table) {
  auto after = ctx.before;
  setting.write(after.edit_table(table.name), value(ctx));
  const Context then{after, ctx.call, ctx.files, ctx.sink, ctx.schema, ctx.migration, ctx.park_schema, ctx.phase};
  for (const auto& name : after.names("publication")) {
    const auto* publication = after.object("publication", name);
    const bool of_table = std::any_of(publication->uses.begin(), publication->uses.end(),
                                      [&](const auto& use) { return use.relation == table.name; });
    if (of_table) report_problems(then, ctx.call.span, nullptr, *publication);
  }
}

void check(const Context& ctx) {
  const auto* table = require_table_alone(ctx, table_path_of(ctx));
  if (!table) return;
  if (table->kind == "foreign table") {
    ctx.sink.report(diagnostics::wrong_kind, table_path_of(ctx).span,
                    fmt::format("`{}` is a foreign table: its rows are not replicated from here", table->name.text()));
    return;
  }
  if (check_index(ctx, *table) && require_change(ctx, setting, *table, value(ctx))) check_publications(ctx, *table);
}

}  // namespace

extern const Operation set_replica_identity;  // its line in operations.def finds it
constinit const Operation set_replica_identity = {
    .name = "set_replica_identity",
    .form = "set replica identity (table path) to <default / full / nothing / index (index name)>",
    .summary = "Says by which columns subscribers find the row of an update or delete.",
    .description =
        R"(`default`: the primary key; `index`: a unique index on columns that are not null; `full`: the whole row, which makes every
update and delete write all old values to the WAL; `nothing`: updates and deletes cannot be published. One instant
statement under ACCESS EXCLUSIVE on this table alone: each partition has an identity of its own.

Refused where updates or deletes of a published table would fail from then on (55000).

The way back sets what was there.)",
    .example = "set replica identity products to full;",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = [](const Context& ctx, catalog::Catalog& after) { put_table_setting(ctx, after, setting, value(ctx)); },
    .steps = [](const Context& ctx) { return table_setting_steps(ctx, setting, value(ctx)); },
};

}  // namespace mig::operations
