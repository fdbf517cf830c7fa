// Plain columns of views, from the tree of the view's query.
#include "compiler/operations/view_columns.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/server_parser.hpp"

namespace mig::operations {

namespace {

using nlohmann::json;

struct Range {
  std::string alias;
  catalog::Name relation;
};

const json* at(const json& node, std::initializer_list<const char*> path) {
  const json* found = &node;
  for (const char* key : path) {
    if (!found->is_object()) return nullptr;
    const auto next = found->find(key);
    if (next == found->end()) return nullptr;
    found = &*next;
  }
  return found;
}

void collect(const json& node, std::vector<Range>& ranges) {
  if (node.is_array())
    for (const auto& each : node) collect(each, ranges);
  if (const auto* table = at(node, {"RangeVar"})) {
    const catalog::Name name{table->value("schemaname", ""), table->value("relname", "")};
    const auto* alias = at(*table, {"alias", "aliasname"});
    ranges.push_back({alias ? alias->get<std::string>() : name.name, name});
  } else if (const auto* join = at(node, {"JoinExpr"})) {
    if (const auto* left = at(*join, {"larg"})) collect(*left, ranges);
    if (const auto* right = at(*join, {"rarg"})) collect(*right, ranges);
  } else if (node.is_object() && !node.empty()) {
    ranges.push_back({});  // a sub-select or function: its columns are nobody's
  }
}

std::vector<std::string> fields_of(const json& reference) {
  std::vector<std::string> fields;
  const auto* list = at(reference, {"fields"});
  if (!list) return fields;
  for (const auto& each : *list)
    if (const auto* text = at(each, {"String", "sval"})) fields.push_back(text->get<std::string>());
  return fields.size() == list->size() ? fields : std::vector<std::string>{};
}

bool has_column(const catalog::Catalog& catalog, const catalog::Name& relation, const std::string& column) {
  if (const auto* table = catalog.table(relation)) return table->column(column) != nullptr;
  const auto* view = catalog.view(relation);
  return view && std::any_of(view->columns.begin(), view->columns.end(),
                             [&](const catalog::Column& each) { return each.name == column; });
}

const Range* find(const catalog::Catalog& catalog, const std::vector<Range>& ranges,
                  const std::vector<std::string>& fields) {
  for (const auto& range : ranges) {
    if (range.relation.name.empty()) continue;
    if (fields.size() == 2 ? range.alias == fields.front() : has_column(catalog, range.relation, fields.back()))
      return &range;
  }
  return nullptr;
}

}  // namespace

std::vector<PlainColumn> plain_columns(const catalog::Catalog& catalog, const catalog::View& view) {
  std::vector<PlainColumn> found;
  const auto parsed = sql::parse_to_json(view.definition);
  if (parsed.error) return found;
  const auto tree = json::parse(parsed.json, nullptr, false);
  if (tree.is_discarded() || !tree.contains("stmts") || tree["stmts"].size() != 1) return found;
  const auto* select = at(tree["stmts"][0], {"stmt", "SelectStmt"});
  if (!select || !select->contains("targetList") || !select->contains("fromClause")) return found;
  std::vector<Range> ranges;
  collect((*select)["fromClause"], ranges);
  for (const auto& target : (*select)["targetList"]) {
    const auto* reference = at(target, {"ResTarget", "val", "ColumnRef"});
    if (!reference) continue;
    const auto fields = fields_of(*reference);
    const auto* range = fields.empty() || fields.size() > 2 ? nullptr : find(catalog, ranges, fields);
    if (!range) continue;
    const auto* name = at(target, {"ResTarget", "name"});
    found.push_back({name ? name->get<std::string>() : fields.back(), range->relation, fields.back()});
  }
  return found;
}

void retype_in_views(catalog::Catalog& after, const catalog::Name& relation, const std::string& column,
                     const std::string& type, const std::string& collation) {
  for (const auto& [kind, name] : after.users(relation)) {
    if (kind != "view") continue;
    const auto* known = after.view(name);
    for (const auto& plain : plain_columns(after, *known)) {
      if (plain.relation != relation || plain.column != column) continue;
      auto view = *known;
      for (auto& each : view.columns)
        if (each.name == plain.name) {
          each.type = type;
          each.collation = collation;
        }
      after.put(std::move(view));
      retype_in_views(after, name, plain.name, type, collation);
      known = after.view(name);
    }
  }
}

}  // namespace mig::operations
