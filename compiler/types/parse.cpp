// libpg_query's JSON into nodes: queries and their parts. Expressions are read in parse_node.cpp.
#include "compiler/types/parse.hpp"

#include <nlohmann/json.hpp>

#include "compiler/sql/server_parser.hpp"
#include "compiler/types/parse_node.hpp"

namespace mig::types {

namespace reading {

namespace {

From read_join(const json& fields, const Text& text) {
  From from;
  from.is = From::Is::join;
  from.text = fields.value("jointype", "JOIN_INNER");
  from.natural = fields.value("isNatural", false);
  from.sides.push_back(read_from(fields["larg"], text));
  from.sides.push_back(read_from(fields["rarg"], text));
  from.name = strings(fields, "usingClause");
  if (fields.contains("join_using_alias")) from.using_alias = fields["join_using_alias"].value("aliasname", "");
  if (fields.contains("quals")) from.on.push_back(read_node(fields["quals"], text));
  return from;
}

From read_range_function(const json& fields, const Text& text) {
  From from;
  from.is = From::Is::function;
  from.lateral = fields.value("lateral", false);
  from.ordinality = fields.value("ordinality", false);
  for (const auto& each : fields["functions"]) {
    const auto& pair = each["List"]["items"];
    from.functions.push_back(read_node(pair[0], text));
    std::vector<Node> definitions;
    if (pair.size() > 1 && pair[1].is_object() && pair[1].contains("List"))
      for (const auto& column : pair[1]["List"]["items"]) definitions.push_back(read_definition(column, text));
    from.definition_lists.push_back(std::move(definitions));
  }
  if (fields.contains("coldeflist"))
    for (const auto& each : fields["coldeflist"]) from.definitions.push_back(read_definition(each, text));
  return from;
}

void read_with(const json& fields, Query& query, const Text& text) {
  query.recursive = fields.value("recursive", false);
  for (const auto& each : fields["ctes"]) {
    const auto& cte = each["CommonTableExpr"];
    WithQuery with;
    with.name = cte.value("ctename", "");
    with.columns = strings(cte, "aliascolnames");
    with.at = text.place(cte);
    const auto& body = cte["ctequery"];
    with.unsupported = !body.contains("SelectStmt") || cte.contains("search_clause") || cte.contains("cycle_clause");
    if (!with.unsupported) with.query = std::make_unique<Query>(read_query(body["SelectStmt"], text));
    query.with.push_back(std::move(with));
  }
}

void read_select(const json& fields, Query& query, const Text& text) {
  if (fields.contains("distinctClause")) {
    query.distinct = true;
    for (const auto& each : fields["distinctClause"])
      if (each.is_object() && !each.empty()) query.distinct_on.push_back(read_node(each, text));
  }
  if (fields.contains("targetList"))
    for (const auto& each : fields["targetList"]) {
      const auto& target = each["ResTarget"];
      query.outputs.push_back({read_node(target["val"], text), target.value("name", ""), text.place(target)});
    }
  if (fields.contains("fromClause"))
    for (const auto& each : fields["fromClause"]) query.from.push_back(read_from(each, text));
  if (fields.contains("whereClause")) query.where.push_back(read_node(fields["whereClause"], text));
  if (fields.contains("havingClause")) query.having.push_back(read_node(fields["havingClause"], text));
  if (fields.contains("groupClause"))
    for (const auto& each : fields["groupClause"]) {
      if (each.contains("GroupingSet"))
        query.unsupported = "grouping sets";
      else
        query.group.push_back(read_node(each, text));
    }
  if (fields.contains("windowClause"))
    for (const auto& each : fields["windowClause"]) query.windows.push_back(read_window(each["WindowDef"], text));
  if (fields.contains("intoClause")) query.unsupported = "INTO";
}

}  // namespace

std::vector<std::string> strings(const json& fields, const char* list) {
  std::vector<std::string> result;
  if (const auto found = fields.find(list); found != fields.end())
    for (const auto& each : *found)
      result.push_back(each.contains("String") ? each["String"].value("sval", "") : std::string("*"));
  return result;
}

From read_from(const json& node, const Text& text) {
  const auto& kind = node.begin().key();
  const auto& fields = node.begin().value();
  From from;
  if (kind == "RangeVar") {
    for (const auto* part : {"catalogname", "schemaname", "relname"})
      if (fields.contains(part)) from.name.push_back(fields.value(part, ""));
  } else if (kind == "RangeSubselect") {
    from.is = From::Is::query;
    from.lateral = fields.value("lateral", false);
    from.query = std::make_unique<Query>(read_query(fields["subquery"]["SelectStmt"], text));
  } else if (kind == "RangeFunction") {
    from = read_range_function(fields, text);
  } else if (kind == "JoinExpr") {
    from = read_join(fields, text);
  } else if (kind == "RangeTableSample") {
    from = read_from(fields["relation"], text);
    from.sample = true;
    from.is = From::Is::unsupported;
    from.text = "TABLESAMPLE";
  } else {
    from.is = From::Is::unsupported;
    from.text = kind;
  }
  from.at = text.place(fields);
  if (fields.contains("alias")) {
    from.alias = fields["alias"].value("aliasname", "");
    from.columns = strings(fields["alias"], "colnames");
  }
  return from;
}

Query read_query(const json& fields, const Text& text) {
  Query query;
  if (fields.contains("withClause")) read_with(fields["withClause"], query, text);
  const auto operation = fields.value("op", "SETOP_NONE");
  if (operation != "SETOP_NONE") {
    query.is = Query::Is::set_operation;
    query.operation = operation.substr(6);
    query.all = fields.value("all", false);
    query.left = std::make_unique<Query>(read_query(fields["larg"], text));
    query.right = std::make_unique<Query>(read_query(fields["rarg"], text));
  } else if (fields.contains("valuesLists")) {
    query.is = Query::Is::values;
    for (const auto& row : fields["valuesLists"]) {
      std::vector<Node> nodes;
      for (const auto& each : row["List"]["items"]) nodes.push_back(read_node(each, text));
      query.rows.push_back(std::move(nodes));
    }
  } else {
    read_select(fields, query, text);
  }
  query.order = read_sort(fields, "sortClause", text);
  if (fields.contains("limitCount")) query.limit.push_back(read_node(fields["limitCount"], text));
  if (fields.contains("limitOffset")) query.offset.push_back(read_node(fields["limitOffset"], text));
  if (fields.value("limitOption", "") == "LIMIT_OPTION_WITH_TIES" && query.order.empty())
    query.unsupported = "WITH TIES";
  if (fields.contains("lockingClause")) query.unsupported = "FOR UPDATE";
  return query;
}

}  // namespace reading

namespace {

using nlohmann::json;

// The only statement's SELECT, or null.
const json* select_of(const json& tree) {
  if (!tree.contains("stmts") || tree["stmts"].size() != 1) return nullptr;
  const auto& statement = tree["stmts"][0]["stmt"];
  const auto found = statement.find("SelectStmt");
  return found == statement.end() ? nullptr : &*found;
}

std::optional<json> parsed(const std::string& text, std::size_t prefix, sql::ParseError& error) {
  auto result = sql::parse_to_json(text);
  if (result.error) {
    error = std::move(*result.error);
    error.offset -= std::min(prefix, error.offset);
    return std::nullopt;
  }
  auto tree = json::parse(result.json, nullptr, false);
  if (tree.is_discarded() || select_of(tree) == nullptr) return error = {"this is no query", 0}, std::nullopt;
  return tree;
}

}  // namespace

std::optional<Node> parse_expression(std::string_view text, sql::ParseError& error) {
  const std::string prefix = "SELECT (";
  const auto whole = prefix + std::string(text) + "\n)";
  const auto tree = parsed(whole, prefix.size(), error);
  if (!tree) return std::nullopt;
  const auto& select = *select_of(*tree);
  if (!select.contains("targetList") || select["targetList"].size() != 1 || select.contains("fromClause"))
    return error = {"this is more than one expression", 0}, std::nullopt;
  return reading::read_node(select["targetList"][0]["ResTarget"]["val"],
                            reading::Text{whole, static_cast<int>(prefix.size())});
}

std::optional<Query> parse_query(std::string_view text, sql::ParseError& error) {
  const std::string whole(text);
  const auto tree = parsed(whole, 0, error);
  if (!tree) return std::nullopt;
  return reading::read_query(*select_of(*tree), reading::Text{whole, 0});
}

std::optional<TypeName> parse_type(std::string_view text) {
  sql::ParseError error;
  auto node = parse_expression("NULL::" + std::string(text), error);
  if (!node || node->kind != Kind::cast || !node->type_name) return std::nullopt;
  return std::move(*node->type_name);
}

}  // namespace mig::types
