// Which range each qualified column belongs to, by PostgreSQL's scopes: innermost query first.
#include "compiler/sql/relation_names.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "compiler/sql/server_parser.hpp"

namespace mig::sql {

namespace {

using nlohmann::json;

// An item of a FROM list: what columns of it are qualified by.
struct Range {
  const json* node;
  std::string name;
  bool aliased;
};

std::string word(const json& node, const char* key) { return node.value(key, std::string{}); }

// Walks a tree and tells of each relation and each qualified column, with the range that it belongs to.
class Walk {
 public:
  std::function<void(json& relation, const Range* range)> on_relation;
  std::function<void(json& other)> on_other;  // a range that is no relation: subquery, function, join with an alias
  std::function<void(json& column, const Range* range)> on_column;

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
      if (key == "ColumnRef")
        column(value);
      else
        visit(value);
    }
    if (query) scopes_.pop_back();
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
    if (!fields.is_array() || fields.size() < 2 || !fields[0].contains("String")) return;
    on_column(node, find(word(fields[0]["String"], "sval")));
  }

  std::vector<std::vector<Range>> scopes_;
};

std::optional<json> parse(std::string_view text) {
  const auto parsed = parse_to_json(text);
  if (parsed.error) return std::nullopt;
  auto tree = json::parse(parsed.json, nullptr, false);
  if (tree.is_discarded()) return std::nullopt;
  return tree;
}

// Places differ between texts that say the same.
void forget_places(json& node) {
  if (node.is_object())
    for (const char* key : {"location", "stmt_location", "stmt_len"}) node.erase(key);
  if (node.is_structured())
    for (auto& each : node) forget_places(each);
}

struct Edit {
  std::size_t begin, end;
  std::string text;
};

// The end of the identifier that begins here.
std::size_t ident_end(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size(); ++at)
      if (text[at] == '"' && (++at >= text.size() || text[at] != '"')) return at;
    return at;
  }
  return std::min(text.find_first_of(" \t\n.,;()[]:", at), text.size());
}

class Rename {
 public:
  Rename(std::string_view text, Text kind, const Qualified& from, const Qualified& to)
      : text_(text), kind_(kind), from_(from), to_(to) {}

  std::optional<std::string> run() {
    auto tree = parse(text_);
    if (!tree) return std::nullopt;
    Walk walk;
    walk.on_relation = [&](json& node, const Range*) { relation(node); };
    walk.on_other = [](json&) {};
    walk.on_column = [&](json& node, const Range* range) { column(node, range); };
    walk.visit(*tree);
    auto made = spliced();
    auto again = parse(made);
    if (!again) return std::nullopt;
    forget_places(*tree);
    forget_places(*again);
    return *tree == *again ? std::optional(std::move(made)) : std::nullopt;
  }

 private:
  [[nodiscard]] bool renamed(const json& node) const {
    return word(node, "relname") == from_.name && word(node, "schemaname") == from_.schema;
  }
  void relation(json& node) {
    if (!renamed(node)) return;
    const auto begin = node.value("location", std::size_t{0});
    const auto dot = ident_end(text_, begin);
    edits_.push_back({begin, ident_end(text_, dot + 1), display(to_)});
    node["schemaname"] = to_.schema;
    node["relname"] = to_.name;
  }
  void column(json& node, const Range* range) {
    auto& name = node["fields"][0]["String"]["sval"];
    const bool own = range == nullptr && kind_ == Text::expression && name == from_.name;
    // A range that was visited already has its new name; its columns still have the old one.
    const bool of_renamed = range != nullptr && !range->aliased && (renamed(*range->node) || done(*range->node));
    if ((!own && !of_renamed) || name != from_.name) return;
    const auto begin = node.value("location", std::size_t{0});
    edits_.push_back({begin, ident_end(text_, begin), quote_ident(to_.name)});
    name = to_.name;
  }
  [[nodiscard]] bool done(const json& node) const {
    return word(node, "relname") == to_.name && word(node, "schemaname") == to_.schema;
  }
  std::string spliced() {
    std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    std::string made;
    std::size_t at = 0;
    for (const auto& edit : edits_) {
      made.append(text_.substr(at, edit.begin - at)).append(edit.text);
      at = edit.end;
    }
    return made.append(text_.substr(at));
  }

  std::string_view text_;
  Text kind_;
  const Qualified& from_;
  const Qualified& to_;
  std::vector<Edit> edits_;
};

// Every range gets a name of its own by its place in the tree, and its columns with it.
void number_aliases(json& tree) {
  std::vector<std::pair<const json*, std::string>> numbers;
  const auto number = [&](const json* node) {
    for (const auto& [known, name] : numbers)
      if (known == node) return name;
    numbers.emplace_back(node, "#" + std::to_string(numbers.size()));
    return numbers.back().second;
  };
  Walk walk;
  walk.on_column = [&](json& node, const Range* range) {
    if (range != nullptr) node["fields"][0]["String"]["sval"] = number(range->node);
  };
  walk.on_relation = [&](json& node, const Range* range) {
    if (range != nullptr) node["alias"]["aliasname"] = number(&node);
  };
  walk.on_other = [&](json& node) { node["alias"]["aliasname"] = number(&node); };
  walk.visit(tree);
}

struct Frame {
  std::string_view before, after;
};
Frame frame(Text kind) {
  switch (kind) {
    case Text::statement:
      return {"", ""};
    case Text::expression:
      return {"SELECT (", ")"};
    case Text::constraint:
      return {"ALTER TABLE t ADD ", ""};
  }
  return {};
}

}  // namespace

std::optional<std::string> rename_relation(std::string_view text, Text kind, const Qualified& from,
                                           const Qualified& to) {
  const auto [before, after] = frame(kind);
  const auto whole = std::string(before).append(text).append(after);
  const auto made = Rename(whole, kind, from, to).run();
  if (!made) return std::nullopt;
  return made->substr(before.size(), made->size() - before.size() - after.size());
}

bool same_statement(std::string_view a, std::string_view b) {
  auto left = parse(a), right = parse(b);
  if (!left || !right) return false;
  for (auto* tree : {&*left, &*right}) {
    number_aliases(*tree);
    forget_places(*tree);
  }
  return *left == *right;
}

}  // namespace mig::sql
