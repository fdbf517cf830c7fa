// create table: the table at once, its foreign keys one by one, and a way back that keeps its rows.
#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"
#include "compiler/operations/create_table.hpp"
#include "compiler/operations/definition.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

using Is = syntax::ColumnOption::Is;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("table"); }

const std::vector<syntax::Element>& elements(const Context& ctx) {
  static const std::vector<syntax::Element> none;
  const auto* found = ctx.call.get<std::vector<syntax::Element>>("elements");
  return found ? *found : none;
}

void check_like(const Context& ctx, const syntax::Path& source,
                const std::vector<std::pair<bool, std::string>>& options) {
  static const std::vector<std::string> labels{"all",       "comments", "compression", "constraints", "defaults",
                                               "generated", "identity", "indexes",     "statistics",  "storage"};
  (void)require_table(ctx, source);
  for (const auto& [including, label] : options) {
    if (std::find(labels.begin(), labels.end(), label) != labels.end()) continue;
    auto& diagnostic =
        ctx.sink.report(diagnostics::wrong_clause, source.span, fmt::format("`like` does not know `{}`", label));
    const auto near = diagnostics::nearest(label, labels, 1);
    if (!near.empty())
      diagnostic.note(fmt::format("write: {} {}", including ? "including" : "excluding", near.front()));
  }
}

void check_duplicates(const Context& ctx) {
  std::map<std::string, source::Span> seen;
  for (const auto& element : elements(ctx)) {
    const auto* column = std::get_if<syntax::Column>(&element);
    if (!column) continue;
    const auto [at, fresh] = seen.try_emplace(column->name.text, column->name.span);
    if (!fresh)
      ctx.sink
          .report(diagnostics::duplicate_name, column->name.span,
                  fmt::format("column `{}` stands twice", sql::quote_ident(column->name.text)))
          .also(at->second, "the first one");
  }
}

void check_one_key(const Context& ctx) {
  std::vector<source::Span> keys;
  for (const auto& element : elements(ctx)) {
    if (const auto* constraint = std::get_if<syntax::TableConstraint>(&element);
        constraint && constraint->is == syntax::TableConstraint::Is::primary_key)
      keys.push_back(constraint->span);
    if (const auto* column = std::get_if<syntax::Column>(&element))
      if (const auto* key = option(column->definition, Is::primary_key)) keys.push_back(key->span);
  }
  if (keys.size() > 1)
    ctx.sink.report(diagnostics::contradiction, keys[1], "a table has one primary key")
        .also(keys[0], "this is the first")
        .note("a key of two columns is written: primary key (a, b)");
}

void check_elements(const Context& ctx) {
  const auto table = columns_of_table(ctx);
  check_duplicates(ctx);
  check_one_key(ctx);
  for (const auto& element : elements(ctx)) {
    if (const auto* column = std::get_if<syntax::Column>(&element)) {
      auto others = table;
      std::erase_if(others.columns, [&](const auto& each) { return each.name == column->name.text; });
      if (require_new_column(ctx, others, column->name)) check_column(ctx, table, column->name, column->definition);
    }
    if (const auto* constraint = std::get_if<syntax::TableConstraint>(&element)) {
      check_constraint(ctx, table, *constraint);
      if (constraint->not_valid)
        ctx.sink
            .report(diagnostics::wrong_clause, constraint->span, "a new table has no rows that `not valid` could spare")
            .note("take `not valid` out");
    }
    if (const auto* like = std::get_if<syntax::LikeTable>(&element)) check_like(ctx, like->table, like->options);
  }
}

// Each unique key must hold the whole partition key: PostgreSQL has no index over all partitions.
void check_partition_keys(const Context& ctx, const catalog::Table& table) {
  for (const auto& constraint : table.constraints) {
    if (constraint.kind != "primary key" && constraint.kind != "unique") continue;
    for (const auto& column : table.partition_columns)
      if (std::find(constraint.columns.begin(), constraint.columns.end(), column) == constraint.columns.end())
        ctx.sink
            .report(diagnostics::contradiction, path(ctx).span,
                    fmt::format("{} `{}` does not contain `{}`, by which the table is partitioned", constraint.kind,
                                sql::quote_ident(constraint.name), sql::quote_ident(column)))
            .note("a unique key of a partitioned table contains its partition key");
  }
}

