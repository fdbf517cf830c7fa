// Keys in the model: as called, as they are.
#include "compiler/operations/keys.hpp"

#include <algorithm>

#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

std::vector<std::string> texts(const std::vector<syntax::Name>* names) {
  std::vector<std::string> list;
  if (names)
    for (const auto& name : *names) list.push_back(name.text);
  return list;
}

// ChooseIndexName: included columns count as well.
std::string chosen_name(const catalog::Catalog& catalog, const catalog::Name& table, const catalog::Constraint& key,
                        const std::vector<std::string>& taken) {
  if (key.kind == "primary key") return relation_name(catalog, table.schema, table.name, {}, "pkey", true, taken);
  auto columns = key.columns;
  columns.insert(columns.end(), key.include.begin(), key.include.end());
  return relation_name(catalog, table.schema, table.name, name_addition(index_column_names(columns)), "key", true,
                       taken);
}

IndexTree tree_of(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Constraint& key,
                  const catalog::Index& index, std::vector<std::string>& taken) {
  IndexTree tree{table.name, index, table.partitioned(), {}};
  taken.push_back(index.name);
  if (!tree.partitioned) return tree;
  for (const auto& name : table.children) {
    const auto* child = catalog.table(name);
    if (!child) continue;
    auto part = index;
    part.name = part.constraint = chosen_name(catalog, name, key, taken);
    part.parent = index.name;
    tree.parts.push_back(tree_of(catalog, *child, key, part, taken));
  }
  return tree;
}

void remove_index(catalog::Table& table, const std::string& name) {
  std::erase_if(table.indexes, [&](const catalog::Index& index) { return index.name == name; });
}

// NOT NULL goes to inheritors as well, the key does not.
void put_not_null(const Context& ctx, catalog::Catalog& after, const Key& key) {
  for (const auto& name : ctx.before.tree(key.tree.table))
    for (auto& column : after.edit_table(name).columns)
      if (std::find(key.constraint.columns.begin(), key.constraint.columns.end(), column.name) !=
          key.constraint.columns.end()) {
        if (after.server.major() >= 18 && column.not_null_name.empty())
          column.not_null_name = sql::object_name(name.name, column.name, "not_null");
        column.not_null = column.not_null_valid = true;
      }
}

}  // namespace

const catalog::Index* index_to_use(const Context& ctx, const catalog::Table& table) {
  const auto* name = ctx.call.get<syntax::Name>("index");
  return name ? table.index(name->text) : nullptr;
}

Key key_of_call(const Context& ctx, const catalog::Table& table, const std::string& kind) {
  Key key;
  auto& constraint = key.constraint;
  constraint.kind = kind;
  constraint.columns = texts(ctx.call.get<std::vector<syntax::Name>>("columns"));
  constraint.nulls_not_distinct = ctx.call.has_word("nulls");
  if (const auto* tail = ctx.call.get<syntax::TableConstraint>("tail")) {
    constraint.include = texts(&tail->include);
    constraint.deferred = tail->timing.deferred.value_or(false);
    constraint.deferrable = tail->timing.deferrable.value_or(constraint.deferred);
  }
  const auto* used = index_to_use(ctx, table);
  const auto* written = ctx.call.get<syntax::Name>("name");
  constraint.name = written ? written->text : used ? used->name : chosen_name(ctx.before, table.name, constraint, {});
  auto index = used ? *used : index_of(constraint);
  if (used) {
    constraint.include = used->include;
    constraint.nulls_not_distinct = used->nulls_not_distinct;
    index.name = index.constraint = constraint.name;
    index.primary = kind == "primary key";
  }
  std::vector<std::string> taken;
  key.tree = tree_of(ctx.before, table, constraint, index, taken);
  return key;
}

Key existing_key(const Context& ctx, const catalog::Table& table, const catalog::Constraint& constraint) {
  return {constraint, existing_tree(ctx.before, table, *table.index(constraint.name))};
}

catalog::Constraint constraint_at(const Context& ctx, const Key& key, const IndexTree& node) {
  if (node.table == key.tree.table) return key.constraint;
  const auto* table = ctx.before.table(node.table);
  if (const auto* own = table ? table->constraint(node.index.name) : nullptr) return *own;
  auto copy = key.constraint;
  copy.name = node.index.name;
  copy.comment.clear();
  copy.parent = node.index.parent;
  copy.local = false;
  copy.inherited = 1;
  return copy;
}

void put_new_key(const Context& ctx, catalog::Catalog& after, const std::string& kind) {
  const auto* of = find_table(ctx, *ctx.call.get<syntax::Path>("table"));
  const auto key = key_of_call(ctx, *of, kind);
  if (const auto* used = index_to_use(ctx, *of)) remove_index(after.edit_table(of->name), used->name);
  for (const auto* node : nodes(key.tree)) {
    auto& table = after.edit_table(node->table);
    add_to(table, constraint_at(ctx, key, *node));  // with an index of its own, as plain as can be
    remove_index(table, node->index.name);
    add_to(table, node->index);
  }
  if (kind == "primary key") put_not_null(ctx, after, key);
}

void remove_key(catalog::Catalog& after, const Key& key) {
  for (const auto* node : nodes(key.tree)) {
    auto& table = after.edit_table(node->table);
    remove_index(table, node->index.name);
    std::erase_if(table.constraints, [&](const catalog::Constraint& own) { return own.name == node->index.name; });
  }
}

}  // namespace mig::operations
