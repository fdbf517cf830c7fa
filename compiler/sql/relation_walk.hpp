// Walks PostgreSQL's tree by its scopes: which range each column belongs to, innermost query first.
#pragma once

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mig::sql::tree {

using nlohmann::json;

// An item of a FROM list: what columns of it are qualified by.
struct Range {
  const json* node;
  std::string name;
  bool aliased;
};

inline std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }

// Walks a tree and tells of each relation and each qualified column, with the range that it belongs to.
class Walk {
 public:
  std::function<void(json& relation, const Range* range)> on_relation;
  std::function<void(json& other)> on_other;  // a range that is no relation: subquery, function, join with an alias
  std::function<void(json& column, const Range* range)> on_column;
  std::function<void(json& column)> on_bare = [](json&) {};      // a column without a range
  std::function<void(json& target)> on_target = [](json&) {};    // what a query shows, or a written column
  std::function<void(json& statement)> on_write = [](json&) {};  // INSERT, UPDATE

  void visit(json& node) {
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

  // All ranges around this place.
  [[nodiscard]] std::vector<const Range*> ranges() const {
    std::vector<const Range*> all;
    for (const auto& scope : scopes_)
      for (const auto& range : scope) all.push_back(&range);
    return all;
  }

  [[nodiscard]] const Range* find(const std::string& name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      for (const auto& range : *scope)
        if (range.name == name) return &range;
    return nullptr;
  }

 private:
  // SELECT prints its limitOption always; the others are known by what they change and how.
  static bool opens_scope(const json& node) {
    return node.contains("limitOption") ||
           (node.contains("relation") &&
            (node.contains("targetList") || node.contains("whereClause") || node.contains("usingClause")));
  }
  void open(const json& node) {
    scopes_.emplace_back();
    for (const char* key : {"relation", "fromClause", "usingClause"})
      if (const auto found = node.find(key); found != node.end()) collect(*found);
  }
  void collect(const json& node) {
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
  [[nodiscard]] const Range* range_of(const json& node) const {
    for (const auto& scope : scopes_)
      for (const auto& range : scope)
        if (range.node == &node) return &range;
    return nullptr;
  }
  void column(json& node) {
    const auto& fields = node["fields"];
    if (!fields.is_array() || fields.empty() || !fields[0].contains("String")) return;
    if (fields.size() == 1) return on_bare(node);
    on_column(node, find(word(fields[0]["String"], "sval")));
  }

  std::vector<std::vector<Range>> scopes_;
};

// Places differ between texts that say the same.
inline void forget_places(json& node) {
  if (node.is_object())
    for (const char* key : {"location", "stmt_location", "stmt_len"}) node.erase(key);
  if (node.is_structured())
    for (auto& each : node) forget_places(each);
}

// A place in a text that gets another one.
struct Edit {
  std::size_t begin, end;
  std::string text;
};

inline std::string spliced(std::string_view text, std::vector<Edit> edits) {
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
inline std::size_t ident_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size(); ++at)
      if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) return at;
    return at;
  }
  return std::min(text.find_first_of(" \t\n.,;()[]:", at), text.size());
}

}  // namespace mig::sql::tree
