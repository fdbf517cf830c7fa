// Written names to catalog objects: tables, columns, and the hints for names that are not there.
#include "compiler/operations/resolve.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "compiler/diagnostics/suggest.hpp"

namespace mig::operations {

namespace {

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && diagnostics::distance(a, b) == 0;
}

// All relations of a kind that a written name could mean: of its schema, else of the search path.
std::vector<std::string> candidates(const Context& ctx, std::string_view kind, const std::string& schema) {
  std::vector<std::string> found;
  const auto& path = ctx.before.server.search_path;
  for (const auto& name : ctx.before.names(kind)) {
    const bool visible =
        schema.empty() ? name.schema == ctx.schema || std::find(path.begin(), path.end(), name.schema) != path.end()
                       : name.schema == schema;
    if (visible) found.push_back(name.name);
  }
  return found;
}

std::optional<catalog::Name> find_relation(const Context& ctx, const catalog::Name& name) {
  if (!name.schema.empty()) return name;
  const catalog::Name own{ctx.schema, name.name};
  if (!ctx.schema.empty() && !ctx.before.relation_kind(own).empty()) return own;
  return ctx.before.find_table({}, name.name);
}

// Another schema that has a table of this name: the search path is the commonest reason for "no table".
std::optional<catalog::Name> elsewhere(const Context& ctx, const std::string& table) {
  for (const auto& name : ctx.before.names("table"))
    if (name.name == table) return name;
  return std::nullopt;
}

// PostgreSQL's own type names need no quotes, though as names of columns some would.
std::string spelled(const diagnostics::Code& code, const std::string& candidate) {
  const bool plain = candidate.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_ ") == std::string::npos;
  return &code == &diagnostics::unknown_type && plain ? candidate : sql::quote_ident(candidate);
}

std::string list_columns(const catalog::Table& table, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    if (const auto* column = table.column(name))
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", sql::quote_ident(name), column->type);
  return text;
}

}  // namespace

std::string_view written(const Context& ctx, const syntax::Name& name) { return ctx.files.text(name.span); }

catalog::Name as_name(const syntax::Path& path) {
  assert(!path.parts.empty());
  const auto size = path.parts.size();
  return {size > 1 ? path.parts[size - 2].text : std::string{}, path.parts.back().text};
}

diagnostics::Diagnostic& report_unknown(const Context& ctx, const diagnostics::Code& code, const syntax::Name& name,
                                        std::string message, const std::vector<std::string>& candidates) {
  auto& diagnostic = ctx.sink.report(code, name.span, std::move(message));
  const std::string as_written(written(ctx, name));
  for (const auto& candidate : candidates) {
    if (!same_ignoring_case(candidate, name.text)) continue;
    if (!name.quoted && as_written != name.text)
      diagnostic.label(fmt::format("means {}: names fold to lower case without quotes", name.text));
    return diagnostic.suggest(spelled(code, candidate));
  }
  const auto near = diagnostics::nearest(name.text, candidates, 1);
  if (!near.empty()) {
    diagnostic.label(fmt::format("did you mean `{}`?", spelled(code, near.front())));
    diagnostic.suggest(spelled(code, near.front()));
  }
  return diagnostic;
}

const catalog::Table* find_table(const Context& ctx, const syntax::Path& path) {
  const auto name = find_relation(ctx, as_name(path));
  return name ? ctx.before.table(*name) : nullptr;
}

namespace {

// Planned for what it was, an operation would do something else to what it is.
const catalog::Table* report_opaque(const Context& ctx, const catalog::Table& table, source::Span span) {
  ctx.sink
      .report(diagnostics::changed_by_sql, span,
              fmt::format("what `{}` is after the `sql` before this is not known here", table.name.text()))
      .note("found: sql in " + table.opaque)
      .note("write: this before the sql, or into a migration that is compiled once that one is applied");
  return nullptr;
}

}  // namespace

const catalog::Table* require_table(const Context& ctx, const syntax::Path& path) {
  if (path.parts.size() > 2) {
    ctx.sink.report(diagnostics::unknown_table, path.span, "a table is written `table` or `schema.table`");
    return nullptr;
  }
  if (path.parts.size() == 2 && !require_schema(ctx, path.parts.front())) return nullptr;
  const auto name = find_relation(ctx, as_name(path));
  if (name) {
    if (const auto* table = ctx.before.table(*name))
      return table->opaque.empty() ? table : report_opaque(ctx, *table, path.span);
    if (const auto kind = ctx.before.relation_kind(*name); !kind.empty()) {
      ctx.sink.report(diagnostics::wrong_kind, path.span, fmt::format("`{}` is a {}, not a table", name->text(), kind));
      return nullptr;
    }
  }
  const auto wanted = as_name(path);
  auto& diagnostic =
      report_unknown(ctx, diagnostics::unknown_table, path.parts.back(), fmt::format("no table `{}`", wanted.text()),
                     candidates(ctx, "table", wanted.schema));
  if (!diagnostic.fix)
    if (const auto other = elsewhere(ctx, wanted.name))
      diagnostic.note("found: " + other->text()).suggest(other->text());
  return nullptr;
}

const catalog::Table* require_own_table(const Context& ctx, const syntax::Path& path) {
  const auto* table = require_table(ctx, path);
  if (!table) return nullptr;
  for (const auto& name : ctx.before.tree(table->name)) {
    const auto* member = ctx.before.table(name);
    if (member && !require_owner(ctx, "table", name, member->owner, path.span)) return nullptr;
  }
  return table;
}

syntax::Path table_part(const syntax::Path& path) {
  syntax::Path table = path;
  table.parts.pop_back();
  if (!table.parts.empty()) table.span = source::join(table.parts.front().span, table.parts.back().span);
  return table;
}

bool require_column_path(const Context& ctx, const syntax::Path& path) {
  if (path.parts.size() == 2 || path.parts.size() == 3) return true;
  auto& diagnostic = ctx.sink.report(diagnostics::incomplete_name, path.span,
                                     fmt::format("`{}` names no column of a table", ctx.files.text(path.span)));
  diagnostic.note("write: table.column or schema.table.column");
  return false;
}

ColumnAt find_column(const Context& ctx, const syntax::Path& path) {
  if (path.parts.size() < 2) return {};
  const auto* table = find_table(ctx, table_part(path));
  if (!table) return {};
  return {table, table->column(path.parts.back().text)};
}

const catalog::Column* require_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name) {
  if (const auto* column = table.column(name.text)) return column;
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  auto& diagnostic =
      report_unknown(ctx, diagnostics::unknown_column, name,
                     fmt::format("no column `{}` in `{}`", sql::quote_ident(name.text), table.name.text()), names);
  auto near = diagnostics::nearest(name.text, names);
  if (near.empty() && names.size() <= 12) near = names;
  if (!near.empty()) diagnostic.note("found: " + list_columns(table, near));
  return nullptr;
}

ColumnAt require_column(const Context& ctx, const syntax::Path& path) {
  if (!require_column_path(ctx, path)) return {};
  const auto* table = require_table(ctx, table_part(path));
  if (!table) return {};
  const auto* column = require_column(ctx, *table, path.parts.back());
  return column ? ColumnAt{table, column} : ColumnAt{};
}

ColumnAt require_own_column(const Context& ctx, const syntax::Path& path) {
  if (!require_column_path(ctx, path)) return {};
  const auto* table = require_own_table(ctx, table_part(path));
  if (!table) return {};
  const auto* column = require_column(ctx, *table, path.parts.back());
  return column ? ColumnAt{table, column} : ColumnAt{};
}

}  // namespace mig::operations
