// libpg_query's JSON into the normal form: what parse_expr.c does to an expression before it is stored.
#include "compiler/sql/expression_tree.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/normal_form.hpp"
#include "compiler/sql/parse.hpp"
#include "compiler/sql/server_parser.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

// Levels of JSON; an expression's level takes three to six of them. The walk below is recursive.
constexpr int deepest_json = 3000;

std::string binary_digits(std::string_view text) {
  if (text.empty() || text.front() != 'x') return std::string(text.substr(std::min<std::size_t>(1, text.size())));
  std::string digits;
  for (const char c : text.substr(1)) {
    const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    for (int bit = 3; bit >= 0; --bit) digits += ((value >> bit) & 1) != 0 ? '1' : '0';
  }
  return digits;
}

class Builder {
 public:
  // `text` is what was parsed: integers that the printer drops are read from it again.
  explicit Builder(std::string_view text) : text_(text) {}

  // A node as libpg_query prints it, {"Kind": {…}}; or a bare struct, a list, a scalar.
  [[nodiscard]] Tree node(const json& value) const {
    if (value.is_object() && value.size() == 1 && is_kind(value.begin().key()))
      return known(value.begin().key(), value.begin().value());
    return generic("", value);
  }

 private:
  static bool is_kind(const std::string& key) { return !key.empty() && key.front() >= 'A' && key.front() <= 'Z'; }

  [[nodiscard]] Tree known(const std::string& kind, const json& fields) const {
    if (kind == "A_Const") return constant(fields);
    if (kind == "TypeCast") return cast(type(fields["typeName"]), node(fields["arg"]));
    if (kind == "ColumnRef") return {"column", name(fields["fields"]), {}};
    if (kind == "FuncCall") return call(fields);
    if (kind == "A_Expr") return expression(fields);
    if (kind == "BoolExpr") return boolean(fields);
    if (kind == "NullTest")
      return {fields.value("nulltesttype", "") == "IS_NULL" ? "null?" : "notnull?", {}, {node(fields["arg"])}};
    if (kind == "A_ArrayExpr") return {"array", {}, list(fields, "elements")};
    if (kind == "RowExpr") return {"row", {}, list(fields, "args")};
    if (kind == "CollateClause") return {"collate", name(fields["collname"]), {node(fields["arg"])}};
    if (kind == "CaseExpr") return case_of(fields);
    if (kind == "TypeName") return {"type", type(fields), {}};
    if (kind == "IndexElem") return generic(kind, plain_element(fields));
    return generic(kind, fields);
  }

  [[nodiscard]] std::vector<Tree> list(const json& fields, const char* field) const {
    std::vector<Tree> result;
    if (const auto found = fields.find(field); found != fields.end())
      for (const auto& each : *found) result.push_back(node(each));
    return result;
  }

  // "String" and "A_Star" nodes to a name; pg_catalog is always visible and says nothing.
  static std::string name(const json& parts) {
    std::string result;
    for (const auto& part : parts) {
      const auto word = part.contains("String") ? part["String"].value("sval", "") : std::string("*");
      if (result.empty() && word == "pg_catalog" && parts.size() > 1) continue;
      if (!result.empty()) result += name_separator;
      result += word;
    }
    return result;
  }

  // libpg_query 15 prints no integer that is 0 or negative: read it where it stands.
  [[nodiscard]] std::string integer(const json& value, std::size_t location) const {
    if (const auto found = value.find("ival"); found != value.end()) return std::to_string(found->get<long long>());
    bool minus = false;
    std::string digits;
    for (auto at = location; at < text_.size(); ++at) {
      if (text_[at] == '-' && text_.substr(at, 2) != "--") {
        minus = true;
      } else if (text_[at] >= '0' && text_[at] <= '9') {
        digits += text_[at];
      } else if (!digits.empty() || (text_[at] != ' ' && text_[at] != '\n' && text_[at] != '\t')) {
        break;
      }
    }
    return digits.empty() ? "0" : (minus ? "-" : "") + digits;
  }

