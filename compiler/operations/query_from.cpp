// What stands in FROM: which columns it gives, and how they are qualified.
#include "compiler/operations/query_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mig::operations::queries {

namespace {

Field field_of(const catalog::Column& column, const catalog::Name& relation) {
  return {column.name, {column.type, column.collation}, relation, column.name};
}

}  // namespace

std::vector<Visible> Reader::from(const json& item, Scope& scope) {
  const auto& kind = item.begin().key();
  const auto& node = item.begin().value();
  if (kind == "RangeVar") return open(relation(node, scope), scope);
  if (kind == "RangeSubselect") {
    // Only LATERAL sees what stands before it.
    const auto* around = node.value("lateral", false) ? &scope : scope_around(scope);
    Range range{alias_of(node), select(node["subquery"]["SelectStmt"], around, {}), true, {}};
    range.fields = renamed(std::move(range.fields), column_names(node));
    return open(std::move(range), scope);
  }
  if (kind == "RangeFunction") return open(function(node, scope), scope);
  if (kind == "RangeTableSample") {
    for (const char* key : {"args", "repeatable"})
      if (node.contains(key)) visit(node[key], scope);
    return from(node["relation"], scope);
  }
  if (kind == "JoinExpr") return join(node, scope);
  visit(item, scope);
  Range range{alias_of(node), {}, false, {}};
  return open(std::move(range), scope);
}

const Scope* Reader::scope_around(const Scope& scope) {
  arounds_.push_back(std::make_unique<Scope>());
  arounds_.back()->outer = scope.outer;
  arounds_.back()->ctes = scope.ctes;
  return arounds_.back().get();
}

std::vector<Visible> Reader::open(Range range, Scope& scope) {
  std::vector<Visible> visible;
  for (const auto& field : range.fields) visible.push_back({range.alias, field});
  if (!range.known) scope.known = false;
  scope.ranges.push_back(std::move(range));
  return visible;
}

Range Reader::relation(const json& node, const Scope& scope) {
  const catalog::Name written{word(node, "schemaname"), word(node, "relname")};
  Range range{alias_of(node), {}, true, {}};
  range.place = place(node);
  if (range.alias.empty()) range.alias = written.name;
  if (const auto* cte = written.schema.empty() ? find_cte(scope, written.name) : nullptr) {
    range.fields = renamed(*cte, column_names(node));
    return range;
  }
  const auto name = types_.relation(written);
  if (!name) {
    range.known = false;
    if (written.schema != "pg_catalog" && written.schema != "information_schema" && written.name.rfind("pg_", 0) != 0)
      problem(QueryProblem::Is::relation, place(node), sql::display(written.sql()), relations(written.schema));
    return range;
  }
  range.relation = *name;
  uses_[*name];
  if (written.schema.empty()) {
    const Edit edit{place(node), place(node), sql::quote_ident(name->schema) + "."};
    edits_.push_back(edit);
    relations_.push_back(edit);
  }
  const auto* table = catalog_.table(*name);
  for (const auto& column : table ? table->columns : catalog_.view(*name)->columns)
    range.fields.push_back(field_of(column, *name));
  range.fields = renamed(std::move(range.fields), column_names(node));
  return range;
}

const Fields* Reader::find_cte(const Scope& scope, const std::string& name) {
  for (const auto* each = &scope; each; each = each->outer)
    if (const auto found = each->ctes.find(name); found != each->ctes.end()) return &found->second;
  return nullptr;
}

std::vector<std::string> Reader::relations(const std::string& schema) const {
  std::vector<std::string> found;
  for (const auto* kind : {"table", "view"})
    for (const auto& name : catalog_.names(kind))
      if (schema.empty() || name.schema == schema) found.push_back(name.name);
  return found;
}

Range Reader::function(const json& node, const Scope& scope) {
  Range range{alias_of(node), {}, true, {}};
  const auto& items = node["functions"];
  if (items.size() != 1) {
    visit(node["functions"], scope);
    range.known = false;
    return range;
  }
  const auto& called = items[0]["List"]["items"][0];
  visit(called, scope);
  const auto name = called.contains("FuncCall") ? function_of(called["FuncCall"], catalog_.server.major()).name
                                                : figured_name(called, catalog_.server.major());
  if (range.alias.empty()) range.alias = name;
  range.fields = result_fields(called, range.alias, scope);
  if (node.contains("coldeflist")) {
    range.fields.clear();
    for (const auto& each : node["coldeflist"])
      range.fields.push_back(
          {word(each["ColumnDef"], "colname"), {type_of_tree(each["ColumnDef"]["typeName"], types_), {}}, {}, {}});
  }
  if (range.fields.empty()) range.known = false;
  if (node.value("ordinality", false)) range.fields.push_back({"ordinality", {"bigint", {}}, {}, {}});
  range.fields = renamed(std::move(range.fields), column_names(node));
  return range;
}

