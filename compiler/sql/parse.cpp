// Statements and expressions as PostgreSQL's parser sees them: where they are, what they are, what they name.
#include "compiler/sql/parse.hpp"

#include <pg_query.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/sql/server_parser.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

// The statements of a text, each as {"Kind": {…}}.
struct Statements {
  json list = json::array();
  std::optional<ParseError> error;
};

Statements parse_statements(std::string_view text) {
  auto parsed = parse_to_json(text);
  if (parsed.error) return {json::array(), std::move(parsed.error)};
  auto tree = json::parse(parsed.json, nullptr, false);
  if (tree.is_discarded()) return {json::array(), ParseError{"libpg_query's tree is no JSON", 0}};
  Statements statements;
  if (const auto found = tree.find("stmts"); found != tree.end())
    for (auto& each : *found) statements.list.push_back(std::move(each["stmt"]));
  return statements;
}

// Exactly one statement; else what is wrong.
std::optional<ParseError> single(const Statements& statements, std::string_view text) {
  if (statements.error) return statements.error;
  if (statements.list.empty()) return ParseError{"no statement here", text.size()};
  if (statements.list.size() > 1) return ParseError{"more than one statement", 0};
  return std::nullopt;
}

// SELECT with one output, unnamed, and nothing else: what `SELECT (expression)` must come back as.
bool is_one_value(const json& statement) {
  if (!statement.contains("SelectStmt")) return false;
  const auto& select = statement["SelectStmt"];
  for (const auto& [key, value] : select.items())
    if (key != "targetList" && key != "limitOption" && key != "op") return false;
  if (select.value("op", "") != "SETOP_NONE" || !select.contains("targetList")) return false;
  if (select["targetList"].size() != 1 || !select["targetList"][0].contains("ResTarget")) return false;
  const auto& target = select["targetList"][0]["ResTarget"];
  return target.contains("val") && !target.contains("name") && !target.contains("indirection");
}

bool is_star(const json& statement) {
  const auto& value = statement["SelectStmt"]["targetList"][0]["ResTarget"]["val"];
  return value.contains("ColumnRef") && value["ColumnRef"]["fields"].back().contains("A_Star");
}

ParseError shifted(ParseError error, std::size_t prefix, std::size_t size) {
  error.offset = std::min(error.offset > prefix ? error.offset - prefix : 0, size);
  return error;
}

// The text behind `prefix`, parsed as one value. A line end before `suffix` ends a trailing comment.
std::optional<ParseError> check_value(std::string_view prefix, std::string_view text, std::string_view suffix) {
  const auto statements = parse_statements(std::string(prefix) + std::string(text) + std::string(suffix));
  if (auto error = single(statements, text)) return shifted(std::move(*error), prefix.size(), text.size());
  if (!is_one_value(statements.list[0])) return ParseError{"this is more than one expression", 0};
  if (is_star(statements.list[0])) return ParseError{"`*` is no expression", 0};
  return std::nullopt;
}

// Every object of a tree, parents first, in the order of the text. Iterative: trees may be deep.
template <class Visit>
void each_object(const json& root, Visit visit) {
  std::vector<const json*> open{&root};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->is_object()) visit(*node);
    if (!node->is_structured()) continue;
    std::vector<const json*> children;
    for (const auto& child : *node) children.push_back(&child);
    open.insert(open.end(), children.rbegin(), children.rend());
  }
}

const json* node_of(const json& object, const char* kind) {
  const auto found = object.find(kind);
  return found == object.end() ? nullptr : &*found;
}

std::string relation(const json& range) { return display({range.value("schemaname", ""), range.value("relname", "")}); }

std::vector<std::string> strings(const json& list) {
  std::vector<std::string> result;
  for (const auto& each : list)
    if (const auto* text = node_of(each, "String")) result.push_back(text->value("sval", ""));
  return result;
}

