// Constraints in the model and in calls: names, kinds, copies on partitions and inheritors.
#include "compiler/operations/constraints.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

const catalog::Constraint* own_constraint(const catalog::Table& table, std::string_view name, std::string_view kind) {
  const auto* found = table.constraint(name);
  return found && found->kind == kind ? found : nullptr;
}

// What people call it.
std::string said(std::string_view kind) {
  if (kind == "exclude") return "exclusion constraint";
  return kind == "unique" ? "unique constraint" : std::string(kind);
}

std::string with_article(std::string_view kind) { return (kind == "exclude" ? "an " : "a ") + said(kind); }

void report_unknown_constraint(const Context& ctx, const catalog::Table& table, const syntax::Name& name,
                               std::string_view kind) {
  std::vector<std::string> names;
  for (const auto& constraint : table.constraints)
    if (constraint.kind == kind) names.push_back(constraint.name);
  auto& diagnostic = report_unknown(
      ctx, diagnostics::unknown_constraint, name,
      fmt::format("no {} `{}` on `{}`", said(kind), sql::quote_ident(name.text), table.name.text()), names);
  if (names.empty()) diagnostic.note(fmt::format("found: `{}` has no {}", table.name.text(), said(kind)));
  for (const auto& candidate : names) diagnostic.note("found: " + sql::quote_ident(candidate));
}

// The drop of the constraint that this one is a copy of.
std::string drop_of_parent(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  auto parents = table.inherits;
  if (!table.partition_of.name.empty()) parents.push_back(table.partition_of);
  for (const auto& name : parents) {
    const auto* parent = ctx.before.table(name);
    const auto* own =
        parent ? parent->constraint(constraint.parent.empty() ? constraint.name : constraint.parent) : nullptr;
    if (own) return own->inherited > 0 ? drop_of_parent(ctx, *parent, *own) : drop_of(*parent, *own);
  }
  return fmt::format("drop {} {} on its parent", constraint.kind, sql::quote_ident(constraint.name));
}

// The copy of a foreign key on a partition: with its own name where the parent's is taken there
// (addFkRecurseReferencing).
void put_foreign_key_copies(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                            const catalog::Constraint& constraint) {
  for (const auto& child_name : table.children) {
    const auto* child = ctx.before.table(child_name);
    if (!child) continue;
    auto copy = constraint;
    copy.comment.clear();
    copy.local = false;
    copy.inherited = 1;
    copy.parent = constraint.name;
    if (child->constraint(copy.name)) copy.name = foreign_key_name(ctx.before, child_name, copy.columns);
    add_to(after.edit_table(child_name), copy);
    put_foreign_key_copies(ctx, after, *child, copy);
  }
}

// An inheritor that has the check already keeps it and counts one parent more (MergeConstraintsIntoExisting).
void put_check_copies(catalog::Catalog& after, const catalog::Name& table, const catalog::Constraint& constraint) {
  const auto children = after.table(table)->children;
  for (const auto& child : children) {
    auto& edited = after.edit_table(child);
    const auto existing = std::find_if(edited.constraints.begin(), edited.constraints.end(),
                                       [&](const auto& own) { return own.name == constraint.name; });
    if (existing != edited.constraints.end()) {
      ++existing->inherited;
      continue;
    }
    auto copy = constraint;
    copy.comment.clear();
    copy.local = false;
    copy.inherited = 1;
    add_to(edited, copy);
    put_check_copies(after, child, constraint);
  }
}

void remove_from(catalog::Table& table, const std::string& name) {
  std::erase_if(table.constraints, [&](const catalog::Constraint& own) { return own.name == name; });
}

void remove_check_copies(catalog::Catalog& after, const catalog::Name& table, const std::string& name) {
  const auto children = after.table(table)->children;
  for (const auto& child : children) {
    auto& edited = after.edit_table(child);
    const auto copy = std::find_if(edited.constraints.begin(), edited.constraints.end(),
                                   [&](const auto& own) { return own.name == name; });
    if (copy == edited.constraints.end() || copy->inherited == 0) continue;
    if (--copy->inherited > 0 || copy->local) continue;
    remove_from(edited, name);
    remove_check_copies(after, child, name);
  }
}

}  // namespace

std::string drop_of(const catalog::Table& table, const catalog::Constraint& constraint) {
  if (constraint.kind == "primary key") return fmt::format("drop primary key on {}", table.name.text());
  return fmt::format("drop {} {} on {}", constraint.kind, sql::quote_ident(constraint.name), table.name.text());
}

const catalog::Table* table_of_call(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("table");
  return path ? find_table(ctx, *path) : nullptr;
}

