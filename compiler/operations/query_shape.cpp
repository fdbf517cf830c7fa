// What a query shows and what it reads, put together.
#include "compiler/operations/query_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/server_parser.hpp"

namespace mig::operations::queries {

QueryShape Reader::run() {
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

bool Reader::updatable(const json& query) const {
  if (word(query, "op") != "SETOP_NONE" || word(query, "limitOption") != "LIMIT_OPTION_DEFAULT") return false;
  for (const char* key : {"withClause", "distinctClause", "groupClause", "havingClause", "valuesLists", "windowClause"})
    if (query.contains(key)) return false;
  if (!query.contains("fromClause") || query["fromClause"].size() != 1 || !query["fromClause"][0].contains("RangeVar"))
    return false;
  const auto& node = query["fromClause"][0]["RangeVar"];
  const auto name = types_.relation({word(node, "schemaname"), word(node, "relname")});
  if (!name) return true;
  const auto* view = catalog_.view(*name);
  return !view || (!view->materialized && query_shape(catalog_, {}, view->definition).updatable);
}

void Reader::finish(const Fields& fields) {
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

std::string Reader::selected_values(const Fields& fields) const {
  std::string list;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    list += list.empty() ? "SELECT " : ", ";
    list += "\"*VALUES*\".column" + std::to_string(i + 1);
    if (fields[i].name != "column" + std::to_string(i + 1)) list += " AS " + sql::quote_ident(fields[i].name);
  }
  return list + " FROM (" + shape_.text + ") \"*VALUES*\"";
}

}  // namespace mig::operations::queries

namespace mig::operations {

QueryShape query_shape(const catalog::Catalog& catalog, const std::string& schema, const std::string& query,
                       const std::vector<std::string>& names) {
  return queries::Reader(catalog, schema, query, names).run();
}

}  // namespace mig::operations
