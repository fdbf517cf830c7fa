// Partitions in the model: what ATTACH and DETACH do to columns, constraints and indexes.
#include <algorithm>

#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/partitions.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/sql/parse.hpp"

namespace mig::operations {

namespace {

bool same_text(const std::string& a, const std::string& b) { return a == b || sql::same_expression(a, b); }

// CompareIndexInfo: what makes an index fit to be attached to one of the parent.
bool fits(const catalog::Index& of_parent, const catalog::Index& own) {
  if (of_parent.method != own.method || of_parent.unique != own.unique || of_parent.primary != own.primary ||
      of_parent.include != own.include || of_parent.nulls_not_distinct != own.nulls_not_distinct ||
      of_parent.constraint.empty() != own.constraint.empty() || !own.valid || !own.parent.empty() ||
      of_parent.parts.size() != own.parts.size() || !same_text(of_parent.predicate, own.predicate))
    return false;
  for (std::size_t i = 0; i < own.parts.size(); ++i) {
    const auto &a = of_parent.parts[i], &b = own.parts[i];
    if (a.column != b.column || a.collation != b.collation || a.opclass != b.opclass ||
        !same_text(a.expression, b.expression))
      return false;
  }
  return true;
}

bool fits(const catalog::Constraint& of_parent, const catalog::Constraint& own) {
  return own.kind == "foreign key" && own.parent.empty() && of_parent.columns == own.columns &&
         of_parent.references == own.references && of_parent.reference_columns == own.reference_columns &&
         of_parent.match == own.match && of_parent.on_delete == own.on_delete && of_parent.on_update == own.on_update &&
         of_parent.deferrable == own.deferrable && of_parent.deferred == own.deferred &&
         of_parent.validated == own.validated;
}

template <class Of, class Own>
auto* find_fitting(const Of& of_parent, Own& list) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& own) { return fits(of_parent, own); });
  return found == list.end() ? nullptr : &*found;
}

void inherit(catalog::Constraint& own, const std::string& parent) {
  own.local = false;
  own.inherited = 1;
  own.parent = parent;
}

void let_go(catalog::Constraint& own) {
  own.local = true;
  own.inherited = 0;
  own.parent.clear();
}

catalog::Constraint* by_name(catalog::Table& table, const std::string& name) {
  for (auto& each : table.constraints)
    if (each.name == name) return &each;
  return nullptr;
}

// From 17 on the partition's column is an identity column as the parent's, with the parent's sequence.
void attach_columns(catalog::Table& table, const catalog::Table& parent, int major) {
  for (auto& column : table.columns) {
    column.local = false;
    column.inherited = 1;
    const auto* above = parent.column(column.name);
    if (major >= 17 && above) column.identity = above->identity;
  }
}

void attach_parts(catalog::Table& table, const catalog::Table& parent) {
  for (const auto& above : parent.constraints) {
    if (above.kind == "check" && !above.no_inherit)
      if (auto* own = by_name(table, above.name)) inherit(*own, {});
    if (above.kind == "foreign key")
      if (auto* own = find_fitting(above, table.constraints)) inherit(*own, above.name);
  }
  for (const auto& above : parent.indexes) {
    auto* own = find_fitting(above, table.indexes);
    if (!own) continue;
    own->parent = above.name;
    if (auto* key = own->constraint.empty() ? nullptr : by_name(table, own->constraint))
      inherit(*key, above.constraint);
  }
}

// The column names of an index, by which a copy of it gets its name.
std::vector<std::string> columns_of(const catalog::Index& index) {
  std::vector<std::string> columns;
  for (const auto& part : index.parts) {
    const auto& text = part.expression;
    const auto call = text.find('(');
    const bool word = call != std::string::npos && call > 0 &&
                      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == call;
    columns.push_back(!part.column.empty() ? part.column : word ? text.substr(0, call) : "expr");
  }
  columns.insert(columns.end(), index.include.begin(), index.include.end());
  return columns;
}

std::string name_of_copy(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index,
                         const std::vector<std::string>& taken) {
  const auto& name = table.name;
  if (index.constraint.empty()) return index_name(catalog, name, columns_of(index), taken);
  if (index.primary) return relation_name(catalog, name.schema, name.name, {}, "pkey", true, taken);
  return relation_name(catalog, name.schema, name.name, name_addition(index_column_names(columns_of(index))),
                       index.unique ? "key" : "excl", true, taken);
}

