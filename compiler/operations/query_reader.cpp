// Queries and the expressions in them: whose each column is, and what is used.
#include "compiler/operations/query_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mig::operations::queries {

std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }
std::size_t place(const json& node) {
  const auto at = node.value("location", 0);
  return at < 0 ? 0 : static_cast<std::size_t>(at);
}

Fields Reader::select(const json& query, const Scope* outer, const Naming& naming) {
  Scope scope;
  scope.outer = outer;
  if (query.contains("withClause")) with(query["withClause"], scope);
  if (query.contains("intoClause")) problem(QueryProblem::Is::into, 0, {}, {});
  if (word(query, "op") != "SETOP_NONE") return set_operation(query, scope, naming);
  if (query.contains("valuesLists")) return values(query, scope, naming);
  // The outermost query over one relation, from 16 on.
  scope.bare = outer == nullptr && catalog_.server.major() >= 16 && query.contains("fromClause") &&
               query["fromClause"].size() == 1 && !query["fromClause"][0].contains("JoinExpr");
  if (query.contains("fromClause"))
    for (const auto& item : query["fromClause"]) {
      auto visible = from(item, scope);
      scope.visible.insert(scope.visible.end(), visible.begin(), visible.end());
    }
  for (const char* key : {"whereClause", "havingClause", "windowClause", "limitCount", "limitOffset"})
    if (query.contains(key)) visit(query[key], scope);
  Targets targets;
  if (query.contains("targetList"))
    for (const auto& item : query["targetList"]) target(item["ResTarget"], scope, naming, targets);
  if (query.contains("groupClause"))
    for (const auto& item : query["groupClause"]) by_target(item, scope, targets, false);
  if (query.contains("distinctClause"))
    for (const auto& item : query["distinctClause"]) by_target(item, scope, targets, true);
  if (query.contains("sortClause"))
    for (const auto& item : query["sortClause"]) by_target(item["SortBy"]["node"], scope, targets, true);
  return std::move(targets.fields);
}

void Reader::with(const json& clause, Scope& scope) {
  for (const auto& item : clause["ctes"]) {
    const auto& cte = item["CommonTableExpr"];
    const auto name = word(cte, "ctename");
    if (!cte["ctequery"].contains("SelectStmt")) {
      problem(QueryProblem::Is::changes_rows, place(cte), name, {});
      scope.ctes[name] = {};
      continue;
    }
    const auto& query = cte["ctequery"]["SelectStmt"];
    // A recursive query reads itself with the columns of its first part.
    if (clause.value("recursive", false) && query.contains("larg")) {
      const auto edits = edits_.size(), relations = relations_.size();
      const auto problems = shape_.problems.size();
      scope.ctes[name] = renamed(select(query["larg"], &scope, {}), words_of(cte, "aliascolnames"));
      edits_.resize(edits);
      relations_.resize(relations);
      shape_.problems.resize(problems);
    }
    scope.ctes[name] = renamed(select(query, &scope, {}), words_of(cte, "aliascolnames"));
  }
}

Fields Reader::set_operation(const json& query, const Scope& scope, const Naming& naming) {
  auto left = select(query["larg"], &scope, naming);
  std::vector<std::string> shown;
  for (const auto& field : left) shown.push_back(field.name);
  const auto right = select(query["rarg"], &scope, {naming.names ? &shown : nullptr, false});
  for (std::size_t i = 0; i < left.size(); ++i) {
    left[i].relation = {};
    if (i < right.size()) left[i].type = types_.common({left[i].type, right[i].type});
    if (left[i].type.type == untyped) left[i].type.type = "text";
  }
  if (query.contains("sortClause"))
    for (const auto& item : query["sortClause"]) by_number(item["SortBy"]["node"], left);
  return left;
}

Fields Reader::values(const json& query, const Scope& scope, const Naming& naming) {
  std::vector<std::vector<ValueType>> columns;
  for (const auto& row : query["valuesLists"]) {
    const auto& items = row["List"]["items"];
    columns.resize(std::max(columns.size(), items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
      visit(items[i], scope);
      columns[i].push_back(type_of(items[i], scope));
    }
  }
  Fields fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto type = types_.common(columns[i]);
    if (type.type == untyped) type.type = "text";
    fields.push_back({naming.name(i, "column" + std::to_string(i + 1)), type, {}, {}});
  }
  return fields;
}

void Reader::visit(const json& node, const Scope& scope) {
  if (node.is_array())
    for (const auto& each : node) visit(each, scope);
  if (!node.is_object()) return;
  for (const auto& [key, value] : node.items()) {
    if (key == "ColumnRef") {
      column(value, scope);
    } else if (key == "SubLink") {
      if (value.contains("testexpr")) visit(value["testexpr"], scope);
      outputs_[&value] = select(value["subselect"]["SelectStmt"], &scope, {nullptr, false});
    } else if (key == "ParamRef") {
      problem(QueryProblem::Is::parameter, place(value), {}, {});
    } else if (key != "TypeName" && key != "typeName") {
      if (key == "FuncCall") called(value);
      if (key == "A_Expr") operands(value, scope);
      visit(value, scope);
    }
  }
}