  [[nodiscard]] Tree constant(const json& fields) const {
    if (fields.value("isnull", false)) return {"null", {}, {}};
    if (fields.contains("ival"))
      return {"number", integer(fields["ival"], fields.value("location", std::size_t{0})), {}};
    if (fields.contains("fval")) return {"number", fields["fval"].value("fval", ""), {}};
    if (fields.contains("boolval"))
      return {"boolean", fields["boolval"].value("boolval", false) ? "true" : "false", {}};
    if (fields.contains("bsval"))
      return {"cast", "bit", {{"string", binary_digits(fields["bsval"].value("bsval", "")), {}}}};
    return {"string", fields.contains("sval") ? fields["sval"].value("sval", "") : "", {}};
  }

  // numeric(10,2), text[]; PostgreSQL ignores how many dimensions an array type names.
  [[nodiscard]] std::string type(const json& fields) const {
    auto result = fields.contains("names") ? name(fields["names"]) : "";
    std::string modifiers;
    for (const auto& modifier : list(fields, "typmods")) modifiers += (modifiers.empty() ? "" : ",") + modifier.text;
    // `bit` without a length is bit(1), "bit" is any length: the type of a constant says which by its own length.
    if (result == "bit") modifiers.clear();
    if (!modifiers.empty()) result += "(" + modifiers + ")";
    if (fields.value("setof", false)) result = "setof " + result;
    return fields.contains("arrayBounds") ? result + "[]" : result;
  }

  [[nodiscard]] Tree call(const json& fields) const {
    Tree result{"call", name(fields["funcname"]), list(fields, "args")};
    for (const auto& [key, value] : fields.items())
      if (key != "funcname" && key != "args" && key != "funcformat" && key != "location")
        result.parts.push_back(generic("." + key, value));
    return result;
  }

  [[nodiscard]] Tree boolean(const json& fields) const {
    const auto op = fields.value("boolop", "");
    auto parts = list(fields, "args");
    if (op == "NOT_EXPR") return {"not", {}, std::move(parts)};
    return logic(op == "AND_EXPR" ? "and" : "or", std::move(parts));
  }

  // The missing ELSE is stored as null.
  [[nodiscard]] Tree case_of(const json& fields) const {
    Tree result{"case", {}, {}};
    if (fields.contains("arg")) result.parts.push_back({"case of", {}, {node(fields["arg"])}});
    for (const auto& each : fields["args"])
      result.parts.push_back({"when", {}, {node(each["CaseWhen"]["expr"]), node(each["CaseWhen"]["result"])}});
    result.parts.push_back(fields.contains("defresult") ? node(fields["defresult"]) : Tree{"null", {}, {}});
    return result;
  }

  [[nodiscard]] Tree expression(const json& fields) const {
    const auto kind = fields.value("kind", "");
    const auto op = fields.contains("name") ? name(fields["name"]) : "";
    if (kind == "AEXPR_OP" && !fields.contains("lexpr")) return prefix(op, node(fields["rexpr"]));
    auto left = node(fields["lexpr"]);
    if (kind == "AEXPR_IN") return in(op, left, list(fields["rexpr"]["List"], "items"));
    if (kind.rfind("AEXPR_BETWEEN", 0) == 0 || kind.rfind("AEXPR_NOT_BETWEEN", 0) == 0) {
      auto ends = list(fields["rexpr"]["List"], "items");
      return between(kind, left, ends.at(0), ends.at(1));
    }
    auto right = node(fields["rexpr"]);
    if (kind == "AEXPR_OP_ANY" || kind == "AEXPR_OP_ALL")
      return {kind == "AEXPR_OP_ANY" ? "any" : "all", op, {std::move(left), std::move(right)}};
    if (kind == "AEXPR_DISTINCT") return distinct(true, std::move(left), std::move(right));
    if (kind == "AEXPR_NOT_DISTINCT") return distinct(false, std::move(left), std::move(right));
    if (kind == "AEXPR_NULLIF") return {"nullif", {}, {std::move(left), std::move(right)}};
    return compare(op, std::move(left), std::move(right));
  }

