// An index that exists as the index of a key: what PostgreSQL takes (transformIndexConstraint).
#include <fmt/format.h>

#include "compiler/operations/keys.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

// Why PostgreSQL would not take this index for the key; empty: it would.
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
  if (key_columns(index) != key.constraint.columns) return "its columns are " + listed(key_columns(index));
  const bool nulls = index.nulls_not_distinct;
  if (nulls && key.constraint.kind == "primary key") return "it takes nulls for equal, which a primary key does not";
  return {};
}

}  // namespace

bool require_used_index(const Context& ctx, const catalog::Table& table, const Key& key) {
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
                          kind_words(key.constraint.kind)))
      .label(reason)
      .note("write: it without `using index`; an index is then built");
  return false;
}

}  // namespace mig::operations
