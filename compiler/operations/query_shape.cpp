// A query read by its scopes, innermost first, as PostgreSQL's analysis does it (parse_clause.c, parse_target.c).
#include "compiler/operations/query_shape.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/operations/query_expressions.hpp"
#include "compiler/sql/query_text.hpp"
#include "compiler/sql/relation_walk.hpp"
#include "compiler/sql/server_parser.hpp"

namespace mig::operations {

namespace {

using nlohmann::json;
using sql::tree::Edit;

struct Field {
  std::string name;
  ValueType type;
  catalog::Name relation;  // whose column it is, where it is one as it is
  std::string column;
};
using Fields = std::vector<Field>;

struct Range {
  std::string alias;
  Fields fields;
  bool known = true;
  catalog::Name relation;
  std::size_t place = std::string::npos;  // of a relation's name
};

// A column as `*` shows it, with what it is qualified by; empty where it is merged of two.
struct Visible {
  std::string alias;
  Field field;
};

struct Scope {
  const Scope* outer = nullptr;
  std::vector<Range> ranges;
  std::vector<Visible> visible;
  std::map<std::string, Fields> ctes;
  bool known = true;
};

std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }
std::size_t place(const json& node) {
  const auto at = node.value("location", 0);
  return at < 0 ? 0 : static_cast<std::size_t>(at);
}

Field field_of(const catalog::Column& column, const catalog::Name& relation) {
  return {column.name, {column.type, column.collation}, relation, column.name};
}

class Reader {
 public:
  Reader(const catalog::Catalog& catalog, const std::string& schema, const std::string& text,
         const std::vector<std::string>& names)
      : catalog_(catalog), types_(catalog, schema), text_(text), names_(names) {}

  QueryShape run() {
    const auto parsed = sql::parse_to_json(text_);
    if (parsed.error) return {};
    const auto tree = json::parse(parsed.json, nullptr, false);
    if (tree.is_discarded() || !tree.contains("stmts") || tree["stmts"].size() != 1 ||
        !tree["stmts"][0]["stmt"].contains("SelectStmt"))
      return {};
    const auto& query = tree["stmts"][0]["stmt"]["SelectStmt"];
    shape_.read = true;
    shape_.whole = true;
    values_ = query.contains("valuesLists") && !names_.empty();
    const auto fields = select(query, nullptr, {&names_, true});
    shape_.updatable = updatable(query);
    finish(fields);
    return std::move(shape_);
  }

 private:
  // How a query's outputs are called: by these names as far as they go; where nobody sees the names of a sub-select,
  // "?column?" is not printed.
  struct Naming {
    const std::vector<std::string>* names = nullptr;
    bool visible = true;
    [[nodiscard]] std::string name(std::size_t number, const std::string& own) const {
      return names && number < names->size() ? (*names)[number] : own;
    }
  };

  // ---- queries ----

