// Foreign keys, checked before the server would refuse them.
#include "compiler/operations/foreign_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

using Columns = std::vector<std::string>;

bool same_set(Columns a, Columns b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

std::string list(const Columns& columns) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : ", ") + sql::quote_ident(column);
  return "(" + text + ")";
}

Columns key_columns(const catalog::Index& index) {
  Columns columns;
  for (const auto& part : index.parts) columns.push_back(part.column);
  return columns;
}

// What a foreign key may refer to (transformFkeyCheckAttrs): valid, not partial, without expressions, not deferrable.
std::vector<Columns> unique_keys(const catalog::Table& table) {
  std::vector<Columns> keys;
  for (const auto& index : table.indexes) {
    const auto* constraint = index.constraint.empty() ? nullptr : table.constraint(index.constraint);
    const auto columns = key_columns(index);
    const bool expressions = std::find(columns.begin(), columns.end(), std::string{}) != columns.end();
    if (index.unique && index.valid && index.predicate.empty() && !expressions &&
        !(constraint && constraint->deferrable))
      keys.push_back(columns);
  }
  return keys;
}

// The base of a type as PostgreSQL prints it: without modifiers, a domain's base.
std::string base_type(const Context& ctx, const std::string& type) {
  const auto name = catalog::parse_name(type);
  if (name && name->size() == 2)
    if (const auto* known = ctx.before.type({name->front(), name->back()}); known && known->kind == "domain")
      return base_type(ctx, known->base);
  return type.substr(0, type.find('('));
}

int position(const Columns& words, const std::string& word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? -1 : static_cast<int>(found - words.begin());
}

// An operator of the key's operator family, or an implicit cast to the key's type (ATAddForeignKeyConstraint).
bool comparable(const std::string& referencing, const std::string& referenced) {
  static const Columns integers{"smallint", "integer", "bigint"};
  static const Columns numbers{"smallint", "integer", "bigint", "numeric", "real", "double precision"};
  static const Columns texts{"text", "character varying", "character", "name"};
  static const Columns times{"date", "timestamp without time zone", "timestamp with time zone"};
  if (referencing == referenced) return true;
  if (position(integers, referencing) >= 0 && position(integers, referenced) >= 0) return true;
  // Implicit casts go upwards only: numeric to integer is none.
  if (position(numbers, referencing) >= 0 && position(numbers, referencing) < position(numbers, referenced))
    return true;
  if (position(texts, referencing) >= 0 && position(texts, referenced) >= 0) return true;
  return position(times, referencing) >= 0 && position(times, referenced) >= 0;
}

void check_type(const Context& ctx, const catalog::Table& table, const catalog::Column& column, source::Span span,
                const catalog::Table& target, const catalog::Column& key) {
  const auto from = base_type(ctx, column.type);
  const auto to = base_type(ctx, key.type);
  if (from == to) return;
  const auto found = fmt::format("found: {}.{} {}, {}.{} {}", table.name.text(), sql::quote_ident(column.name),
                                 column.type, target.name.text(), sql::quote_ident(key.name), key.type);
  if (!comparable(from, to)) {
    ctx.sink
        .report(diagnostics::type_mismatch, span,
                fmt::format("`{}` cannot refer to a column of type {}", sql::quote_ident(column.name), key.type))
        .label(column.type)
        .note(found)
        .note("PostgreSQL has no equality between them that the key's index serves (42804)");
    return;
  }
  ctx.sink
      .report(diagnostics::types_differ, span,
              fmt::format("`{}` refers to a column of another type", sql::quote_ident(column.name)))
      .note(found)
      .note("each check converts or compares across types, and the narrower one cannot hold all keys");
}

