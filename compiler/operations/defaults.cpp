// Defaults of columns.
#include "compiler/operations/defaults.hpp"

#include <fmt/format.h>

#include "compiler/operations/render.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Ident;
using sql::Literal;
using sql::LockMode;

namespace {

sql::Fragment change(const sql::Fragment& target, const std::string& column, const std::string& value) {
  if (value.empty()) return sql::sql("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", target, Ident{column});
  return sql::sql("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", target, Ident{column}, expression(value));
}

// The server prints names without their schema where search_path finds them.
std::string without_schemas(const Context& ctx, std::string text) {
  for (const auto& schema : ctx.before.server.search_path) {
    const auto prefix = sql::quote_ident(schema) + ".";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
      text.erase(at, prefix.size());
  }
  return text;
}

}  // namespace

bool require_plain_default(const Context& ctx, const ColumnAt& at, source::Span span) {
  if (at.column->identity.empty() && at.column->generated.empty()) return true;
  const auto* kind = at.column->identity.empty() ? "a generated column" : "an identity column";
  ctx.sink.report(diagnostics::contradiction, span,
                  fmt::format("`{}` of `{}` is {}: it has no default of its own", sql::quote_ident(at.column->name),
                              at.table->name.text(), kind));
  return false;
}

sql::Statement default_change(const Context& ctx, const catalog::Name& table, const std::string& column,
                              const std::string& value) {
  return statement(change(sql::fragment(table.sql()), column, value),
                   tree_locks(ctx, table, LockMode::access_exclusive));
}

std::vector<sql::Statement> restore_defaults(const Context& ctx, const catalog::Table& table,
                                             const std::string& column) {
  const auto before = table.column(column)->default_;
  std::vector<sql::Statement> statements{default_change(ctx, table.name, column, before)};
  for (const auto& name : ctx.before.tree(table.name)) {
    const auto* below = ctx.before.table(name);
    const auto* own = below ? below->column(column) : nullptr;
    if (!own || own->default_ == before) continue;
    statements.push_back(statement(change(sql::sql("ONLY {}", name.sql()), column, own->default_),
                                   {lock(name, LockMode::access_exclusive)}));
  }
  return statements;
}

sql::Fragment default_differs(const Context& ctx, const catalog::Name& table, const std::string& column,
                              const std::string& value) {
  if (value.empty()) return has_default(table, column);
  const auto stored = [&](const std::string& text) { return has_default_text(table, column, Literal{text}); };
  const auto bare = without_schemas(ctx, value);
  const auto same = bare == value ? stored(value) : either(stored(value), stored(bare));
  return negate(same);
}

void put_default(const Context& ctx, catalog::Catalog& after, const catalog::Name& table, const std::string& column,
                 const std::string& value) {
  for (const auto& name : ctx.before.tree(table))
    for (auto& each : after.edit_table(name).columns)
      if (each.name == column) each.default_ = value;
}

}  // namespace mig::operations
