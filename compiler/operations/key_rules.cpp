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

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + sql::quote_ident(name);
  return "(" + text + ")";
}

std::string said(const std::string& kind) { return kind == "unique" ? "unique constraint" : kind; }

std::vector<std::string> key_columns(const catalog::Index& index) {
  std::vector<std::string> columns;
  for (const auto& part : index.parts) columns.push_back(part.column);
  return columns;
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
                                  sql::quote_ident(name.text), said(kind)));
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
                    fmt::format("a {} is neither `no inherit` nor `not valid`: it is its index", said(kind)));
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
      .note(fmt::format("found: {} {}", sql::quote_ident(own->name), list(own->columns)))
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
                        said(key.constraint.kind), member.name.text(), sql::quote_ident(column)))
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
                            list(member->primary_key()->columns)))
          .note(fmt::format("write: drop primary key on {}; before it", name.text()));
  }
}

// Why PostgreSQL would not take this index for the key (transformIndexConstraint); empty: it would.
std::string why_not(const catalog::Table& table, const catalog::Index& index, const Key& key) {
  if (table.partitioned()) return "PostgreSQL has no `using index` for partitioned tables (0A000)";
  if (!index.constraint.empty()) return "it belongs to constraint " + sql::quote_ident(index.constraint);
  if (!index.parent.empty()) return "it is a part of the parent's index " + sql::quote_ident(index.parent);
  if (!index.unique) return "it is not unique";
  if (!index.valid) return "it is not valid: its build failed or is not done";
  if (!index.predicate.empty()) return "it is partial: where " + index.predicate;
  for (const auto& part : index.parts) {
    if (part.column.empty()) return "it contains the expression " + part.expression;
    if (part.descending || part.nulls_first)
      return fmt::format("{} is not sorted in the usual way, ascending with nulls last", sql::quote_ident(part.column));
    if (!part.opclass.empty() || !part.collation.empty())
      return fmt::format("{} has another operator class or collation than its column", sql::quote_ident(part.column));
  }
  if (key_columns(index) != key.constraint.columns) return "its columns are " + list(key_columns(index));
  const bool nulls = index.nulls_not_distinct;
  if (nulls && key.constraint.kind == "primary key") return "it takes nulls for equal, which a primary key does not";
  return {};
}

bool check_used_index(const Context& ctx, const catalog::Table& table, const Key& key) {
  const auto* name = ctx.call.get<syntax::Name>("index");
  if (!name) return true;
  const auto* index = table.index(name->text);
  if (!index) {
    std::vector<std::string> names;
    for (const auto& each : table.indexes) names.push_back(each.name);
    (void)report_unknown(ctx, diagnostics::unknown_index, *name,
                         fmt::format("no index `{}` on `{}`", sql::quote_ident(name->text), table.name.text()), names);
    return false;
  }
  const auto* tail = ctx.call.get<syntax::TableConstraint>("tail");
  auto reason = why_not(table, *index, key);
  if (reason.empty() && tail && !tail->include.empty()) reason = "what it includes stands in the index itself";
  if (reason.empty() && ctx.call.has_word("nulls") && !index->nulls_not_distinct)
    reason = "it does not say nulls not distinct";
  if (reason.empty()) return true;
  ctx.sink
      .report(diagnostics::contradiction, name->span,
              fmt::format("index `{}` cannot be the index of this {}", sql::quote_ident(index->name),
                          said(key.constraint.kind)))
      .label(reason)
      .note("write: it without `using index`; an index is then built");
  return false;
}

}  // namespace

void check_new_key(const Context& ctx, const std::string& kind) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  const auto* columns = ctx.call.get<Names>("columns");
  if (!path || !columns) return;
  const auto* table = require_own_table(ctx, *path);
  if (!table) return;
  check_tail(ctx, *table, kind);
  if (table->kind == "foreign table") {
    ctx.sink.report(diagnostics::wrong_kind, path->span,
                    fmt::format("`{}` is a foreign table and cannot have a {}", table->name.text(), said(kind)));
    return;
  }
  if (!check_columns(ctx, *table, kind, *columns)) return;
  if (kind == "primary key" && !check_one_primary_key(ctx, *table)) return;
  const auto key = key_of_call(ctx, *table, kind);
  if (!check_used_index(ctx, *table, key)) return;
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
