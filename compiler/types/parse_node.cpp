// libpg_query's JSON into nodes: expressions.
#include "compiler/types/parse_node.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>

namespace mig::types::reading {

namespace {

// libpg_query 15 prints no integer that is 0 or negative: it is read where it stands.
std::string digits(const json& value, const Text& text, int location) {
  if (const auto found = value.find("ival"); found != value.end()) return std::to_string(found->get<long long>());
  bool minus = false;
  std::string result;
  for (auto at = static_cast<std::size_t>(location); at < text.whole.size(); ++at) {
    const char c = text.whole[at];
    if (c == '-' && result.empty())
      minus = true;
    else if (c >= '0' && c <= '9')
      result += c;
    else if (!result.empty() || (c != ' ' && c != '\n' && c != '\t' && c != '+'))
      break;
  }
  return result.empty() ? "0" : (minus ? "-" : "") + result;
}

Node make(Kind kind, const json& fields, const Text& text) {
  Node node;
  node.kind = kind;
  node.at = text.place(fields);
  return node;
}

void read_parts(Node& node, const json& fields, const char* list, const Text& text) {
  if (const auto found = fields.find(list); found != fields.end())
    for (const auto& each : *found) node.parts.push_back(read_node(each, text));
}

void read_part(Node& node, const json& fields, const char* field, const Text& text) {
  if (const auto found = fields.find(field); found != fields.end()) node.parts.push_back(read_node(*found, text));
}

Node unsupported(const std::string& what, const json& fields, const Text& text) {
  auto node = make(Kind::unsupported, fields, text);
  node.text = what;
  return node;
}

Node constant(const json& fields, const Text& text) {
  auto node = make(Kind::string, fields, text);
  if (fields.value("isnull", false)) {
    node.kind = Kind::null;
  } else if (fields.contains("ival")) {
    node.kind = Kind::integer;
    node.text = digits(fields["ival"], text, fields.value("location", 0));
  } else if (fields.contains("fval")) {
    node.kind = Kind::number;
    node.text = fields["fval"].value("fval", "");
  } else if (fields.contains("boolval")) {
    node.kind = Kind::boolean;
    node.text = fields["boolval"].value("boolval", false) ? "true" : "false";
  } else if (fields.contains("bsval")) {
    node.kind = Kind::bits;
    node.text = fields["bsval"].value("bsval", "");
  } else {
    node.text = fields.contains("sval") ? fields["sval"].value("sval", "") : "";
  }
  return node;
}

TypeName read_type(const json& fields, const Text& text) {
  TypeName type;
  type.name = strings(fields, "names");
  if (fields.contains("typmods"))
    for (const auto& each : fields["typmods"]) type.modifiers.push_back(read_node(each, text));
  type.array = fields.contains("arrayBounds");
  type.set = fields.value("setof", false);
  type.of_column = fields.value("pct_type", false);
  type.at = text.place(fields);
  return type;
}

Node column(const json& fields, const Text& text) {
  auto node = make(Kind::column, fields, text);
  node.name = strings(fields, "fields");
  if (fields["fields"].back().contains("A_Star")) {
    node.kind = Kind::star;
    node.name.pop_back();
  }
  return node;
}

Node call(const json& fields, const Text& text) {
  auto node = make(Kind::call, fields, text);
  node.name = strings(fields, "funcname");
  read_parts(node, fields, "args", text);
  auto& parts = *(node.call = std::make_unique<CallParts>());
  parts.star = fields.value("agg_star", false);
  parts.distinct = fields.value("agg_distinct", false);
  parts.within_group = fields.value("agg_within_group", false);
  parts.variadic = fields.value("func_variadic", false);
  parts.order = read_sort(fields, "agg_order", text);
  if (fields.contains("agg_filter")) parts.filter = std::make_unique<Node>(read_node(fields["agg_filter"], text));
  if (fields.contains("over")) parts.over = std::make_unique<Window>(read_window(fields["over"], text));
  return node;
}

Node named_argument(const json& fields, const Text& text) {
  auto node = make(Kind::named_argument, fields, text);
  node.text = fields.value("name", "");
  read_part(node, fields, "arg", text);
  return node;
}

// value op (list)
Node listed(Kind kind, const json& fields, const Text& text) {
  auto node = make(kind, fields, text);
  node.name = strings(fields, "name");
  read_part(node, fields, "lexpr", text);
  read_parts(node, fields["rexpr"]["List"], "items", text);
  return node;
}

Node expression(const json& fields, const Text& text) {
  const auto kind = fields.value("kind", "");
  if (kind == "AEXPR_IN") {
    auto node = listed(Kind::in, fields, text);
    node.text = node.name.back();
    return node;
  }
  if (kind.find("BETWEEN") != std::string::npos) {
    auto node = listed(Kind::between, fields, text);
    if (kind.find("NOT") != std::string::npos) node.text = "not";
    if (kind.find("SYM") != std::string::npos) node.text += node.text.empty() ? "symmetric" : " symmetric";
    return node;
  }
  static const std::unordered_map<std::string_view, Kind> kinds{{"AEXPR_OP_ANY", Kind::any_array},
                                                                {"AEXPR_OP_ALL", Kind::all_array},
                                                                {"AEXPR_DISTINCT", Kind::distinct},
                                                                {"AEXPR_NOT_DISTINCT", Kind::not_distinct},
                                                                {"AEXPR_NULLIF", Kind::nullif}};
  const auto found = kinds.find(kind);
  auto node = make(found == kinds.end() ? Kind::op : found->second, fields, text);
  node.name = strings(fields, "name");
  read_part(node, fields, "lexpr", text);
  read_part(node, fields, "rexpr", text);
  return node;
}

Node boolean(const json& fields, const Text& text) {
  const auto op = fields.value("boolop", "");
  auto node = make(op == "AND_EXPR" ? Kind::and_ : op == "OR_EXPR" ? Kind::or_ : Kind::not_, fields, text);
  read_parts(node, fields, "args", text);
  return node;
}

Node case_of(const json& fields, const Text& text) {
  auto node = make(Kind::case_, fields, text);
  node.detail = (fields.contains("arg") ? 1 : 0) | (fields.contains("defresult") ? 2 : 0);
  read_part(node, fields, "arg", text);
  for (const auto& each : fields["args"]) {
    node.parts.push_back(read_node(each["CaseWhen"]["expr"], text));
    node.parts.push_back(read_node(each["CaseWhen"]["result"], text));
  }
  read_part(node, fields, "defresult", text);
  return node;
}

Node subscript(const json& fields, const Text& text) {
  auto node = make(Kind::subscript, fields, text);
  node.detail =
      (fields.value("is_slice", false) ? 1 : 0) | (fields.contains("lidx") ? 2 : 0) | (fields.contains("uidx") ? 4 : 0);
  read_part(node, fields, "lidx", text);
  read_part(node, fields, "uidx", text);
  return node;
}

Node indirection(const json& fields, const Text& text) {
  auto node = make(Kind::indirection, fields, text);
  read_part(node, fields, "arg", text);
  node.at = node.parts.front().at;
  for (const auto& each : fields["indirection"]) {
    if (each.contains("A_Indices")) {
      node.parts.push_back(subscript(each["A_Indices"], text));
    } else {
      Node part;
      part.kind = each.contains("A_Star") ? Kind::star : Kind::field;
      part.at = node.at;
      if (each.contains("String")) part.text = each["String"].value("sval", "");
      node.parts.push_back(std::move(part));
    }
  }
  return node;
}

// The tree without its places, so that two sub-queries that read the same are the same.
std::string content(json tree) {
  std::vector<json*> open{&tree};
  while (!open.empty()) {
    auto* each = open.back();
    open.pop_back();
    if (each->is_object()) each->erase("location");
    if (each->is_structured())
      for (auto& child : *each) open.push_back(&child);
  }
  return tree.dump();
}

Node sub_query(const json& fields, const Text& text) {
  static const std::unordered_map<std::string_view, Kind> kinds{{"EXISTS_SUBLINK", Kind::exists},
                                                                {"EXPR_SUBLINK", Kind::scalar_query},
                                                                {"ARRAY_SUBLINK", Kind::array_query},
                                                                {"ANY_SUBLINK", Kind::any_query},
                                                                {"ALL_SUBLINK", Kind::all_query}};
  const auto found = kinds.find(fields.value("subLinkType", ""));
  const auto& select = fields["subselect"];
  if (found == kinds.end() || !select.contains("SelectStmt")) return unsupported("this sub-query", fields, text);
  auto node = make(found->second, fields, text);
  node.name = strings(fields, "operName");
  read_part(node, fields, "testexpr", text);
  node.query = std::make_unique<Query>(read_query(select["SelectStmt"], text));
  node.text = content(select);
  return node;
}

Node simple(Kind kind, const char* list, const json& fields, const Text& text) {
  auto node = make(kind, fields, text);
  read_parts(node, fields, list, text);
  return node;
}

Node wrapped(Kind kind, const json& fields, const Text& text) {
  auto node = make(kind, fields, text);
  read_part(node, fields, "arg", text);
  return node;
}

Node cast(const json& fields, const Text& text) {
  auto node = wrapped(Kind::cast, fields, text);
  node.type_name = std::make_unique<TypeName>(read_type(fields["typeName"], text));
  return node;
}

Node collate(const json& fields, const Text& text) {
  auto node = wrapped(Kind::collate, fields, text);
  node.name = strings(fields, "collname");
  return node;
}

Node value_function(const json& fields, const Text& text) {
  auto node = make(Kind::value_function, fields, text);
  node.text = fields.value("op", "");
  node.detail = fields.value("typmod", 0);
  return node;
}

Node xml(const json& fields, const Text& text) {
  auto node = make(Kind::xml, fields, text);
  node.text = fields.value("op", "");
  if (fields.contains("named_args"))
    for (const auto& each : fields["named_args"]) node.parts.push_back(read_node(each["ResTarget"]["val"], text));
  node.detail = static_cast<int>(node.parts.size());
  read_parts(node, fields, "args", text);
  return node;
}

}  // namespace

int Text::place(const json& fields) const { return fields.value("location", 0) - prefix; }

std::vector<SortKey> read_sort(const json& fields, const char* list, const Text& text) {
  std::vector<SortKey> result;
  if (const auto found = fields.find(list); found != fields.end())
    for (const auto& each : *found) {
      const auto& sort = each["SortBy"];
      result.push_back({read_node(sort["node"], text), strings(sort, "useOp"), text.place(sort)});
    }
  return result;
}

Window read_window(const json& fields, const Text& text) {
  Window window;
  window.name = fields.value("name", "");
  window.refers = fields.value("refname", "");
  window.frame = fields.value("frameOptions", 0);
  window.at = text.place(fields);
  if (fields.contains("partitionClause"))
    for (const auto& each : fields["partitionClause"]) window.partition.push_back(read_node(each, text));
  window.order = read_sort(fields, "orderClause", text);
  if (fields.contains("startOffset")) window.start.push_back(read_node(fields["startOffset"], text));
  if (fields.contains("endOffset")) window.end.push_back(read_node(fields["endOffset"], text));
  return window;
}

Node read_definition(const json& node, const Text& text) {
  const auto& fields = node["ColumnDef"];
  auto result = make(Kind::cast, fields, text);
  result.text = fields.value("colname", "");
  result.type_name = std::make_unique<TypeName>(read_type(fields["typeName"], text));
  return result;
}

Node read_node(const json& node, const Text& text) {
  using Read = Node (*)(const json&, const Text&);
  static const std::unordered_map<std::string_view, Read> reads{
      {"A_Const", constant},
      {"ColumnRef", column},
      {"FuncCall", call},
      {"NamedArgExpr", named_argument},
      {"A_Expr", expression},
      {"BoolExpr", boolean},
      {"CaseExpr", case_of},
      {"A_Indirection", indirection},
      {"SubLink", sub_query},
      {"TypeCast", cast},
      {"CollateClause", collate},
      {"SQLValueFunction", value_function},
      {"XmlExpr", xml},
      {"NullTest", [](const json& f, const Text& t) { return wrapped(Kind::null_test, f, t); }},
      {"BooleanTest", [](const json& f, const Text& t) { return wrapped(Kind::boolean_test, f, t); }},
      {"CoalesceExpr", [](const json& f, const Text& t) { return simple(Kind::coalesce, "args", f, t); }},
      {"A_ArrayExpr", [](const json& f, const Text& t) { return simple(Kind::array, "elements", f, t); }},
      {"RowExpr", [](const json& f, const Text& t) { return simple(Kind::row, "args", f, t); }},
      {"GroupingFunc", [](const json& f, const Text& t) { return simple(Kind::grouping, "args", f, t); }},
      {"SetToDefault", [](const json& f, const Text& t) { return make(Kind::default_, f, t); }},
      {"ParamRef",
       [](const json& f, const Text& t) {
         auto result = make(Kind::parameter, f, t);
         result.text = std::to_string(f.value("number", 0));
         return result;
       }},
      {"MinMaxExpr", [](const json& f, const Text& t) {
         auto result = simple(Kind::greatest, "args", f, t);
         result.text = f.value("op", "") == "IS_LEAST" ? "LEAST" : "GREATEST";
         return result;
       }}};
  if (!node.is_object() || node.empty()) return unsupported("this", json::object(), text);
  const auto found = reads.find(node.begin().key());
  if (found == reads.end()) return unsupported(node.begin().key(), node.begin().value(), text);
  return found->second(node.begin().value(), text);
}

}  // namespace mig::types::reading
