// Indexes in the model: what a call says, what PostgreSQL would store of it.
#include "compiler/operations/indexes.hpp"

#include <algorithm>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/names.hpp"

namespace mig::operations {

namespace {

// The operator class that an index takes when none is written is not kept as one (pg_opclass.opcdefault).
bool default_opclass(const std::string& method, const std::string& opclass, const std::string& type) {
  static constexpr std::pair<const char*, const char*> internal[] = {{"smallint", "int2"},
                                                                     {"integer", "int4"},
                                                                     {"bigint", "int8"},
                                                                     {"real", "float4"},
                                                                     {"boolean", "bool"},
                                                                     {"double precision", "float8"},
                                                                     {"character varying", "text"},
                                                                     {"character", "bpchar"},
                                                                     {"bit varying", "varbit"},
                                                                     {"timestamp without time zone", "timestamp"},
                                                                     {"timestamp with time zone", "timestamptz"},
                                                                     {"time without time zone", "time"},
                                                                     {"time with time zone", "timetz"},
                                                                     {"cidr", "inet"}};
  auto base = type.substr(0, type.find('('));
  if (base.size() > 2 && base.substr(base.size() - 2) == "[]") return opclass == "array_ops";
  for (const auto& [name, short_name] : internal)
    if (base == name) base = short_name;
  const auto suffix = method == "brin" ? "_minmax_ops" : "_ops";
  return opclass == base + suffix;
}

std::string setting_text(const Context& ctx, const syntax::Setting& setting) {
  std::string value = setting.word;
  if (setting.value) {
    const auto* constant = std::get_if<syntax::Constant>(&setting.value->node);
    value = constant ? constant->value : text_of(ctx, *setting.value);
  }
  return setting.name.parts.back().text + "=" + (value.empty() ? "true" : value);
}

// What PostgreSQL does not store, since it is so by itself, is not in the model either.
void leave_out_defaults(const catalog::Table& table, const std::string& method, catalog::IndexPart& part) {
  const auto* column = table.column(part.column);
  if (!column) return;
  if (part.collation == column->collation) part.collation.clear();
  if (default_opclass(method, part.opclass, column->type)) part.opclass.clear();
}

// The names of the index's columns, by which the index gets its own: an expression's is figured from what was written.
std::vector<std::string> name_parts(const Context& ctx, const catalog::Index& index) {
  const auto& written = *ctx.call.get<std::vector<syntax::IndexElement>>("elements");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < index.parts.size(); ++i) {
    const auto figured = figure_name(written[i].value);
    const auto& column = index.parts[i].column;
    names.push_back(!column.empty() ? column : figured.empty() ? "expr" : figured);
  }
  names.insert(names.end(), index.include.begin(), index.include.end());
  return names;
}

}  // namespace

catalog::Table table_like(const catalog::View& view) {
  catalog::Table table;
  table.name = view.name;
  table.kind = "materialized view";
  table.owner = view.owner;
  table.columns = view.columns;
  table.indexes = view.indexes;
  const auto made_by = [&](const catalog::Column& column) { return column.made_by == view.columns.front().made_by; };
  if (!view.columns.empty() && std::all_of(view.columns.begin(), view.columns.end(), made_by))
    table.made_by = view.columns.front().made_by;
  return table;
}

catalog::Index index_of_call(const Context& ctx, const catalog::Table& table, bool unique) {
  catalog::Index index;
  const auto& call = ctx.call;
  if (const auto* method = call.get<syntax::Name>("method")) index.method = method->text;
  index.unique = unique;
  const auto* elements = call.get<std::vector<syntax::IndexElement>>("elements");
  for (const auto& element : *elements) {
    index.parts.push_back(make_part(ctx, element));
    leave_out_defaults(table, index.method, index.parts.back());
  }
  if (const auto* include = call.get<std::vector<syntax::Name>>("include"))
    for (const auto& name : *include) index.include.push_back(name.text);
  if (const auto* condition = call.get<syntax::Expr>("condition")) index.predicate = text_of(ctx, *condition);
  index.nulls_not_distinct = unique && call.has_word("nulls") && call.has_word("not");
  if (const auto* settings = call.get<std::vector<syntax::Setting>>("options"))
    for (const auto& setting : *settings) index.options.push_back(setting_text(ctx, setting));
  if (const auto* tablespace = call.get<syntax::Name>("tablespace")) index.tablespace = tablespace->text;
  const auto* name = call.get<syntax::Name>("name");
  index.name = name ? name->text : index_name(ctx.before, table.name, name_parts(ctx, index));
  return index;
}

namespace {

IndexTree tree_of(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index,
                  const std::vector<std::string>& columns, std::vector<std::string>& taken) {
  IndexTree tree{table.name, index, table.partitioned(), {}, table.kind == "materialized view"};
  taken.push_back(index.name);
  if (!tree.partitioned) return tree;
  for (const auto& child_name : table.children) {
    const auto* child = catalog.table(child_name);
    if (!child) continue;
    auto part = index;
    part.name = index_name(catalog, child_name, columns, taken);
    part.parent = index.name;
    part.comment.clear();
    tree.parts.push_back(tree_of(catalog, *child, part, columns, taken));
  }
  return tree;
}

}  // namespace

IndexTree index_tree(const Context& ctx, const catalog::Table& table, const catalog::Index& index) {
  std::vector<std::string> taken;
  return tree_of(ctx.before, table, index, name_parts(ctx, index), taken);
}

IndexTree existing_tree(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index) {
  IndexTree tree{table.name, index, table.partitioned(), {}, table.kind == "materialized view"};
  if (!tree.partitioned) return tree;
  for (const auto& child_name : table.children) {
    const auto* child = catalog.table(child_name);
    if (!child) continue;
    for (const auto& part : child->indexes)
      if (part.parent == index.name) tree.parts.push_back(existing_tree(catalog, *child, part));
  }
  return tree;
}

std::vector<std::string> index_names(const catalog::Catalog& catalog, const std::string& schema) {
  std::vector<std::string> names;
  for (const auto& name : catalog.names("table")) {
    const auto* table = schema.empty() || name.schema == schema ? catalog.table(name) : nullptr;
    if (table)
      for (const auto& index : table->indexes) names.push_back(index.name);
  }
  for (const auto& name : catalog.names("view"))
    if (schema.empty() || name.schema == schema)
      for (const auto& index : catalog.view(name)->indexes) names.push_back(index.name);
  return names;
}

std::vector<const IndexTree*> nodes(const IndexTree& tree) {
  std::vector<const IndexTree*> all{&tree};
  for (const auto& part : tree.parts)
    for (const auto* node : nodes(part)) all.push_back(node);
  return all;
}

void put_indexes(catalog::Catalog& after, const IndexTree& tree) {
  if (tree.view) {
    auto view = *after.view(tree.table);
    auto table = table_like(view);
    add_to(table, tree.index);
    view.indexes = std::move(table.indexes);
    after.put(std::move(view));
    return;
  }
  for (const auto* node : nodes(tree)) add_to(after.edit_table(node->table), node->index);
}

void remove_indexes(catalog::Catalog& after, const IndexTree& tree) {
  const auto remove = [](std::vector<catalog::Index>& indexes, const std::string& name) {
    std::erase_if(indexes, [&](const catalog::Index& index) { return index.name == name; });
  };
  if (tree.view) {
    auto view = *after.view(tree.table);
    remove(view.indexes, tree.index.name);
    after.put(std::move(view));
    return;
  }
  for (const auto* node : nodes(tree)) remove(after.edit_table(node->table).indexes, node->index.name);
}

}  // namespace mig::operations
