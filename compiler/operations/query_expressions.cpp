// Types and names of expressions.
#include "compiler/operations/query_expressions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/operations/type_text.hpp"

namespace mig::operations {

namespace {

using nlohmann::json;

std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }

// {"Kind": {…}}: its kind and fields.
std::pair<std::string, const json*> kind_of(const json& node) {
  if (!node.is_object() || node.size() != 1) return {{}, nullptr};
  return {node.begin().key(), &node.begin().value()};
}

class Typer {
 public:
  Typer(const QueryTypes& types, const QueryNames& names) : types_(types), names_(names) {}

  [[nodiscard]] ValueType type(const json& node) const {
    const auto [kind, fields] = kind_of(node);
    if (fields == nullptr) return {};
    if (kind == "ColumnRef") return names_.column(*fields);
    if (kind == "A_Const") return constant(*fields);
    if (kind == "TypeCast") return cast(*fields);
    if (kind == "FuncCall") return call(*fields);
    if (kind == "A_Expr") return operation(*fields);
    if (kind == "BoolExpr" || kind == "NullTest" || kind == "BooleanTest") return {"boolean", {}};
    if (kind == "SubLink") return sublink(*fields);
    if (kind == "CaseExpr") return of_case(*fields);
    if (kind == "CoalesceExpr" || kind == "MinMaxExpr") return types_.common(list(*fields, "args"));
    if (kind == "A_ArrayExpr") return array(*fields);
    if (kind == "SQLValueFunction") return {value_function(word(*fields, "op")), {}};
    if (kind == "CollateClause") return collated(*fields);
    if (kind == "A_Indirection") return indirection(*fields);
    if (kind == "GroupingFunc") return {"integer", {}};
    return {};
  }

 private:
  [[nodiscard]] std::vector<ValueType> list(const json& fields, const char* key) const {
    std::vector<ValueType> found;
    if (const auto items = fields.find(key); items != fields.end())
      for (const auto& item : *items) {
        const auto [kind, named] = kind_of(item);
        found.push_back(type(kind == "NamedArgExpr" ? (*named)["arg"] : item));
      }
    return found;
  }

  static ValueType constant(const json& fields) {
    if (fields.value("isnull", false) || fields.contains("sval")) return {untyped, {}};
    if (fields.contains("ival")) return {"integer", {}};
    if (fields.contains("boolval")) return {"boolean", {}};
    if (!fields.contains("fval")) return {};
    const auto digits = word(fields["fval"], "fval");
    if (digits.find_first_of(".eE") != std::string::npos) return {"numeric", {}};
    return {digits.size() < 19                                     ? "bigint"
            : digits.size() > 19 || digits > "9223372036854775807" ? "numeric"
                                                                   : "bigint",
            {}};
  }

  [[nodiscard]] ValueType cast(const json& fields) const {
    ValueType made{type_of_tree(fields["typeName"], types_), {}};
    const auto from = type(fields["arg"]);
    if (without_modifiers(made.type) == "text" || without_modifiers(made.type) == "character varying")
      made.collation = from.collation;
    return made;
  }

  [[nodiscard]] ValueType call(const json& fields) const {
    const auto name = function_of(fields, types_.catalog().server.major());
    auto arguments = list(fields, "args");
    if (fields.contains("agg_within_group"))
      for (const auto& key : fields["agg_order"]) arguments.push_back(type(key["SortBy"]["node"]));
    return types_.call(name, arguments);
  }

  [[nodiscard]] ValueType operation(const json& fields) const {
    const auto kind = word(fields, "kind");
    if (kind == "AEXPR_NULLIF") return type(fields["lexpr"]);
    if (kind != "AEXPR_OP") return {"boolean", {}};
    const auto op = words_of(fields, "name");
    std::vector<ValueType> arguments;
    if (fields.contains("lexpr")) arguments.push_back(type(fields["lexpr"]));
    arguments.push_back(type(fields["rexpr"]));
    return op.empty() ? ValueType{} : types_.apply(op.back(), arguments);
  }

  [[nodiscard]] ValueType sublink(const json& fields) const {
    const auto kind = word(fields, "subLinkType");
    if (kind == "EXPR_SUBLINK") return names_.first_output(fields);
    if (kind != "ARRAY_SUBLINK") return {"boolean", {}};
    auto made = names_.first_output(fields);
    if (!made.type.empty() && QueryTypes::element(made.type).empty()) made.type = made.type + "[]";
    return made;
  }

