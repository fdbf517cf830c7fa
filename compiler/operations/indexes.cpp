// Indexes in the model: what a call says, what PostgreSQL would store of it.
#include "compiler/operations/indexes.hpp"

#include <algorithm>

#include "compiler/operations/expressions.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

const catalog::Column& column_of(const catalog::Table& table, const syntax::Name& name) {
  return *table.column(name.text);  // check has seen that it is there
}

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

std::string path_text(const syntax::Path& path) {
  std::string text;
  for (const auto& part : path.parts) text += (text.empty() ? "" : ".") + sql::quote_ident(part.text);
  return text;
}

std::string setting_text(const Context& ctx, const syntax::Setting& setting) {
  std::string value = setting.word;
  if (setting.value) {
    const auto* constant = std::get_if<syntax::Constant>(&setting.value->node);
    value = constant ? constant->value : text_of(ctx, *setting.value);
  }
  return setting.name.parts.back().text + "=" + (value.empty() ? "true" : value);
}

catalog::IndexPart part_of(const Context& ctx, const catalog::Table& table, const std::string& method,
                           const syntax::IndexElement& element) {
  catalog::IndexPart part;
  std::string type;
  std::string collation;
  if (const auto* name = plain_column(element)) {
    part.column = name->text;
    type = column_of(table, *name).type;
    collation = column_of(table, *name).collation;
  } else {
    part.expression = text_of(ctx, element.value);
  }
  if (element.collation) {
    part.collation = path_text(*element.collation);
    if (part.collation == collation) part.collation.clear();
  }
  if (element.opclass) {
    const auto opclass = path_text(*element.opclass);
    if (!default_opclass(method, element.opclass->parts.back().text, type)) part.opclass = opclass;
  }
  for (const auto& [name, value] : element.opclass_options)
    part.opclass_options += (part.opclass_options.empty() ? "" : ", ") + name + "=" + text_of(ctx, value);
  part.descending = element.direction == "desc";
  part.nulls_first = element.nulls.empty() ? part.descending : element.nulls == "first";
  return part;
}

std::vector<std::string> name_parts(const syntax::Call& call, const catalog::Index& index) {
  std::vector<std::string> names;
  const auto* elements = call.get<std::vector<syntax::IndexElement>>("elements");
  for (const auto& element : *elements) {
    const auto* column = plain_column(element);
    const auto figured = column ? column->text : figure_name(element.value);
    names.push_back(figured.empty() ? "expr" : figured);
  }
  names.insert(names.end(), index.include.begin(), index.include.end());
  return names;
}

// Column names for the index of a partition: those that the index itself shows.
std::vector<std::string> name_parts(const catalog::Index& index, const std::vector<std::string>& expressions) {
  std::vector<std::string> names;
  std::size_t next = 0;
  for (const auto& part : index.parts)
    names.push_back(!part.column.empty() ? part.column : next < expressions.size() ? expressions[next++] : "expr");
  names.insert(names.end(), index.include.begin(), index.include.end());
  return names;
}

}  // namespace

catalog::Index index_of_call(const Context& ctx, const catalog::Table& table, bool unique) {
  catalog::Index index;
  const auto& call = ctx.call;
  if (const auto* method = call.get<syntax::Name>("method")) index.method = method->text;
  index.unique = unique;
  for (const auto& element : *call.get<std::vector<syntax::IndexElement>>("elements"))
    index.parts.push_back(part_of(ctx, table, index.method, element));
  if (const auto* include = call.get<std::vector<syntax::Name>>("include"))
    for (const auto& name : *include) index.include.push_back(name.text);
  if (const auto* condition = call.get<syntax::Expr>("condition")) index.predicate = text_of(ctx, *condition);
  index.nulls_not_distinct = unique && call.has_word("nulls") && call.has_word("not");
  if (const auto* settings = call.get<std::vector<syntax::Setting>>("options"))
    for (const auto& setting : *settings) index.options.push_back(setting_text(ctx, setting));
  if (const auto* tablespace = call.get<syntax::Name>("tablespace")) index.tablespace = tablespace->text;
  const auto* name = call.get<syntax::Name>("name");
  index.name = name ? name->text : index_name(ctx.before, table.name, name_parts(call, index));
  return index;
}

namespace {

IndexTree tree_of(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index,
                  std::vector<std::string>& taken) {
  IndexTree tree{table.name, index, table.partitioned(), {}};
  taken.push_back(index.name);
  if (!tree.partitioned) return tree;
  for (const auto& child_name : table.children) {
    const auto* child = catalog.table(child_name);
    if (!child) continue;
    auto part = index;
    // PostgreSQL names them by the columns of the parent's index, expressions as "expr".
    part.name = index_name(catalog, child_name, name_parts(index, {}), taken);
    part.parent = index.name;
    part.comment.clear();
    tree.parts.push_back(tree_of(catalog, *child, part, taken));
  }
  return tree;
}

}  // namespace

IndexTree index_tree(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index) {
  std::vector<std::string> taken;
  return tree_of(catalog, table, index, taken);
}

IndexTree existing_tree(const catalog::Catalog& catalog, const catalog::Table& table, const catalog::Index& index) {
  IndexTree tree{table.name, index, table.partitioned(), {}};
  if (!tree.partitioned) return tree;
  for (const auto& child_name : table.children) {
    const auto* child = catalog.table(child_name);
    if (!child) continue;
    for (const auto& part : child->indexes)
      if (part.parent == index.name) tree.parts.push_back(existing_tree(catalog, *child, part));
  }
  return tree;
}

std::vector<const IndexTree*> nodes(const IndexTree& tree) {
  std::vector<const IndexTree*> all{&tree};
  for (const auto& part : tree.parts)
    for (const auto* node : nodes(part)) all.push_back(node);
  return all;
}

void put_indexes(catalog::Catalog& after, const IndexTree& tree) {
  for (const auto* node : nodes(tree)) {
    auto& indexes = after.edit_table(node->table).indexes;
    const auto by_name = [](const catalog::Index& a, const catalog::Index& b) { return a.name < b.name; };
    indexes.insert(std::upper_bound(indexes.begin(), indexes.end(), node->index, by_name), node->index);
  }
}

void remove_indexes(catalog::Catalog& after, const IndexTree& tree) {
  for (const auto* node : nodes(tree)) {
    auto& indexes = after.edit_table(node->table).indexes;
    std::erase_if(indexes, [&](const catalog::Index& index) { return index.name == node->index.name; });
  }
}

}  // namespace mig::operations