void Reader::operands(const json& operation, const Scope& scope) {
  if (word(operation, "kind") != "AEXPR_OP") return;
  for (const char* side : {"lexpr", "rexpr"}) {
    if (!operation.contains(side) || !operation[side].contains("ColumnRef")) continue;
    const auto* type = type_of_text(type_of(operation[side], scope).type);
    if (!type || type->kind != "domain") continue;
    auto end = place(operation[side]["ColumnRef"]);
    for (std::size_t i = 0; i < operation[side]["ColumnRef"]["fields"].size(); ++i)
      end = sql::tree::ident_end(text_, i == 0 ? end : end + 1);
    edits_.push_back({end, end, "::" + without_modifiers(type->base)});
  }
}

const catalog::Type* Reader::type_of_text(const std::string& text) const {
  const auto name = catalog::parse_name(text);
  return name && name->size() == 2 ? catalog_.type({name->front(), name->back()}) : nullptr;
}

void Reader::called(const json& call) {
  for (const auto* function : types_.functions(function_of(call, catalog_.server.major())))
    if (!function->system && function->name.schema != "pg_catalog") functions_.insert(function->name);
}

const Range* Reader::find_range(const Scope& scope, const std::string& alias) {
  for (const auto* each = &scope; each; each = each->outer)
    for (const auto& range : each->ranges)
      if (range.alias == alias) return &range;
  return nullptr;
}

const Field* Reader::find_field(const Range& range, const std::string& name) {
  for (const auto& field : range.fields)
    if (field.name == name) return &field;
  return nullptr;
}

Reader::Found Reader::find(const std::vector<std::string>& words, const Scope& scope) const {
  Found found;
  if (words.size() == 1) {
    for (const auto* each = &scope; each && !found.field; each = each->outer) {
      if (const auto* visible = find_visible(each->visible, words.front()))
        return {&visible->field, nullptr, visible->alias, true};
      found.known = found.known && each->known;
    }
    if (const auto* range = find_range(scope, words.front())) return {nullptr, range, {}, true};
    return found;
  }
  const auto* range = find_range(scope, words[words.size() - 2]);
  if (!range) return {nullptr, nullptr, {}, false};
  return {find_field(*range, words.back()), nullptr, range->alias, range->known};
}

void Reader::column(const json& reference, const Scope& scope) {
  const auto words = words_of(reference, "fields");
  if (words.size() != reference["fields"].size()) {  // t.* within an expression: the whole row
    if (const auto* range = words.empty() ? nullptr : find_range(scope, words.back()))
      for (const auto& field : range->fields) use(field);
    return;
  }
  const auto found = find(words, scope);
  if (found.range)
    for (const auto& field : found.range->fields) use(field);
  if (found.field) {
    use(*found.field);
    if (words.size() == 1 && !found.alias.empty() && !(scope.bare && find_visible(scope.visible, words.front())))
      edits_.push_back({place(reference), place(reference), sql::quote_ident(found.alias) + "."});
    if (words.size() == 3)  // schema.table.column: PostgreSQL says no schema there
      edits_.push_back({place(reference), sql::tree::ident_end(text_, place(reference)) + 1, {}});
  } else if (found.known && !found.range && !system_column(words.back()) && words.size() < 3) {
    problem(QueryProblem::Is::column, place(reference), words.back(), columns(words, scope));
  }
}

bool Reader::system_column(const std::string& name) {
  static const std::set<std::string> all{"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
  return all.count(name) != 0;
}

std::vector<std::string> Reader::columns(const std::vector<std::string>& words, const Scope& scope) {
  std::vector<std::string> names;
  for (const auto& range : scope.ranges)
    if (words.size() == 1 || range.alias == words.front())
      for (const auto& field : range.fields) names.push_back(field.name);
  return names;
}

ValueType Reader::type_of(const json& node, const Scope& scope) const {
  QueryNames names;
  names.column = [&](const json& reference) -> ValueType {
    const auto words = words_of(reference, "fields");
    if (words.empty() || words.size() != reference["fields"].size()) return {};
    const auto found = find(words, scope);
    if (found.field) return found.field->type;
    if (found.range && !found.range->relation.name.empty()) return {found.range->relation.text(), {}};
    return {};
  };
  names.first_output = [&](const json& sublink) -> ValueType {
    const auto known = outputs_.find(&sublink);
    return known == outputs_.end() || known->second.empty() ? ValueType{} : known->second.front().type;
  };
  return type_of_expression(node, types_, names);
}

void Reader::use(const Field& field) {
  if (!field.relation.name.empty()) uses_[field.relation].insert(field.column);
}

void Reader::problem(QueryProblem::Is is, std::size_t offset, std::string name, std::vector<std::string> candidates) {
  shape_.problems.push_back({is, offset, std::move(name), std::move(candidates)});
}

}  // namespace mig::operations::queries