const catalog::Constraint* find_constraint(const Context& ctx, std::string_view kind) {
  const auto* table = table_of_call(ctx);
  const auto* name = ctx.call.get<syntax::Name>("name");
  return table && name ? own_constraint(*table, name->text, kind) : nullptr;
}

const catalog::Constraint* require_constraint(const Context& ctx, const catalog::Table& table, std::string_view kind) {
  const auto* name = ctx.call.get<syntax::Name>("name");
  if (!name) return nullptr;
  const auto* found = table.constraint(name->text);
  if (!found) {
    report_unknown_constraint(ctx, table, *name, kind);
    return nullptr;
  }
  if (found->kind != kind) {
    ctx.sink
        .report(diagnostics::wrong_kind, name->span,
                fmt::format("`{}` is {}, not {}", sql::quote_ident(found->name), with_article(found->kind),
                            with_article(kind)))
        .note("write: " + drop_of(table, *found));
    return nullptr;
  }
  if (found->inherited == 0) return found;
  ctx.sink
      .report(diagnostics::inherited, name->span,
              fmt::format("`{}` of `{}` comes from its parent table and goes only with the parent's",
                          sql::quote_ident(found->name), table.name.text()))
      .note("write: " + drop_of_parent(ctx, table, *found));
  return nullptr;
}

const catalog::Constraint* require_some_constraint(const Context& ctx, const catalog::Table& table) {
  const auto& name = *ctx.call.get<syntax::Name>("name");
  if (const auto* constraint = table.constraint(name.text)) return constraint;
  for (const auto& column : table.columns)
    if (column.not_null_name == name.text) {
      ctx.sink
          .report(diagnostics::wrong_kind, name.span,
                  fmt::format("`{}` is the NOT NULL of column `{}`, which is known by its column",
                              sql::quote_ident(name.text), sql::quote_ident(column.name)))
          .note("its name is of PostgreSQL 18 and means nothing to mig: write sql $$…$$ where you need another");
      return nullptr;
    }
  std::vector<std::string> names;
  for (const auto& constraint : table.constraints) names.push_back(constraint.name);
  auto& diagnostic =
      report_unknown(ctx, diagnostics::unknown_constraint, name,
                     fmt::format("no constraint `{}` on `{}`", sql::quote_ident(name.text), table.name.text()), names);
  for (const auto& each : table.constraints)
    diagnostic.note(fmt::format("found: {} ({})", sql::quote_ident(each.name), each.kind));
  return nullptr;
}

void check_new_constraint(const Context& ctx, const catalog::Table& table) {
  if (const auto* name = ctx.call.get<syntax::Name>("name")) (void)require_new_constraint(ctx, table, *name);
}

bool all_made_here(const Context& ctx, const catalog::Table& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const auto* column = table.column(name);
    return column && made_here(ctx, table, *column);
  });
}

std::vector<const catalog::Table*> sharers(const Context& ctx, const catalog::Table& table,
                                           const catalog::Constraint& constraint) {
  std::vector<const catalog::Table*> found{&table};
  const bool shared = constraint.kind == "check" ? !constraint.no_inherit : table.partitioned();
  if (!shared) return found;
  for (const auto& name : ctx.before.tree(table.name))
    if (const auto* member = ctx.before.table(name); member && member->name != table.name) found.push_back(member);
  return found;
}

void put_constraint(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                    const catalog::Constraint& constraint) {
  add_to(after.edit_table(table.name), constraint);
  if (constraint.kind == "foreign key" && table.partitioned()) put_foreign_key_copies(ctx, after, table, constraint);
  if (constraint.kind == "check" && !constraint.no_inherit) put_check_copies(after, table.name, constraint);
}

void remove_constraint(const Context& ctx, catalog::Catalog& after, const catalog::Table& table,
                       const catalog::Constraint& constraint) {
  remove_from(after.edit_table(table.name), constraint.name);
  if (constraint.kind == "check") return remove_check_copies(after, table.name, constraint.name);
  for (const auto& child : table.partitioned() ? table.children : std::vector<catalog::Name>{})
    if (const auto* part = ctx.before.table(child))
      for (const auto& copy : part->constraints)
        if (copy.parent == constraint.name) remove_constraint(ctx, after, *part, copy);
}

std::vector<std::string> constraint_touches(const Context& ctx, const catalog::Table& table,
                                            const catalog::Constraint& constraint) {
  std::vector<std::string> keys;
  for (const auto* member : sharers(ctx, table, constraint)) keys.push_back(catalog::key("table", member->name));
  keys.push_back(catalog::key("constraint", table.name, constraint.name));
  if (constraint.kind == "foreign key" && constraint.references != table.name)
    keys.push_back(catalog::key("table", constraint.references));
  return keys;
}

}  // namespace mig::operations
