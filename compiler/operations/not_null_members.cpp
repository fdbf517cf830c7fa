// Members of a tree that are not null apart from their parent.
#include "compiler/operations/not_null_members.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/not_null.hpp"
#include "compiler/operations/steps.hpp"
#include "compiler/operations/type_text.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::LockMode;

namespace {

using Names = std::vector<catalog::Name>;

const catalog::Column* column_of(const Context& ctx, const catalog::Name& table, const std::string& column) {
  const auto* found = ctx.before.table(table);
  return found ? found->column(column) : nullptr;
}

// Those of the tree whose column is not null (or the others), parents first.
Names members(const Context& ctx, const catalog::Name& table, const std::string& column, bool not_null) {
  Names list;
  for (const auto& name : ctx.before.tree(table))
    if (const auto* own = column_of(ctx, name, column); own && own->not_null == not_null) list.push_back(name);
  return list;
}

bool holds(const Names& list, const catalog::Name& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

Names topmost(const Context& ctx, const Names& list) {
  const auto listed = [&](const catalog::Name& name) { return holds(list, name); };
  Names heads;
  for (const auto& name : list) {
    const auto& table = *ctx.before.table(name);
    if (!listed(table.partition_of) && std::none_of(table.inherits.begin(), table.inherits.end(), listed))
      heads.push_back(name);
  }
  return heads;
}

sql::Statement nullable_only(const catalog::Name& table, const std::string& column) {
  return statement(sql::sql("ALTER TABLE ONLY {} ALTER COLUMN {} DROP NOT NULL", table.sql(), Ident{column}),
                   {lock(table, LockMode::access_exclusive)}, sql::Work::instant, "not on those that had it before");
}

// The rows that stand in the way: also of a composite column, where `IS NULL` asks for its fields.
Fragment nulls(const Context& ctx, const NotNull& rule, const std::string& asked, bool whole_rows) {
  const auto test =
      is_composite(ctx, rule.table, rule.column) ? sql::sql("IS NOT DISTINCT FROM NULL") : sql::sql("IS NULL");
  return sql::sql("SELECT {} FROM {} WHERE {} {}", whole_rows ? sql::sql("*") : sql::fragment(Ident{asked}),
                  rule.target(), Ident{asked}, test);
}

// The tables on which it is to be set again: a head with all below it, or, where some of those were nullable, each
// member on its own.
std::vector<NotNull> rules(const Context& ctx, const catalog::Name& table, const std::string& column) {
  std::vector<NotNull> list;
  for (const auto& head : not_null_heads(ctx, table, column)) {
    const bool whole = ctx.before.server.major() >= 18 || members(ctx, head, column, false).empty();
    if (whole) list.push_back({ctx, head, column, false});
    if (whole) continue;
    for (const auto& name : members(ctx, head, column, true)) list.push_back({ctx, name, column, true});
  }
  return list;
}

}  // namespace

Fragment NotNull::target() const { return only ? sql::sql("ONLY {}", table.sql()) : sql::fragment(table.sql()); }

std::vector<sql::Lock> NotNull::locks(LockMode mode) const {
  return only ? std::vector{lock(table, mode)} : tree_locks(ctx, table, mode);
}

bool is_composite(const Context& ctx, const catalog::Name& table, const std::string& column) {
  const auto* own = column_of(ctx, table, column);
  if (!own) return false;
  const auto type = type_text(ctx, own->type);
  if (type.array) return false;
  if (type.type) return type.type->kind == "composite";
  const auto name = catalog::parse_name(type.base);
  return name && name->size() == 2 &&
         (ctx.before.table({name->front(), name->back()}) || ctx.before.view({name->front(), name->back()}));
}

std::vector<catalog::Name> not_null_heads(const Context& ctx, const catalog::Name& table, const std::string& column) {
  return topmost(ctx, members(ctx, table, column, true));
}

std::vector<sql::Statement> nullable_again(const NotNull& rule) {
  const auto& [ctx, table, column, only] = rule;
  if (only) return {nullable_only(table, column)};
  const auto kept = members(ctx, table, column, true);
  const auto* root = ctx.before.table(table);
  if (kept.empty() || !root) return {nullable(ctx, table, column)};
  // A member's own NOT NULL stays when its parent's goes: PostgreSQL looks no further down.
  if (ctx.before.server.major() >= 18) {
    auto alone = nullable(ctx, table, column);
    const auto heads = topmost(ctx, kept);
    std::erase_if(alone.locks, [&](const sql::Lock& each) {
      const catalog::Name name{each.relation.schema, each.relation.name};
      return holds(kept, name) && !holds(heads, name);
    });
    return {std::move(alone)};
  }
  std::vector<sql::Statement> list;
  if (!root->partitioned()) {
    for (const auto& name : members(ctx, table, column, false)) list.push_back(nullable_only(name, column));
    return list;
  }
  list.push_back(nullable(ctx, table, column));
  for (const auto& name : topmost(ctx, kept))
    list.push_back(statement(sql::sql("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", name.sql(), Ident{column}),
                             tree_locks(ctx, name, LockMode::access_exclusive), sql::Work::scan,
                             "it was not null before, and PostgreSQL takes that away with its parent's"));
  return list;
}

std::vector<sql::Step> not_null_back(const Context& ctx, const catalog::Name& table, const std::string& column,
                                     const std::string& asked, bool fresh) {
  const auto list = rules(ctx, table, column);
  std::vector<sql::Step> steps;
  std::vector<Fragment> rows;
  for (const auto& rule : list) {
    for (auto& step : set_not_null_steps(rule, fresh, column_of(ctx, rule.table, column)->not_null_name))
      steps.push_back(std::move(step));
    rows.push_back(nulls(ctx, rule, asked, list.size() == 1));
  }
  return as_way_back(std::move(steps), {fmt::format("no row of {} has {} null", table.text(), sql::quote_ident(asked)),
                                        sql::join(rows, " UNION ALL ")});
}

}  // namespace mig::operations