bool require_key(const Context& ctx, const catalog::Table& target, const syntax::Reference& reference,
                 const Columns& wanted) {
  const auto keys = unique_keys(target);
  if (std::any_of(keys.begin(), keys.end(), [&](const Columns& key) { return same_set(key, wanted); })) return true;
  auto& diagnostic =
      ctx.sink.report(diagnostics::no_unique_key, reference.span,
                      fmt::format("no primary key or unique index of `{}` is on {}", target.name.text(), list(wanted)));
  for (const auto& key : keys) diagnostic.note("found: " + list(key));
  if (keys.empty()) diagnostic.note(fmt::format("found: `{}` has none", target.name.text()));
  diagnostic.note(keys.empty() ? fmt::format("write: add unique index on {} {}", target.name.text(), list(wanted))
                               : fmt::format("write: references {} {}", target.name.text(), list(keys.front())));
  return false;
}

// The columns of the other table: written, else those of its primary key.
std::optional<Columns> referenced_columns(const Context& ctx, const catalog::Table& target,
                                          const syntax::Reference& reference) {
  Columns columns;
  bool known = true;
  for (const auto& name : reference.columns) {
    known = require_column(ctx, target, name) != nullptr && known;
    columns.push_back(name.text);
  }
  if (!reference.columns.empty()) return known ? std::optional(columns) : std::nullopt;
  if (const auto* key = target.primary_key()) return key->columns;
  auto& diagnostic = ctx.sink.report(diagnostics::no_unique_key, reference.span,
                                     fmt::format("`{}` has no primary key to refer to", target.name.text()));
  const auto keys = unique_keys(target);
  for (const auto& key : keys) diagnostic.note(fmt::format("write: references {} {}", target.name.text(), list(key)));
  if (keys.empty())
    diagnostic.note(fmt::format("write: add unique index on {} (…) first, and its columns here", target.name.text()));
  return std::nullopt;
}

void check_actions(const Context& ctx, const syntax::Reference& reference) {
  if (reference.match == "partial")
    ctx.sink.report(diagnostics::contradiction, reference.span, "`match partial` does not exist in PostgreSQL (0A000)")
        .note("write: match full, or nothing");
  for (const auto& action : reference.actions) {
    if (action.columns.empty()) continue;
    if (action.event == "update")
      ctx.sink.report(diagnostics::contradiction, reference.span, "only `on delete` takes columns");
    else if (ctx.before.server.major() < 15)
      ctx.sink.report(diagnostics::server_too_old, reference.span,
                      fmt::format("`on delete {} (…)` needs PostgreSQL 15; the server is {}", action.action,
                                  ctx.before.server.major()));
  }
}

}  // namespace

bool require_foreign_key(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns,
                         const syntax::Reference& reference) {
  check_actions(ctx, reference);
  bool known = true;
  for (const auto& name : columns) known = require_column(ctx, table, name) != nullptr && known;
  const auto* target = require_table(ctx, reference.table);
  if (!target || !require_references(ctx, *target, reference.table.span)) return false;
  if (table.persistence == "permanent" && target->persistence == "unlogged") {
    ctx.sink.report(
        diagnostics::contradiction, reference.span,
        fmt::format("`{}` is unlogged: a table that survives a crash cannot refer to it", target->name.text()));
    return false;
  }
  const auto keys = referenced_columns(ctx, *target, reference);
  if (!known || !keys) return false;
  if (keys->size() != columns.size()) {
    ctx.sink
        .report(diagnostics::contradiction, reference.span,
                fmt::format("{} columns refer to {}", columns.size(), keys->size()))
        .note(fmt::format("found: {} {}", target->name.text(), list(*keys)));
    return false;
  }
  if (!require_key(ctx, *target, reference, *keys)) return false;
  for (std::size_t i = 0; i < columns.size(); ++i)
    check_type(ctx, table, *table.column(columns[i].text), columns[i].span, *target, *target->column((*keys)[i]));
  return true;
}

bool has_index_on(const catalog::Table& table, const std::vector<std::string>& columns) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const catalog::Index& index) {
    const auto keys = key_columns(index);
    return index.predicate.empty() && keys.size() >= columns.size() &&
           same_set({keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(columns.size())}, columns);
  });
}

}  // namespace mig::operations