void check_partition_by(const Context& ctx) {
  const auto* method = ctx.call.get<syntax::Word>("method");
  if (!method) return;
  if (method->text != "range" && method->text != "list" && method->text != "hash")
    ctx.sink.report(diagnostics::wrong_clause, method->span, fmt::format("no partitioning by `{}`", method->text))
        .note("write one of: partition by range (…) · partition by list (…) · partition by hash (…)");
  const auto* keys = ctx.call.get<std::vector<syntax::IndexElement>>("keys");
  const auto table = columns_of_table(ctx);
  for (const auto& key : *keys)
    if (const auto part = make_part(ctx, key); !part.column.empty())
      (void)require_column(ctx, table, std::get<syntax::ColumnRef>(key.value.node).path.parts.front());
  if (method->text == "list" && keys->size() > 1)
    ctx.sink.report(diagnostics::contradiction, method->span, "a list takes one column");
}

void check_parents(const Context& ctx) {
  const auto* written = ctx.call.get<std::vector<syntax::IndexElement>>("parents");
  if (!written) return;
  const auto paths = parent_paths(ctx);
  if (paths.size() != written->size())
    ctx.sink.report(diagnostics::wrong_kind, written->front().span, "only tables are inherited from")
        .note("write: inherits (table, schema.table)");
  for (const auto& parent : paths) {
    const auto* table = require_own_table(ctx, parent);
    if (table && (table->partitioned() || !table->partition_of.name.empty()))
      ctx.sink.report(diagnostics::wrong_kind, parent.span,
                      fmt::format("`{}` is partitioned or a partition: nothing inherits from it", table->name.text()));
  }
  if (ctx.call.get<syntax::Word>("method"))
    ctx.sink.report(diagnostics::contradiction, path(ctx).span, "a partitioned table cannot inherit");
}

void check(const Context& ctx) {
  require_new_relation(ctx, path(ctx));
  if (const auto* source = ctx.call.get<syntax::Path>("source")) check_like(ctx, *source, {});
  check_parents(ctx);
  check_elements(ctx);
  check_partition_by(ctx);
  if (ctx.sink.has_errors()) return;
  check_partition_keys(ctx, make_table(ctx).table);
}

std::optional<Break> breaks(const Context&) { return std::nullopt; }

void effect(const Context& ctx, catalog::Catalog& after) {
  auto made = make_table(ctx);
  for (const auto& sequence : made.sequences) after.put(sequence);
  for (auto& key : made.elsewhere) add_to(made.table, std::move(key));
  for (const auto& parent : made.table.inherits) {
    auto& children = after.edit_table(parent).children;
    children.push_back(made.table.name);
    std::sort(children.begin(), children.end());
  }
  after.put(std::move(made.table));
}

std::vector<sql::Step> steps(const Context& ctx) { return create_table_steps(ctx, make_table(ctx)); }

}  // namespace

extern const Operation create_table;  // its line in operations.def finds it
constinit const Operation create_table = {
    .name = "create_table",
    .form =
        "create table (table path) <(elements elements) / like (source path)> [inherits (parents index_elements)] "
        "[partition by (method word) (keys index_elements)] [with (options settings)] [comment (comment string)] "
        "[unlogged]",
    .summary = "Makes a table with its constraints, indexes and comments.",
    .description =
        R"(The table is made in one transaction, with its columns, keys, checks, comments and what `like` copies; every constraint is
named as PostgreSQL would name it, so that the plan says all names. Foreign keys to other tables follow, each in a
transaction of its own, because they lock the other table.

`create table a like b` copies all that `including all` copies; in the list of elements `like b` copies the columns, and
`including …` says what more.

The way back keeps the rows that were written while the table lived: the table moves to a schema `mig_park_…`, and applying
the same text again brings it back with them. A table that inherits is dropped instead, and only while it is empty.)",
    .example = R"(create table invoices (
  id        bigint generated always as identity primary key,
  order_id  bigint not null references orders on delete cascade,
  number    text not null unique,
  amount    numeric(12,2) not null default 0 check (amount >= 0),
  issued_at timestamptz not null default now() comment 'when it left the house',
  constraint invoices_number_order unique (order_id, number)
) comment 'what was billed';)",
    .check = check,
    .breaks = breaks,
    .effect = effect,
    .steps = steps,
};

}  // namespace mig::operations
