// create partition: a table like the parent, then ATTACH, which keeps the parent's clients at work.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/create_table.hpp"
#include "compiler/operations/partitions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }
const syntax::PartitionBound& bound(const Context& ctx) { return *ctx.call.get<syntax::PartitionBound>("bound"); }
const catalog::Table& parent_of(const Context& ctx) { return *find_table(ctx, *ctx.call.get<syntax::Path>("table")); }

catalog::Column column_like(const Context& ctx, const catalog::Column& above) {
  catalog::Column column;
  column.name = above.name;
  column.type = above.type;
  column.not_null = above.not_null;
  column.default_ = above.default_;
  column.generated = above.generated;
  column.collation = above.collation;
  column.storage = above.storage;
  column.compression = above.compression;
  column.made_by = place(ctx);
  return column;
}

// Without foreign keys to other tables: those follow, each in a transaction of its own.
NewTable make(const Context& ctx) {
  const auto& parent = parent_of(ctx);
  NewTable made;
  made.text = std::string(ctx.files.text(ctx.call.span));
  made.table.name = new_name(ctx, path(ctx));
  made.table.owner = ctx.before.server.role;
  made.table.grants = initial_grants(ctx, "tables", made.table.name.schema);
  made.table.made_by = place(ctx);
  put_partitioning(ctx, made.table);
  for (const auto& column : parent.columns) made.table.columns.push_back(column_like(ctx, column));
  catalog::Catalog bare = ctx.before;
  bare.put(made.table);
  const auto lacks = missing(bare, {&parent, bare.table(made.table.name), {}});
  for (const auto& key : lacks.foreign_keys) made.elsewhere.push_back(key);
  for (const auto& index : lacks.indexes)
    if (index.constraint.empty()) made.plain_indexes.push_back(index.name);
  put_missing(bare, made.table.name, {lacks.checks, {}, lacks.keys, lacks.indexes});
  made.table = *bare.table(made.table.name);
  return made;
}

void check_partition_by(const Context& ctx, const catalog::Table& parent) {
  const auto* keys = ctx.call.get<std::vector<syntax::IndexElement>>("keys");
  const auto* method = ctx.call.get<syntax::Word>("method");
  if (!keys || !method) return;
  if (method->text != "range" && method->text != "list" && method->text != "hash") {
    ctx.sink.report(diagnostics::wrong_clause, method->span, fmt::format("no partitioning by `{}`", method->text))
        .note("write one of: partition by range (…) · partition by list (…) · partition by hash (…)");
    return;
  }
  for (const auto& key : *keys)
    if (const auto* name = std::get_if<syntax::ColumnRef>(&key.value.node))
      (void)require_column(ctx, parent, name->path.parts.back());
  if (ctx.sink.has_errors()) return;
  const auto made = make(ctx);
  for (const auto& constraint : made.table.constraints)
    for (const auto& column : made.table.partition_columns)
      if ((constraint.kind == "primary key" || constraint.kind == "unique") &&
          std::find(constraint.columns.begin(), constraint.columns.end(), column) == constraint.columns.end())
        ctx.sink
            .report(diagnostics::contradiction, method->span,
                    fmt::format("{} of `{}` does not contain `{}`", constraint.kind, parent.name.text(),
                                sql::quote_ident(column)))
            .note("a unique key of a partitioned table contains its partition key");
}

void check(const Context& ctx) {
  const auto* parent = require_partitioned(ctx, *ctx.call.get<syntax::Path>("table"));
  const bool free = require_new_relation(ctx, path(ctx));
  if (!parent || !free) return;
  if (check_bound(ctx, *parent, bound(ctx))) check_partition_by(ctx, *parent);
}

// The table as it stands before ATTACH, with its foreign keys.
catalog::Catalog before_attach(const Context& ctx, const NewTable& made) {
  auto catalog = ctx.before;
  catalog.put(made.table);
  put_missing(catalog, made.table.name, {{}, made.elsewhere, {}, {}});
  return catalog;
}

void effect(const Context& ctx, catalog::Catalog& after) {
  const auto made = make(ctx);
  const auto text = bound_text(parent_of(ctx), bound(ctx));
  const auto parent = parent_of(ctx).name;
  const auto ready = before_attach(ctx, made);
  after.put(*ready.table(made.table.name));
  put_attached(after, {ready.table(parent), ready.table(made.table.name), text});
}

std::vector<sql::Step> steps(const Context& ctx) {
  const auto made = make(ctx);
  const auto ready = before_attach(ctx, made);
  const Partition partition{ready.table(parent_of(ctx).name), ready.table(made.table.name),
                            bound_text(parent_of(ctx), bound(ctx))};
  auto steps = create_table_steps(ctx, made);
  for (auto& step : attach_steps(with(ctx, ready), partition)) steps.push_back(std::move(step));
  finish(steps, partition_touches(partition));
  return steps;
}

}  // namespace

extern const Operation create_partition;  // its line in operations.def finds it
constinit const Operation create_partition = {
    .name = "create_partition",
    .form =
        "create partition (name path) of (table path) (bound partition_bound) "
        "[partition by (method word) (keys index_elements)]",
    .summary = "Makes a new partition of a table.",
    .description =
        R"(`CREATE TABLE … PARTITION OF` would lock the parent with ACCESS EXCLUSIVE. So a table is made with the parent's columns,
checks, keys and indexes, all of them named as PostgreSQL would name them, its foreign keys follow one by one, and ATTACH
makes it a partition under SHARE UPDATE EXCLUSIVE: reads and writes of the parent go on. Where the parent has a default
partition, a check of mig's proves before that it holds no row of the new one; else ATTACH would read it under ACCESS
EXCLUSIVE.

Comments, rights and statistics are not the parent's, as with PARTITION OF. Times in bounds are written with their zone.

The way back detaches the table and keeps it aside with the rows that were written to it; applying the same text again
brings it back with them.)",
    .example =
        "create table visits (\n"
        "  id bigint not null, day date not null, user_id bigint references users, page text default '/' check (page "
        "<> ''),\n"
        "  primary key (id, day)\n"
        ") partition by range (day);\n"
        "create partition visits_2024 of visits for values from ('2024-01-01') to ('2025-01-01');",
    .check = check,
    .breaks = [](const Context&) -> std::optional<Break> { return std::nullopt; },
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
