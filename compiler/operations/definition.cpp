// Columns and constraints as written: what is wrong with them.
#include "compiler/operations/definition.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/foreign_keys.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using Is = syntax::ColumnOption::Is;
using G = syntax::Generated::Is;

bool contradict(const Context& ctx, source::Span span, source::Span other, std::string message) {
  ctx.sink.report(diagnostics::contradiction, span, std::move(message)).also(other, "and this");
  return false;
}

// Null where an option of this kind may stand once only and stands twice.
bool once(const Context& ctx, const syntax::Definition& definition) {
  std::map<Is, const syntax::ColumnOption*> seen;
  bool good = true;
  for (const auto& each : definition.options) {
    if (each.is == Is::check || each.is == Is::references) continue;
    const auto [at, fresh] = seen.try_emplace(each.is, &each);
    if (!fresh) good = contradict(ctx, each.span, at->second->span, "this option stands twice");
  }
  return good;
}

bool excludes(const Context& ctx, const syntax::Definition& definition, Is a, Is b, std::string_view why) {
  const auto* first = option(definition, a);
  const auto* second = option(definition, b);
  return !first || !second || contradict(ctx, second->span, first->span, std::string(why));
}

bool check_identity(const Context& ctx, const syntax::Definition& definition, const TypeAt& type) {
  const auto* generated = option(definition, Is::generated);
  const bool identity = generated && generated->generated && !generated->generated->expression;
  if (!identity) return true;
  if (type.text == "smallint" || type.text == "integer" || type.text == "bigint") return true;
  ctx.sink.report(diagnostics::wrong_value, definition.type.span,
                  fmt::format("an identity column is smallint, integer or bigint, not {}", type.text));
  return false;
}

bool check_serial(const Context& ctx, const syntax::Definition& definition, const TypeAt& type) {
  if (!type.serial) return true;
  for (const auto is : {Is::default_, Is::generated, Is::null})
    if (const auto* other = option(definition, is))
      return contradict(ctx, other->span, definition.type.span,
                        "a serial type brings a default and not null of its own");
  return true;
}

bool check_options(const Context& ctx, const syntax::Definition& definition, const TypeAt& type) {
  bool good = once(ctx, definition);
  good = excludes(ctx, definition, Is::not_null, Is::null, "`null` and `not null` exclude each other") && good;
  good = excludes(ctx, definition, Is::primary_key, Is::null, "a primary key is never null") && good;
  good = excludes(ctx, definition, Is::default_, Is::generated, "a generated column has no default") && good;
  return check_identity(ctx, definition, type) && check_serial(ctx, definition, type) && good;
}

// A new table that refers to itself is not in the catalog yet: its keys are checked by the server with the statement.
bool check_reference(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns,
                     const syntax::Reference& reference) {
  if (new_name(ctx, reference.table) == table.name && !ctx.before.table(table.name)) return true;
  return require_foreign_key(ctx, table, columns, reference);
}

bool check_expression(const Context& ctx, const catalog::Table& table, const syntax::ColumnOption& each) {
  if (each.is == Is::default_ && each.expression)
    return require_constant_expression(ctx, *each.expression, "a default");
  if (each.is == Is::check && each.expression) return require_row_expression(ctx, table, *each.expression, "a check");
  if (each.is != Is::generated || !each.generated || !each.generated->expression) return true;
  return require_row_expression(ctx, table, *each.generated->expression, "a generated column");
}

bool check_versions(const Context& ctx, const syntax::ColumnOption& each) {
  if (each.is == Is::generated && each.generated && each.generated->is == G::virtual_)
    return require_server(ctx, 18, each.span, "virtual generated columns");
  if (each.is == Is::compression) return require_server(ctx, 14, each.span, "compression of a column");
  if (each.is == Is::unique && each.word == "not distinct")
    return require_server(ctx, 15, each.span, "nulls not distinct");
  return true;
}

bool check_option(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                  const syntax::ColumnOption& each) {
  bool good = check_versions(ctx, each) && check_expression(ctx, table, each);
  if (each.constraint) good = require_new_constraint(ctx, table, *each.constraint) && good;
  if (each.is == Is::references && each.reference) good = check_reference(ctx, table, {name}, *each.reference) && good;
  return good;
}

bool check_columns(const Context& ctx, const catalog::Table& table, const std::vector<syntax::Name>& columns) {
  bool good = true;
  std::set<std::string> seen;
  for (const auto& name : columns) {
    good = require_column(ctx, table, name) != nullptr && good;
    if (seen.insert(name.text).second) continue;
    ctx.sink.report(diagnostics::duplicate_name, name.span,
                    fmt::format("`{}` stands twice", sql::quote_ident(name.text)));
    good = false;
  }
  return good;
}

}  // namespace

const syntax::ColumnOption* option(const syntax::Definition& definition, Is is) {
  const auto found =
      std::find_if(definition.options.begin(), definition.options.end(), [&](const auto& o) { return o.is == is; });
  return found == definition.options.end() ? nullptr : &*found;
}

bool require_server(const Context& ctx, int major, source::Span span, std::string_view what) {
  if (ctx.before.server.version == 0 || ctx.before.server.major() >= major) return true;
  ctx.sink.report(diagnostics::server_too_old, span,
                  fmt::format("PostgreSQL {} has no {}: they came with {}", ctx.before.server.major(), what, major));
  return false;
}

bool require_constant_expression(const Context& ctx, const syntax::Expr& expression, std::string_view what) {
  const auto found = mentions(expression);
  for (const auto* column : found.columns)
    ctx.sink.report(diagnostics::wrong_value, column->path.span, fmt::format("{} cannot mention a column", what))
        .note(fmt::format("for a text write: '{}'", column->path.parts.back().text));
  for (const auto& span : found.queries)
    ctx.sink.report(diagnostics::wrong_value, span, fmt::format("{} cannot hold a sub-select", what));
  for (const auto& span : found.aggregates)
    ctx.sink.report(diagnostics::wrong_value, span,
                    fmt::format("{} cannot hold an aggregate or window function", what));
  return found.columns.empty() && found.queries.empty() && found.aggregates.empty();
}

bool check_column(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                  const syntax::Definition& definition) {
  const auto type = require_type(ctx, definition.type);
  bool good = type && check_options(ctx, definition, *type);
  for (const auto& each : definition.options) good = check_option(ctx, table, name, each) && good;
  return good;
}

bool check_constraint(const Context& ctx, const catalog::Table& table, const syntax::TableConstraint& constraint) {
  bool good = !constraint.name || require_new_constraint(ctx, table, *constraint.name);
  good = check_columns(ctx, table, constraint.columns) && check_columns(ctx, table, constraint.include) && good;
  if (constraint.expression) good = require_row_expression(ctx, table, *constraint.expression, "a check") && good;
  for (const auto& element : constraint.elements)
    good = require_row_expression(ctx, table, element.value, "an index") && good;
  if (constraint.nulls == "not distinct") good = require_server(ctx, 15, constraint.span, "nulls not distinct") && good;
  if (constraint.reference && good) good = check_reference(ctx, table, constraint.columns, *constraint.reference);
  return good;
}

}  // namespace mig::operations