  // The ELSE stands first for PostgreSQL.
  [[nodiscard]] ValueType of_case(const json& fields) const {
    std::vector<ValueType> branches{fields.contains("defresult") ? type(fields["defresult"]) : ValueType{untyped, {}}};
    for (const auto& each : fields["args"]) branches.push_back(type(each["CaseWhen"]["result"]));
    return types_.common(branches);
  }

  [[nodiscard]] ValueType array(const json& fields) const {
    auto made = types_.common(list(fields, "elements"));
    if (made.type == untyped) made.type = "text";
    if (!made.type.empty() && QueryTypes::element(made.type).empty()) made.type += "[]";
    return made;
  }

  [[nodiscard]] ValueType collated(const json& fields) const {
    auto made = type(fields["arg"]);
    const auto parts = words_of(fields, "collname");
    if (parts.empty()) return {};
    if (made.type == untyped) made.type = "text";
    made.collation = parts.size() > 1 && parts.front() != "pg_catalog"
                         ? catalog::Name{parts[parts.size() - 2], parts.back()}.text()
                         : sql::quote_ident(parts.back());
    if (parts.size() == 1)
      for (const auto& schema : types_.catalog().server.search_path)
        if (types_.catalog().object("collation", {schema, parts.back()}))
          made.collation = catalog::Name{schema, parts.back()}.text();
    if (parts.back() == "default") made.collation.clear();
    return made;
  }

  // a[1], (c).part
  [[nodiscard]] ValueType indirection(const json& fields) const {
    auto made = type(fields["arg"]);
    for (const auto& each : fields["indirection"]) {
      const auto [kind, step] = kind_of(each);
      if (kind == "A_Indices") {
        if (!step->value("is_slice", false)) made.type = QueryTypes::element(made.type);
      } else if (kind == "String") {
        made = attribute(made.type, word(*step, "sval"));
      } else {
        return {};
      }
    }
    return made;
  }
  [[nodiscard]] ValueType attribute(const std::string& type, const std::string& name) const {
    const auto parts = catalog::parse_name(type);
    if (!parts || parts->size() != 2) return {};
    const catalog::Name named{parts->front(), parts->back()};
    const auto* composite = types_.catalog().type(named);
    const auto* table = types_.catalog().table(named);
    const auto* columns = composite ? &composite->attributes : table ? &table->columns : nullptr;
    if (columns)
      for (const auto& column : *columns)
        if (column.name == name) return {column.type, column.collation};
    return {};
  }

  static std::string value_function(const std::string& op) {
    if (op == "SVFOP_CURRENT_DATE") return "date";
    if (op == "SVFOP_CURRENT_TIME") return "time with time zone";
    if (op == "SVFOP_CURRENT_TIMESTAMP") return "timestamp with time zone";
    if (op == "SVFOP_LOCALTIME") return "time without time zone";
    if (op == "SVFOP_LOCALTIMESTAMP") return "timestamp without time zone";
    return op.size() > 2 && op.substr(op.size() - 2) == "_N" ? std::string{} : std::string("name");
  }