catalog::Constraint copy_of(const catalog::Constraint& above) {
  auto copy = above;
  let_go(copy);
  copy.comment.clear();
  copy.definition.clear();
  return copy;
}

catalog::Index copy_of(const catalog::Index& above) {
  auto copy = above;
  copy.parent.clear();
  copy.definition.clear();
  copy.comment.clear();
  copy.replica_identity = copy.clustered = false;
  copy.valid = copy.ready = copy.live = true;
  return copy;
}

void miss_indexes(const catalog::Catalog& catalog, const Partition& partition, Missing& lacks) {
  std::vector<std::string> taken;
  auto rest = partition.table->indexes;
  for (const auto& above : partition.parent->indexes) {
    if (auto* own = find_fitting(above, rest)) {
      own->parent = above.name;  // fits once
      continue;
    }
    auto copy = copy_of(above);
    copy.name = name_of_copy(catalog, *partition.table, above, taken);
    taken.push_back(copy.name);
    if (const auto* key = above.constraint.empty() ? nullptr : partition.parent->constraint(above.constraint)) {
      auto constraint = copy_of(*key);
      constraint.name = copy.constraint = copy.name;
      lacks.keys.push_back(std::move(constraint));
    }
    lacks.indexes.push_back(std::move(copy));
  }
}

}  // namespace

Context with(const Context& ctx, const catalog::Catalog& before) {
  return {before, ctx.call, ctx.files, ctx.sink, ctx.schema, ctx.migration, ctx.park_schema, ctx.phase};
}

Partition find_partition(const Context& ctx) {
  const auto* path = ctx.call.get<syntax::Path>("partition");
  const auto* table = path ? find_table(ctx, *path) : nullptr;
  if (!table || table->partition_of.name.empty()) return {};
  return {ctx.before.table(table->partition_of), table, table->partition_bound};
}

void put_attached(catalog::Catalog& after, const Partition& partition) {
  const auto parent = *partition.parent;
  auto& table = after.edit_table(partition.table->name);
  attach_columns(table, parent, after.server.major());
  attach_parts(table, parent);
  table.partition_of = parent.name;
  table.partition_bound = partition.bound;
  auto& children = after.edit_table(parent.name).children;
  children.push_back(table.name);
  std::sort(children.begin(), children.end());
}

void put_detached(catalog::Catalog& after, const Partition& partition) {
  const auto parent = *partition.parent;
  auto& table = after.edit_table(partition.table->name);
  for (auto& column : table.columns) {
    column.local = true;
    column.inherited = 0;
    if (after.server.major() >= 17) column.identity.clear();
  }
  for (auto& constraint : table.constraints)
    if (constraint.inherited > 0) let_go(constraint);
  for (auto& index : table.indexes) index.parent.clear();
  // Clones of the parent's triggers go, on its own partitions too; only those switched apart from it are known of at
  // all.
  for (const auto& name : after.tree(table.name))
    std::erase_if(after.edit_table(name).triggers, [&](const auto& own) {
      return std::any_of(parent.triggers.begin(), parent.triggers.end(),
                         [&](const auto& above) { return above.row && above.name == own.name; });
    });
  table.partition_of = {};
  table.partition_bound.clear();
  std::erase(after.edit_table(parent.name).children, table.name);
}

Missing missing(const catalog::Catalog& catalog, const Partition& partition) {
  Missing lacks;
  auto rest = partition.table->constraints;
  for (const auto& above : partition.parent->constraints) {
    if (above.kind == "check" && !above.no_inherit && !partition.table->constraint(above.name))
      lacks.checks.push_back(copy_of(above));
    if (above.kind != "foreign key") continue;
    if (auto* own = find_fitting(above, rest)) {
      own->parent = above.name;
      continue;
    }
    auto copy = copy_of(above);
    if (partition.table->constraint(copy.name))
      copy.name = foreign_key_name(catalog, partition.table->name, copy.columns);
    lacks.foreign_keys.push_back(std::move(copy));
  }
  miss_indexes(catalog, partition, lacks);
  return lacks;
}

void put_missing(catalog::Catalog& after, const catalog::Name& name, const Missing& missing) {
  auto& table = after.edit_table(name);
  for (const auto& index : missing.indexes)
    if (index.constraint.empty() || (!index.unique && !index.primary)) add_to(table, index);
  for (const auto* list : {&missing.checks, &missing.keys, &missing.foreign_keys})
    for (const auto& constraint : *list) add_to(table, constraint);
}

}  // namespace mig::operations