Fields Reader::result_fields(const json& called, const std::string& alias, const Scope& scope) {
  const auto value = type_of(called, scope);
  if (!called.contains("FuncCall")) return {{alias, value, {}, {}}};
  std::vector<ValueType> arguments;
  if (called["FuncCall"].contains("args"))
    for (const auto& each : called["FuncCall"]["args"]) arguments.push_back(type_of(each, scope));
  const auto* chosen = types_.chosen(function_of(called["FuncCall"], catalog_.server.major()), arguments);
  Fields fields;
  if (!chosen) {  // PostgreSQL's own: one value, under the function's alias or its OUT parameter's name
    const auto name = function_of(called["FuncCall"], catalog_.server.major()).name;
    const bool elements = name.rfind("json", 0) == 0 && name.find("_array_elements") != std::string::npos;
    if (!value.type.empty()) fields.push_back({elements ? "value" : alias, value, {}, {}});
    return fields;
  }
  for (const auto& argument : chosen->arguments)
    if (argument.mode == "table" || argument.mode == "out" || argument.mode == "inout")
      fields.push_back({argument.name, {argument.type, {}}, {}, {}});
  if (fields.size() == 1 && fields.front().name.empty()) fields.front().name = alias;
  if (!fields.empty() || chosen->returns == "record") return fields;
  if (const auto row = catalog::parse_name(chosen->returns); row && row->size() == 2) {
    const catalog::Name name{row->front(), row->back()};
    const auto* type = catalog_.type(name);
    const auto* table = catalog_.table(name);
    const auto* view = catalog_.view(name);
    const auto* columns = table                               ? &table->columns
                          : view                              ? &view->columns
                          : type && type->kind == "composite" ? &type->attributes
                                                              : nullptr;
    if (columns) {
      for (const auto& column : *columns) fields.push_back({column.name, {column.type, column.collation}, {}, {}});
      return fields;
    }
  }
  return {{alias, value, {}, {}}};
}

std::vector<Visible> Reader::join(const json& node, Scope& scope) {
  auto left = from(node["larg"], scope);
  auto right = from(node["rarg"], scope);
  if (node.contains("quals")) {
    Scope both = scope;
    both.visible = left;
    both.visible.insert(both.visible.end(), right.begin(), right.end());
    visit(node["quals"], both);
  }
  auto shared = words_of(node, "usingClause");
  if (node.value("isNatural", false))
    for (const auto& each : left)
      if (find_visible(right, each.field.name)) shared.push_back(each.field.name);
  auto visible = merged(left, right, shared, word(node, "jointype"));
  if (node.contains("alias")) {
    Range range{alias_of(node), {}, true, {}};
    for (const auto& each : visible) range.fields.push_back(each.field);
    range.fields = renamed(std::move(range.fields), column_names(node));
    return open(std::move(range), scope);
  }
  return visible;
}

const Visible* Reader::find_visible(const std::vector<Visible>& list, const std::string& name) {
  for (const auto& each : list)
    if (each.field.name == name) return &each;
  return nullptr;
}

std::vector<Visible> Reader::merged(const std::vector<Visible>& left, const std::vector<Visible>& right,
                                    const std::vector<std::string>& shared, const std::string& kind) {
  std::vector<Visible> visible;
  const auto is_shared = [&](const Visible& each) {
    return std::find(shared.begin(), shared.end(), each.field.name) != shared.end();
  };
  for (const auto& name : shared) {
    const auto *a = find_visible(left, name), *b = find_visible(right, name);
    if (!a || !b) continue;
    for (const auto* each : {a, b}) use(each->field);
    auto one = kind == "JOIN_RIGHT" ? *b : *a;
    if (kind == "JOIN_FULL") {
      one.alias.clear();
      one.field.relation = {};
      one.field.type = types_.common({a->field.type, b->field.type});
    }
    visible.push_back(std::move(one));
  }
  for (const auto* side : {&left, &right})
    for (const auto& each : *side)
      if (!is_shared(each)) visible.push_back(each);
  return visible;
}

std::string Reader::alias_of(const json& node) {
  return node.contains("alias") ? word(node["alias"], "aliasname") : std::string{};
}

std::vector<std::string> Reader::column_names(const json& node) {
  return node.contains("alias") ? words_of(node["alias"], "colnames") : std::vector<std::string>{};
}

Fields Reader::renamed(Fields fields, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) fields[i].name = names[i];
  return fields;
}

}  // namespace mig::operations::queries