// schema.name of the last two parts; a database in front says nothing.
std::string relation(std::vector<std::string> parts) {
  if (parts.empty()) return {};
  auto name = std::move(parts.back());
  return display({parts.size() > 1 ? parts[parts.size() - 2] : "", std::move(name)});
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// DROP and COMMENT name their objects by lists of strings: of a table itself, or of a thing in a table.
void named_by_lists(const std::string& kind, const json& statement, std::vector<std::string>& relations) {
  if (kind != "DropStmt" && kind != "CommentStmt") return;
  const auto type = statement.value(kind == "DropStmt" ? "removeType" : "objtype", "");
  const bool itself = is_one_of(type, {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX",
                                       "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE"});
  const bool inside =
      is_one_of(type, {"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"});
  if (!itself && !inside) return;
  const auto add = [&](const json& object) {
    const auto* list = node_of(object, "List");
    if (list == nullptr || !list->contains("items")) return;
    auto parts = strings((*list)["items"]);
    if (inside && !parts.empty()) parts.pop_back();
    if (auto name = relation(std::move(parts)); !name.empty()) relations.push_back(std::move(name));
  };
  if (const auto* object = node_of(statement, "object")) add(*object);
  if (const auto* objects = node_of(statement, "objects"))
    for (const auto& object : *objects) add(object);
}

// In the order of the text; the names of WITH are no relations.
std::vector<std::string> relations_of(const std::string& kind, const json& statement) {
  std::set<std::string> of_with;
  std::vector<std::pair<int, std::string>> found;
  each_object(statement, [&](const json& object) {
    if (const auto* cte = node_of(object, "CommonTableExpr")) of_with.insert(quote_ident(cte->value("ctename", "")));
    // A RangeVar stands under its own name, or, where the grammar allows nothing else, under the field's.
    if (object.contains("relname") && object.contains("relpersistence"))
      found.emplace_back(object.value("location", 0), relation(object));
  });
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> named;
  for (auto& [location, name] : found) named.push_back(std::move(name));
  named_by_lists(kind, statement, named);
  std::vector<std::string> result;
  for (auto& name : named)
    if (of_with.count(name) == 0 && std::find(result.begin(), result.end(), name) == result.end())
      result.push_back(std::move(name));
  return result;
}

bool flag(const json& node, const char* name) { return node.value(name, false); }

bool has_option(const json& statement, const char* list, const std::string& name) {
  if (!statement.contains(list)) return false;
  return std::any_of(statement[list].begin(), statement[list].end(), [&](const json& each) {
    const auto* option = node_of(each, "DefElem");
    return option != nullptr && option->value("defname", "") == name;
  });
}

bool detaches_concurrently(const json& statement) {
  bool found = false;
  each_object(statement, [&](const json& object) {
    const auto* command = node_of(object, "PartitionCmd");
    if (command != nullptr && flag(*command, "concurrent")) found = true;
  });
  return found;
}

// PostgreSQL's PreventInTransactionBlock, as of 15.
bool is_non_transactional(const std::string& kind, const json& statement) {
  if (kind == "IndexStmt" || kind == "DropStmt") return flag(statement, "concurrent");
  if (kind == "VacuumStmt") return flag(statement, "is_vacuumcmd");
  if (kind == "ReindexStmt") {
    const bool whole = statement.value("kind", "REINDEX_OBJECT_INDEX") != "REINDEX_OBJECT_INDEX" &&
                       statement.value("kind", "") != "REINDEX_OBJECT_TABLE";
    return whole || has_option(statement, "params", "concurrently");
  }
  if (kind == "ClusterStmt") return !statement.contains("relation");
  if (kind == "AlterTableStmt") return detaches_concurrently(statement);
  if (kind == "DiscardStmt") return statement.value("target", "DISCARD_ALL") == "DISCARD_ALL";
  if (kind == "AlterDatabaseStmt") return has_option(statement, "options", "tablespace");
  if (kind == "AlterSubscriptionStmt")
    return is_one_of(statement.value("kind", ""),
                     {"ALTER_SUBSCRIPTION_REFRESH", "ALTER_SUBSCRIPTION_SET_PUBLICATION",
                      "ALTER_SUBSCRIPTION_ADD_PUBLICATION", "ALTER_SUBSCRIPTION_DROP_PUBLICATION"});
  return is_one_of(kind, {"CreatedbStmt", "DropdbStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt", "AlterSystemStmt",
                          "CreateSubscriptionStmt", "DropSubscriptionStmt"});
}

}  // namespace