  Fields select(const json& query, const Scope* outer, const Naming& naming) {
    Scope scope;
    scope.outer = outer;
    if (query.contains("withClause")) with(query["withClause"], scope);
    if (query.contains("intoClause")) problem(QueryProblem::Is::into, 0, {}, {});
    if (word(query, "op") != "SETOP_NONE") return set_operation(query, scope, naming);
    if (query.contains("valuesLists")) return values(query, scope, naming);
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

  void with(const json& clause, Scope& scope) {
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

  // The view's own names stand in both parts; nobody sees those of the second one.
  Fields set_operation(const json& query, const Scope& scope, const Naming& naming) {
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

  Fields values(const json& query, const Scope& scope, const Naming& naming) {
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

  // ---- FROM ----

  std::vector<Visible> from(const json& item, Scope& scope) {
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

  // Names of WITH are seen from within, columns of its neighbours are not.
  const Scope* scope_around(const Scope& scope) {
    arounds_.push_back(std::make_unique<Scope>());
    arounds_.back()->outer = scope.outer;
    arounds_.back()->ctes = scope.ctes;
    return arounds_.back().get();
  }

  std::vector<Visible> open(Range range, Scope& scope) {
    std::vector<Visible> visible;
    for (const auto& field : range.fields) visible.push_back({range.alias, field});
    if (!range.known) scope.known = false;
    scope.ranges.push_back(std::move(range));
    return visible;
  }

  Range relation(const json& node, const Scope& scope) {
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

  static const Fields* find_cte(const Scope& scope, const std::string& name) {
    for (const auto* each = &scope; each; each = each->outer)
      if (const auto found = each->ctes.find(name); found != each->ctes.end()) return &found->second;
    return nullptr;
  }

  std::vector<std::string> relations(const std::string& schema) const {
    std::vector<std::string> found;
    for (const auto* kind : {"table", "view"})
      for (const auto& name : catalog_.names(kind))
        if (schema.empty() || name.schema == schema) found.push_back(name.name);
    return found;
  }

  Range function(const json& node, const Scope& scope) {
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

  // OUT parameters, a row type, else the one value under the function's alias.
  Fields result_fields(const json& called, const std::string& alias, const Scope& scope) {
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

  std::vector<Visible> join(const json& node, Scope& scope) {
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

  static const Visible* find_visible(const std::vector<Visible>& list, const std::string& name) {
    for (const auto& each : list)
      if (each.field.name == name) return &each;
    return nullptr;
  }

  // USING: the shared columns once, first.
  std::vector<Visible> merged(const std::vector<Visible>& left, const std::vector<Visible>& right,
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

  static std::string alias_of(const json& node) {
    return node.contains("alias") ? word(node["alias"], "aliasname") : std::string{};
  }
  static std::vector<std::string> column_names(const json& node) {
    return node.contains("alias") ? words_of(node["alias"], "colnames") : std::vector<std::string>{};
  }
  static Fields renamed(Fields fields, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) fields[i].name = names[i];
    return fields;
  }

  // ---- what it shows ----

  struct Targets {
    Fields fields;
    std::vector<std::pair<std::size_t, std::size_t>> places;  // of the expressions; {0, 0}: of a star
  };

  void target(const json& item, Scope& scope, const Naming& naming, Targets& targets) {
    const auto begin = place(item);
    const auto end = sql::item_end(text_, begin);
    const auto& value = item["val"];
    if (value.contains("ColumnRef") && value["ColumnRef"]["fields"].back().contains("A_Star"))
      return star(item, scope, naming, targets);
    visit(value, scope);
    Field field{item.contains("name") ? word(item, "name") : figured_name(value, catalog_.server.major()),
                type_of(value, scope),
                {},
                {}};
    if (field.type.type == untyped) field.type = {"text", {}};
    const auto own = field.name;
    field.name = naming.name(targets.fields.size(), own);
    targets.places.emplace_back(begin, name_output(item, begin, end, own, field.name, naming.visible));
    targets.fields.push_back(std::move(field));
  }

  // Says AS where PostgreSQL prints it; returns the end of the expression before it.
  std::size_t name_output(const json& item, std::size_t begin, std::size_t end, const std::string& own,
                          const std::string& name, bool visible) {
    if (item.contains("name")) {
      const auto at = sql::last_name(text_, begin, end);
      if (own != name) edits_.push_back({at, end, sql::quote_ident(name)});
      auto before = text_.find_last_not_of(" \t\n\r", at - 1) + 1;
      if (before >= begin + 2 && (text_[before - 1] | 0x20) == 's' && (text_[before - 2] | 0x20) == 'a')
        before = text_.find_last_not_of(" \t\n\r", before - 3) + 1;
      return before;
    }
    const bool plain = item["val"].contains("ColumnRef") && own == name;
    if (!plain && (visible || name != "?column?")) edits_.push_back({end, end, " AS " + sql::quote_ident(name)});
    return end;
  }

  void star(const json& item, const Scope& scope, const Naming& naming, Targets& targets) {
    const auto qualifier = words_of(item["val"]["ColumnRef"], "fields");
    std::vector<Visible> shown;
    bool known = true;
    if (qualifier.empty()) {
      shown = scope.visible;
      known = scope.known;
    } else if (const auto* range = find_range(scope, qualifier.back())) {
      for (const auto& field : range->fields) shown.push_back({range->alias, field});
      known = range->known;
    } else {
      known = false;
    }
    if (!known) {
      shape_.whole = shape_.whole && !naming.names;
      return;
    }
    std::string list;
    for (auto& each : shown) {
      use(each.field);
      list += list.empty() ? "" : ", ";
      if (!each.alias.empty()) list += sql::quote_ident(each.alias) + ".";
      list += sql::quote_ident(each.field.name);
      const auto own = each.field.name;
      each.field.name = naming.name(targets.fields.size(), own);
      if (own != each.field.name) list += " AS " + sql::quote_ident(each.field.name);
      targets.fields.push_back(each.field);
      targets.places.emplace_back(0, 0);
    }
    put_list(item, scope, list);
  }

  // In the place of `*`; `TABLE t` has none.
  void put_list(const json& item, const Scope& scope, const std::string& list) {
    const auto begin = place(item);
    if (item.value("location", 0) >= 0) {
      edits_.push_back({begin, sql::item_end(text_, begin), list});
    } else if (!scope.ranges.empty() && scope.ranges.front().place != std::string::npos) {
      const auto at = text_.find_last_not_of(" \t\n\r", scope.ranges.front().place - 1) + 1;
      if (at >= 5) edits_.push_back({at - 5, at, "SELECT " + list + " FROM"});
    }
  }

  // GROUP BY 1, ORDER BY total: PostgreSQL keeps the expression. Of GROUP BY a column of a table comes first.
  void by_target(const json& item, Scope& scope, const Targets& targets, bool outputs_first) {
    if (item.contains("GroupingSet")) {
      if (item["GroupingSet"].contains("content"))
        for (const auto& each : item["GroupingSet"]["content"]) by_target(each, scope, targets, outputs_first);
      return;
    }
    if (const auto number = number_of(item); number > 0 && number <= targets.fields.size())
      return put_target(place(item["A_Const"]), targets, number - 1);
    const auto name = bare_name(item);
    const bool a_column = !name.empty() && find_visible(scope.visible, name) != nullptr;
    if (!name.empty() && (outputs_first || !a_column))
      for (std::size_t i = 0; i < targets.fields.size(); ++i)
        if (targets.fields[i].name == name && !(targets.places[i].second == 0 && a_column))
          return put_target(place(item["ColumnRef"]), targets, i);
    visit(item, scope);
  }
  void put_target(std::size_t at, const Targets& targets, std::size_t number) {
    const auto [begin, end] = targets.places[number];
    if (end == 0) return;
    std::vector<Edit> inside;
    for (const auto& edit : edits_)
      if (edit.begin >= begin && edit.end <= end && edit.begin < end)
        inside.push_back({edit.begin - begin, edit.end - begin, edit.text});
    edits_.push_back(
        {at, word_end(at), sql::tree::spliced(std::string_view(text_).substr(begin, end - begin), inside)});
  }
  // ORDER BY of UNION is kept as a number.
  void by_number(const json& item, const Fields& fields) {
    const auto name = bare_name(item);
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!name.empty() && fields[i].name == name) {
        const auto at = place(item["ColumnRef"]);
        edits_.push_back({at, word_end(at), std::to_string(i + 1)});
        return;
      }
  }
  [[nodiscard]] std::size_t word_end(std::size_t at) const {
    if (at < text_.size() && text_[at] >= '0' && text_[at] <= '9')
      return std::min(text_.find_first_not_of("0123456789", at), text_.size());
    return sql::tree::ident_end(text_, at);
  }
  static std::size_t number_of(const json& item) {
    if (!item.contains("A_Const") || !item["A_Const"].contains("ival")) return 0;
    return item["A_Const"]["ival"].value("ival", std::size_t{0});
  }
  static std::string bare_name(const json& item) {
    if (!item.contains("ColumnRef") || item["ColumnRef"]["fields"].size() != 1) return {};
    const auto words = words_of(item["ColumnRef"], "fields");
    return words.empty() ? std::string{} : words.front();
  }

  // ---- expressions ----

  void visit(const json& node, const Scope& scope) {
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

  // A domain's value is one of its base type to an operator, and PostgreSQL says so.
  void operands(const json& operation, const Scope& scope) {
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
  [[nodiscard]] const catalog::Type* type_of_text(const std::string& text) const {
    const auto name = catalog::parse_name(text);
    return name && name->size() == 2 ? catalog_.type({name->front(), name->back()}) : nullptr;
  }

  void called(const json& call) {
    for (const auto* function : types_.functions(function_of(call, catalog_.server.major())))
      if (!function->system && function->name.schema != "pg_catalog") functions_.insert(function->name);
  }

  struct Found {
    const Field* field = nullptr;
    const Range* range = nullptr;  // the whole row
    std::string alias;
    bool known = true;  // nothing on the way could have had it unseen
  };

  static const Range* find_range(const Scope& scope, const std::string& alias) {
    for (const auto* each = &scope; each; each = each->outer)
      for (const auto& range : each->ranges)
        if (range.alias == alias) return &range;
    return nullptr;
  }

  static const Field* find_field(const Range& range, const std::string& name) {
    for (const auto& field : range.fields)
      if (field.name == name) return &field;
    return nullptr;
  }

  [[nodiscard]] Found find(const std::vector<std::string>& words, const Scope& scope) const {
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

  void column(const json& reference, const Scope& scope) {
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
      if (words.size() == 1 && !found.alias.empty())
        edits_.push_back({place(reference), place(reference), sql::quote_ident(found.alias) + "."});
      if (words.size() == 3)  // schema.table.column: PostgreSQL says no schema there
        edits_.push_back({place(reference), sql::tree::ident_end(text_, place(reference)) + 1, {}});
    } else if (found.known && !found.range && !system_column(words.back()) && words.size() < 3) {
      problem(QueryProblem::Is::column, place(reference), words.back(), columns(words, scope));
    }
  }

  static bool system_column(const std::string& name) {
    static const std::set<std::string> all{"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
    return all.count(name) != 0;
  }
  static std::vector<std::string> columns(const std::vector<std::string>& words, const Scope& scope) {
    std::vector<std::string> names;
    for (const auto& range : scope.ranges)
      if (words.size() == 1 || range.alias == words.front())
        for (const auto& field : range.fields) names.push_back(field.name);
    return names;
  }

  [[nodiscard]] ValueType type_of(const json& node, const Scope& scope) const {
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

  // ---- what comes out ----

  void use(const Field& field) {
    if (!field.relation.name.empty()) uses_[field.relation].insert(field.column);
  }
  void problem(QueryProblem::Is is, std::size_t offset, std::string name, std::vector<std::string> candidates) {
    shape_.problems.push_back({is, offset, std::move(name), std::move(candidates)});
  }

  // One table, or one view that is updatable itself, and nothing between it and its rows.
  [[nodiscard]] bool updatable(const json& query) const {
    if (word(query, "op") != "SETOP_NONE" || word(query, "limitOption") != "LIMIT_OPTION_DEFAULT") return false;
    for (const char* key :
         {"withClause", "distinctClause", "groupClause", "havingClause", "valuesLists", "windowClause"})
      if (query.contains(key)) return false;
    if (!query.contains("fromClause") || query["fromClause"].size() != 1 ||
        !query["fromClause"][0].contains("RangeVar"))
      return false;
    const auto& node = query["fromClause"][0]["RangeVar"];
    const auto name = types_.relation({word(node, "schemaname"), word(node, "relname")});
    if (!name) return true;
    const auto* view = catalog_.view(*name);
    return !view || (!view->materialized && query_shape(catalog_, {}, view->definition).updatable);
  }

  void finish(const Fields& fields) {
    std::set<std::string> seen;
    for (const auto& field : fields) {
      if (!seen.insert(field.name).second) problem(QueryProblem::Is::duplicate, 0, field.name, {});
      shape_.columns.push_back({field.name, field.type.type, field.type.collation});
    }
    if (shape_.whole && names_.size() > fields.size())
      problem(QueryProblem::Is::too_many_names, 0, names_[fields.size()], {});
    for (const auto& [relation, columns] : uses_) shape_.uses.push_back({relation, {columns.begin(), columns.end()}});
    shape_.functions.assign(functions_.begin(), functions_.end());
    shape_.qualified = sql::tree::spliced(text_, relations_);
    shape_.text = sql::tree::spliced(text_, edits_);
    if (values_) shape_.text = selected_values(fields);
    // What cannot be read again was put together wrongly: the query stays as it is written.
    if (sql::parse_to_json(shape_.text).error) shape_.text = shape_.qualified;
  }

  // VALUES under names of its own is a sub-select to PostgreSQL.
  [[nodiscard]] std::string selected_values(const Fields& fields) const {
    std::string list;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      list += list.empty() ? "SELECT " : ", ";
      list += "\"*VALUES*\".column" + std::to_string(i + 1);
      if (fields[i].name != "column" + std::to_string(i + 1)) list += " AS " + sql::quote_ident(fields[i].name);
    }
    return list + " FROM (" + shape_.text + ") \"*VALUES*\"";
  }

  const catalog::Catalog& catalog_;
  QueryTypes types_;
  bool values_ = false;
  const std::string& text_;
  const std::vector<std::string>& names_;
  QueryShape shape_;
  std::vector<Edit> edits_, relations_;
  std::map<catalog::Name, std::set<std::string>> uses_;
  std::set<catalog::Name> functions_;
  std::map<const json*, Fields> outputs_;
  std::vector<std::unique_ptr<Scope>> arounds_;
};

}  // namespace

QueryShape query_shape(const catalog::Catalog& catalog, const std::string& schema, const std::string& query,
                       const std::vector<std::string>& names) {
  return Reader(catalog, schema, query, names).run();
}

}  // namespace mig::operations