  const QueryTypes& types_;
  const QueryNames& names_;
};

struct Figured {
  std::string name;
  int strength = 0;
};

Figured figure(const json& node, int major);

Figured weak(const json& inner, const std::string& otherwise, int major) {
  auto found = figure(inner, major);
  return found.strength > 1 ? found : Figured{otherwise, 1};
}

std::string lower_behind(const std::string& op, std::size_t prefix) {
  auto text = op.substr(std::min(prefix, op.size()));
  if (text.size() > 2 && text.substr(text.size() - 2) == "_N") text.resize(text.size() - 2);
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

Figured of_sublink(const json& fields, int major) {
  const auto kind = word(fields, "subLinkType");
  if (kind == "EXISTS_SUBLINK") return {"exists", 2};
  if (kind == "ARRAY_SUBLINK") return {"array", 2};
  if (kind != "EXPR_SUBLINK") return {};
  const auto* select = &fields["subselect"]["SelectStmt"];
  while (select->contains("larg")) select = &(*select)["larg"];
  if (!select->contains("targetList")) return {"column1", 2};
  const auto& target = (*select)["targetList"][0]["ResTarget"];
  return target.contains("name") ? Figured{word(target, "name"), 2} : figure(target["val"], major);
}

Figured figure(const json& node, int major) {
  const auto [kind, fields] = kind_of(node);
  if (fields == nullptr) return {};
  const auto last = [](const std::vector<std::string>& words) {
    return words.empty() ? Figured{} : Figured{words.back(), 2};
  };
  if (kind == "ColumnRef") return last(words_of(*fields, "fields"));
  if (kind == "FuncCall") return {function_of(*fields, major).name, 2};
  if (kind == "A_Indirection") {
    const auto names = words_of(*fields, "indirection");
    return names.empty() ? figure((*fields)["arg"], major) : last(names);
  }
  if (kind == "A_Expr") return word(*fields, "kind") == "AEXPR_NULLIF" ? Figured{"nullif", 2} : Figured{};
  if (kind == "A_Const") return major < 15 && fields->contains("boolval") ? Figured{"bool", 1} : Figured{};
  if (kind == "TypeCast") {
    const auto names = words_of((*fields)["typeName"], "names");
    return weak((*fields)["arg"], names.empty() ? std::string{} : names.back(), major);
  }
  if (kind == "CollateClause") return figure((*fields)["arg"], major);
  if (kind == "GroupingFunc") return {"grouping", 2};
  if (kind == "SubLink") return of_sublink(*fields, major);
  if (kind == "CaseExpr")
    return fields->contains("defresult") ? weak((*fields)["defresult"], "case", major) : Figured{"case", 1};
  if (kind == "A_ArrayExpr") return {"array", 2};
  if (kind == "RowExpr") return {"row", 2};
  if (kind == "CoalesceExpr") return {"coalesce", 2};
  if (kind == "MinMaxExpr") return {word(*fields, "op") == "IS_LEAST" ? "least" : "greatest", 2};
  if (kind == "SQLValueFunction") return {lower_behind(word(*fields, "op"), std::string("SVFOP_").size()), 2};
  if (kind == "XmlExpr") return {"xml" + lower_behind(word(*fields, "op"), std::string("IS_XML").size()), 2};
  if (kind == "XmlSerialize") return {"xmlserialize", 2};
  return {};
}

}  // namespace

std::vector<std::string> words_of(const json& node, const char* list) {
  std::vector<std::string> words;
  if (const auto found = node.find(list); found != node.end())
    for (const auto& each : *found)
      if (each.contains("String")) words.push_back(word(each["String"], "sval"));
  return words;
}

catalog::Name function_of(const json& call, int server_major) {
  const auto words = words_of(call, "funcname");
  if (words.empty()) return {};
  const bool system = words.size() > 1 && words[words.size() - 2] == "pg_catalog";
  if (system && words.back() == "extract" && server_major < 14) return {"pg_catalog", "date_part"};
  return {words.size() > 1 ? words[words.size() - 2] : std::string{}, words.back()};
}

ValueType type_of_expression(const json& node, const QueryTypes& types, const QueryNames& names) {
  return Typer(types, names).type(node);
}

std::string type_of_tree(const json& type_name, const QueryTypes& types) {
  const auto words = words_of(type_name, "names");
  if (words.empty() || type_name.value("pct_type", false)) return {};
  auto text = types.type_named({words.size() > 1 ? words[words.size() - 2] : std::string{}, words.back()});
  std::string modifiers;
  if (const auto list = type_name.find("typmods"); list != type_name.end())
    for (const auto& each : *list) {
      if (!each.contains("A_Const") || !each["A_Const"].contains("ival")) return {};
      modifiers += (modifiers.empty() ? "" : ",") + std::to_string(each["A_Const"]["ival"].value("ival", 0));
    }
  if (!modifiers.empty()) {
    if (text == "interval") return {};
    if (text == "numeric" && modifiers.find(',') == std::string::npos) modifiers += ",0";
    // The precision of a time stands before its zone.
    const auto zone = text.find(" with");
    text.insert(zone == std::string::npos ? text.size() : zone, "(" + modifiers + ")");
  }
  return text.empty() || !type_name.contains("arrayBounds") ? text : text + "[]";
}

std::string figured_name(const json& node, int server_major) {
  const auto found = figure(node, server_major);
  return found.name.empty() ? "?column?" : found.name;
}

}  // namespace mig::operations