std::optional<std::vector<StatementSpan>> split(std::string_view script, ParseError& error) {
  if (auto refused = refuse(script)) return error = std::move(*refused), std::nullopt;
  const std::string terminated(script);
  auto result = pg_query_split_with_parser(terminated.c_str());
  const std::unique_ptr<PgQuerySplitResult, void (*)(PgQuerySplitResult*)> owner(
      &result, [](PgQuerySplitResult* each) { pg_query_free_split_result(*each); });
  if (result.error != nullptr) {
    error = {result.error->message, byte_offset(script, result.error->cursorpos)};
    return std::nullopt;
  }
  std::vector<StatementSpan> spans;
  for (int i = 0; i < result.n_stmts; ++i) {
    const auto offset = static_cast<std::size_t>(result.stmts[i]->stmt_location);
    const auto length = static_cast<std::size_t>(result.stmts[i]->stmt_len);
    // libpg_query counts the blanks before a statement to it
    const auto begin = std::min(script.find_first_not_of(" \t\r\n\f\v", offset), offset + length);
    spans.push_back({begin, offset + length - begin});
  }
  return spans;
}

std::optional<ParseError> check_statement(std::string_view text) {
  ParseError error;
  const auto spans = split(text, error);
  if (!spans) return error;
  if (spans->empty()) return ParseError{"no statement here", text.size()};
  if (spans->size() > 1) return ParseError{"more than one statement", (*spans)[1].offset};
  return std::nullopt;
}

// Twice: in parentheses, where no FROM or alias can follow; and without, where `a) + (b` and `a, b` show themselves.
std::optional<ParseError> check_expression(std::string_view text) {
  if (auto error = check_value("SELECT (", text, "\n)")) return error;
  return check_value("SELECT ", text, "\n");
}

std::optional<ParseError> check_query(std::string_view text) {
  const auto statements = parse_statements(text);
  if (auto error = single(statements, text)) return error;
  const auto* select = node_of(statements.list[0], "SelectStmt");
  if (select == nullptr) return ParseError{"this statement returns no rows of a query", 0};
  if (select->contains("intoClause")) return ParseError{"a query here cannot say INTO", 0};
  return std::nullopt;
}

std::optional<StatementFacts> facts(std::string_view statement, ParseError& error) {
  const auto statements = parse_statements(statement);
  if (auto wrong = single(statements, statement)) return error = std::move(*wrong), std::nullopt;
  const auto& tree = statements.list[0];
  if (!tree.is_object() || tree.empty()) return error = {"an empty statement", 0}, std::nullopt;
  const auto& kind = tree.begin().key();
  StatementFacts result;
  result.kind = kind;
  result.relations = relations_of(kind, tree.begin().value());
  result.transaction_control = kind == "TransactionStmt";
  result.non_transactional = is_non_transactional(kind, tree.begin().value());
  return result;
}

std::vector<std::string> columns_of(std::string_view expression) {
  const auto statements = parse_statements("SELECT (" + std::string(expression) + "\n)");
  std::set<std::string> names;
  each_object(statements.list, [&](const json& object) {
    const auto* column = node_of(object, "ColumnRef");
    if (column == nullptr || !column->contains("fields")) return;
    const auto& last = (*column)["fields"].back();
    if (const auto* name = node_of(last, "String")) names.insert(name->value("sval", ""));
  });
  return {names.begin(), names.end()};
}

}  // namespace mig::sql
