// What PostgreSQL demands of keys, said before anything is built or dropped.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/keys.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

using Names = std::vector<syntax::Name>;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool check_columns(const Context& ctx, const catalog::Table& table, const std::string& kind, const Names& names) {
  std::set<std::string> seen;
  bool good = true;
  for (const auto& name : names) {
    const auto* column = require_column(ctx, table, name);
    good = good && column;
    if (!seen.insert(name.text).second) {
      ctx.sink.report(diagnostics::contradiction, name.span,
                      fmt::format("column `{}` stands twice in the key (42701)", sql::quote_ident(name.text)));
      good = false;
    } else if (column && column->generated == "virtual") {
      ctx.sink.report(diagnostics::contradiction, name.span,
                      fmt::format("`{}` is computed when it is read: there is nothing to index for a {} (0A000)",
                                  sql::quote_ident(name.text), kind_words(kind)));
      good = false;
    }
  }
  return good;
}

void check_tail(const Context& ctx, const catalog::Table& table, const std::string& kind) {
  if (ctx.call.has_word("nulls") && ctx.before.server.major() < 15)
    ctx.sink
        .report(diagnostics::server_too_old, ctx.call.span,
                fmt::format("`nulls not distinct` needs PostgreSQL 15; the server is {}", ctx.before.server.major()))
        .note("write: it over columns that are not null, or a unique index of its own for the rows with null");
  const auto* tail = ctx.call.get<syntax::TableConstraint>("tail");
  if (!tail) return;
  for (const auto& name : tail->include) (void)require_column(ctx, table, name);
  if (tail->no_inherit || tail->not_valid)
    ctx.sink.report(diagnostics::contradiction, tail->span,
                    fmt::format("a {} is neither `no inherit` nor `not valid`: it is its index", kind_words(kind)));
}

// The index bears the constraint's name.
void check_name(const Context& ctx, const catalog::Table& table) {
  const auto* used = index_to_use(ctx, table);
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!name && !used) {
    (void)require_create(ctx, table.name.schema, ctx.call.phrase);
    return;
  }
  if (!name || (used && used->name == name->text)) return;
  if (!require_new_constraint(ctx, table, *name)) return;
  const syntax::Path path{{{table.name.schema, false, name->span}, *name}, name->span};
  (void)require_new_relation(ctx, path);
}

bool check_one_primary_key(const Context& ctx, const catalog::Table& table) {
  const auto* own = table.primary_key();
  if (!own) return true;
  ctx.sink
      .report(diagnostics::contradiction, ctx.call.span,
              fmt::format("`{}` has a primary key already, and a table has one at most", table.name.text()))
      .note(fmt::format("found: {} {}", sql::quote_ident(own->name), listed(own->columns)))
      .note(fmt::format("write: drop primary key on {}; before it, or add unique", table.name.text()));
  return false;
}

// Each partition checks uniqueness by itself, so equal rows must meet in one partition (0A000).
void check_partition(const Context& ctx, const catalog::Table& member, const Key& key) {
  for (const auto& column : member.partition_columns) {
    if (contains(key.constraint.columns, column)) continue;
    ctx.sink
        .report(
            diagnostics::contradiction, ctx.call.span,
            fmt::format("a {} of the partitioned table `{}` needs all columns of its partition key: `{}` is missing",
                        kind_words(key.constraint.kind), member.name.text(), sql::quote_ident(column)))
        .note(fmt::format("found: partition by {}", member.partition_by))
        .note(
            fmt::format("write: {} among its columns, or unique indexes on the partitions", sql::quote_ident(column)));
  }
}

void check_members(const Context& ctx, const catalog::Table& table, const Key& key) {
  if (!table.partitioned()) return;
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* member = ctx.before.table(name);
    if (!member) continue;
    if (member->kind == "foreign table")
      ctx.sink.report(diagnostics::wrong_kind, ctx.call.span,
                      fmt::format("`{}` is a foreign table and cannot have an index", name.text()));
    if (member->partitioned()) check_partition(ctx, *member, key);
    if (member != &table && key.constraint.kind == "primary key" && member->primary_key())
      ctx.sink
          .report(diagnostics::contradiction, ctx.call.span,
                  fmt::format("the partition `{}` has a primary key of its own", name.text()))
          .note(fmt::format("found: {} {}", sql::quote_ident(member->primary_key()->name),
                            listed(member->primary_key()->columns)))
          .note(fmt::format("write: drop primary key on {}; before it", name.text()));
  }
}

}  // namespace

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + sql::quote_ident(name);
  return "(" + text + ")";
}

std::string kind_words(const std::string& kind) { return kind == "unique" ? "unique constraint" : kind; }

std::vector<std::string> key_columns(const catalog::Index& index) {
  std::vector<std::string> columns;
  for (const auto& part : index.parts) columns.push_back(part.column);
  return columns;
}

void check_new_key(const Context& ctx, const std::string& kind) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* columns = ctx.call.get<Names>("columns");
  if (!path || !columns) return;
  const auto* table = require_own_table(ctx, *path);
  if (!table) return;
  check_tail(ctx, *table, kind);
  if (table->kind == "foreign table") {
    ctx.sink.report(diagnostics::wrong_kind, path->span,
                    fmt::format("`{}` is a foreign table and cannot have a {}", table->name.text(), kind_words(kind)));
    return;
  }
  if (!check_columns(ctx, *table, kind, *columns)) return;
  if (kind == "primary key" && !check_one_primary_key(ctx, *table)) return;
  const auto key = key_of_call(ctx, *table, kind);
  if (!require_used_index(ctx, *table, key)) return;
  check_name(ctx, *table);
  check_members(ctx, *table, key);
}

std::vector<std::string> keys_on_index(const Context& ctx, const catalog::Table& table, const catalog::Index& index) {
  std::vector<std::string> found;
  if (!index.unique) return found;
  auto keys = key_columns(index);
  std::sort(keys.begin(), keys.end());
  for (const auto& name : ctx.before.referencing(table.name)) {
    const auto* other = ctx.before.table(name);
    if (!other) continue;
    for (const auto& constraint : other->constraints) {
      auto columns = constraint.reference_columns;
      std::sort(columns.begin(), columns.end());
      if (constraint.references == table.name && columns == keys)
        found.push_back(fmt::format("{} of {}", sql::quote_ident(constraint.name), name.text()));
    }
  }
  return found;
}

void check_drop_key(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  const auto key = existing_key(ctx, table, constraint);
  for (const auto* node : nodes(key.tree)) {
    const auto* member = ctx.before.table(node->table);
    for (const auto& needing : keys_on_index(ctx, *member, node->index))
      ctx.sink
          .report(diagnostics::still_needed, ctx.call.span,
                  fmt::format("foreign key {} needs `{}`", needing, sql::quote_ident(node->index.name)))
          .note("PostgreSQL refuses it as well (2BP01)")
          .note("write: drop foreign key … before it, and add it again over another key");
  }
}

}  // namespace mig::operations
