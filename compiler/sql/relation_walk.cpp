// Scopes open with a query and close with it; a column is looked for from the innermost outwards.
#include "compiler/sql/relation_walk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mig::sql::tree {

namespace {

// SELECT prints its limitOption always; the others are known by what they change and how.
bool opens_scope(const json& node) {
  return node.contains("limitOption") ||
         (node.contains("relation") &&
          (node.contains("targetList") || node.contains("whereClause") || node.contains("usingClause")));
}

}  // namespace

std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }

void Walk::visit(json& node) {
  if (node.is_array())
    for (auto& each : node) visit(each);
  if (!node.is_object()) return;
  const bool query = opens_scope(node);
  if (query) open(node);
  if (node.contains("relname"))
    on_relation(node, range_of(node));
  else if (node.contains("alias") && node["alias"].is_object())
    on_other(node);
  for (auto& [key, value] : node.items()) {
    if (key == "ResTarget") on_target(value);
    if (key == "InsertStmt" || key == "UpdateStmt") on_write(value);
    if (key == "ColumnRef")
      column(value);
    else
      visit(value);
  }
  if (query) scopes_.pop_back();
}

std::vector<const Range*> Walk::ranges() const {
  std::vector<const Range*> all;
  for (const auto& scope : scopes_)
    for (const auto& range : scope) all.push_back(&range);
  return all;
}

const Range* Walk::find(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
    for (const auto& range : *scope)
      if (range.name == name) return &range;
  return nullptr;
}

void Walk::open(const json& node) {
  scopes_.emplace_back();
  for (const char* key : {"relation", "fromClause", "usingClause"})
    if (const auto found = node.find(key); found != node.end()) collect(*found);
}
void Walk::collect(const json& node) {
  if (node.is_array())
    for (const auto& each : node) collect(each);
  if (!node.is_object()) return;
  const auto alias = node.find("alias");
  const bool aliased = alias != node.end() && alias->is_object();
  if (aliased)
    scopes_.back().push_back({&node, word(*alias, "aliasname"), true});
  else if (node.contains("relname"))
    scopes_.back().push_back({&node, word(node, "relname"), false});
  for (const char* key :
       {"RangeVar", "RangeSubselect", "RangeFunction", "RangeTableSample", "JoinExpr", "larg", "rarg", "relation"})
    if (const auto found = node.find(key); found != node.end() && !node.contains("limitOption")) collect(*found);
}
const Range* Walk::range_of(const json& node) const {
  for (const auto& scope : scopes_)
    for (const auto& range : scope)
      if (range.node == &node) return &range;
  return nullptr;
}
void Walk::column(json& node) {
  const auto& fields = node["fields"];
  if (!fields.is_array() || fields.empty() || !fields[0].contains("String")) return;
  if (fields.size() == 1) return on_bare(node);
  on_column(node, find(word(fields[0]["String"], "sval")));
}

// Places differ between texts that say the same.
void forget_places(json& node) {
  if (node.is_object())
    for (const char* key : {"location", "stmt_location", "stmt_len"}) node.erase(key);
  if (node.is_structured())
    for (auto& each : node) forget_places(each);
}

std::string spliced(std::string_view text, std::vector<Edit> edits) {
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string made;
  std::size_t at = 0;
  for (const auto& edit : edits) {
    made.append(text.substr(at, edit.begin - at)).append(edit.text);
    at = edit.end;
  }
  return made.append(text.substr(at));
}

// The end of the identifier that begins here.
std::size_t ident_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size(); ++at)
      if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) return at;
    return at;
  }
  return std::min(text.find_first_of(" \t\n.,;()[]:", at), text.size());
}

}  // namespace mig::sql::tree