  // `asc` and `nulls last`, `desc nulls first` are what is meant without a word; (a collate "C") is a with a collation.
  static json plain_element(json fields) {
    if (fields.contains("expr") && fields["expr"].contains("CollateClause")) {
      const json clause = fields["expr"]["CollateClause"];
      fields["collation"] = clause["collname"];
      fields["expr"] = clause["arg"];
    }
    if (fields.contains("expr") && fields["expr"].contains("ColumnRef")) {
      fields["name"] = fields["expr"]["ColumnRef"]["fields"].back()["String"].value("sval", "");
      fields.erase("expr");
    }
    const auto order = fields.value("ordering", "");
    const auto nulls = fields.value("nulls_ordering", "");
    if (order == "SORTBY_ASC") fields["ordering"] = "SORTBY_DEFAULT";
    if (nulls == (order == "SORTBY_DESC" ? "SORTBY_NULLS_FIRST" : "SORTBY_NULLS_LAST"))
      fields["nulls_ordering"] = "SORTBY_NULLS_DEFAULT";
    return fields;
  }

  [[nodiscard]] Tree generic(const std::string& kind, const json& value) const {
    if (value.is_string()) return {kind, value.get<std::string>(), {}};
    if (!value.is_structured()) return {kind, value.dump(), {}};
    if (value.is_object() && value.contains("relname") && value.contains("relpersistence"))
      return relation(kind, value);
    Tree result{kind, {}, {}};
    if (value.is_array())
      for (const auto& each : value) result.parts.push_back(node(each));
    else
      for (const auto& [key, field] : value.items())
        if (is_kind(key))
          result.parts.push_back(known(key, field));
        else if (key != "location" && key != "stmt_location" && key != "stmt_len" && key != "idxname")
          result.parts.push_back(field.is_object() && field.size() == 1 && is_kind(field.begin().key())
                                     ? Tree{"." + key, {}, {node(field)}}
                                     : generic("." + key, field));
    return result;
  }

  [[nodiscard]] Tree relation(const std::string& kind, const json& fields) const {
    Tree result{kind, {}, {{"relation", {}, {}}}};
    auto& name = result.parts.front();
    if (fields.contains("schemaname")) name.text = fields.value("schemaname", "") + name_separator;
    name.text += fields.value("relname", "");
    for (const auto& [key, field] : fields.items())
      if (key != "schemaname" && key != "relname" && key != "catalogname" && key != "location")
        name.parts.push_back(generic("." + key, field));
    return result;
  }

  std::string_view text_;
};

bool too_deep(const std::string& text) {
  int depth = 0;
  bool inside_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      inside_string = !inside_string;
    } else if (!inside_string && (c == '{' || c == '[')) {
      if (++depth > deepest_json) return true;
    } else if (!inside_string && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return false;
}

std::optional<Tree> tree_of(const std::string& text) {
  const auto parsed = parse_to_json(text);
  if (parsed.error || too_deep(parsed.json)) return std::nullopt;
  const auto value = json::parse(parsed.json, nullptr, false);
  if (value.is_discarded() || !value.contains("stmts") || value["stmts"].size() != 1) return std::nullopt;
  return Builder(text).node(value["stmts"][0]["stmt"]);
}

// The one output of SELECT (…): see is_one_value of parse.cpp, which has been asked.
const Tree* output(const Tree& select) {
  for (const auto& field : select.parts)
    if (field.kind == ".targetList" && field.parts.size() == 1)
      for (const auto& value : field.parts.front().parts)
        if (value.kind == ".val") return &value.parts.front();
  return nullptr;
}

}  // namespace

std::optional<Tree> normal_tree(std::string_view text) {
  if (!check_expression(text)) {
    const auto select = tree_of("SELECT (" + std::string(text) + "\n)");
    if (!select) return std::nullopt;
    if (const auto* value = output(*select)) return *value;
    return std::nullopt;
  }
  if (auto constraint = tree_of("ALTER TABLE t ADD " + std::string(text))) return constraint;
  return tree_of(std::string(text));
}

}  // namespace mig::sql
