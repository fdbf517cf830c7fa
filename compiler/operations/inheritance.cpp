// Plain inheritance that begins and ends.
#include "compiler/operations/inheritance.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Literal;
using sql::LockMode;

namespace {

template <class T>
T* by_name(std::vector<T>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

bool inheritable(const catalog::Constraint& above) { return above.kind == "check" && !above.no_inherit; }

sql::Fragment inherits(const Heir& heir) {
  const auto &table = heir.table->name, &parent = heir.parent->name;
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class p ON p.oid = i.inhparent "
      "JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE n.nspname = {} AND c.relname = {} "
      "AND pn.nspname = {} AND p.relname = {})",
      Literal{table.schema}, Literal{table.name}, Literal{parent.schema}, Literal{parent.name});
}

}  // namespace

Heir find_heir(const Context& ctx) {
  return {find_table(ctx, *ctx.call.get<syntax::Path>("table")),
          find_table(ctx, *ctx.call.get<syntax::Path>("parent"))};
}

void put_inherited(catalog::Catalog& after, const Heir& heir) {
  const auto parent = *heir.parent;
  auto& table = after.edit_table(heir.table->name);
  for (const auto& above : parent.columns)
    if (auto* own = by_name(table.columns, above.name)) ++own->inherited;
  for (const auto& above : parent.constraints)
    if (auto* own = inheritable(above) ? by_name(table.constraints, above.name) : nullptr) ++own->inherited;
  table.inherits.push_back(parent.name);
  auto& children = after.edit_table(parent.name).children;
  children.push_back(table.name);
  std::sort(children.begin(), children.end());
}

void put_disinherited(catalog::Catalog& after, const Heir& heir) {
  const auto parent = *heir.parent;
  auto& table = after.edit_table(heir.table->name);
  const auto let_go = [](auto& own) {
    if (own.inherited > 0 && --own.inherited == 0) own.local = true;
  };
  for (const auto& above : parent.columns)
    if (auto* own = by_name(table.columns, above.name)) let_go(*own);
  for (const auto& above : parent.constraints)
    if (auto* own = inheritable(above) ? by_name(table.constraints, above.name) : nullptr) let_go(*own);
  std::erase(table.inherits, parent.name);
  std::erase(after.edit_table(parent.name).children, table.name);
}

std::vector<std::string> only_inherited(const Heir& heir) {
  std::vector<std::string> found;
  for (const auto& column : heir.table->columns)
    if (!column.local && column.inherited == 1 && heir.parent->column(column.name))
      found.push_back("column " + sql::quote_ident(column.name));
  for (const auto& constraint : heir.table->constraints)
    if (const auto* above = heir.parent->constraint(constraint.name);
        !constraint.local && constraint.inherited == 1 && above && inheritable(*above))
      found.push_back("check " + sql::quote_ident(constraint.name));
  return found;
}

sql::Step inherit_step(const Context& ctx, const Heir& heir) {
  const auto &table = heir.table->name, &parent = heir.parent->name;
  // Its inheritors are looked at, so that nothing inherits from itself.
  auto locks = tree_locks(ctx, table, LockMode::access_share);
  locks.front().mode = LockMode::access_exclusive;
  locks.push_back(lock(parent, LockMode::share_update_exclusive));
  return transaction(ctx, fmt::format("{} inherits from {}", table.text(), parent.text()),
                     {statement(sql::sql("ALTER TABLE {} INHERIT {}", table.sql(), parent.sql()), std::move(locks))},
                     inherits(heir));
}

sql::Step no_inherit_step(const Context& ctx, const Heir& heir) {
  const auto &table = heir.table->name, &parent = heir.parent->name;
  return transaction(ctx, fmt::format("{} does not inherit from {} any more", table.text(), parent.text()),
                     {statement(sql::sql("ALTER TABLE {} NO INHERIT {}", table.sql(), parent.sql()),
                                {lock(table, LockMode::access_exclusive), lock(parent, LockMode::access_share)})},
                     negate(inherits(heir)));
}

}  // namespace mig::operations
