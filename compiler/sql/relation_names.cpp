// Which range each qualified column belongs to, by PostgreSQL's scopes: innermost query first.
#include "compiler/sql/relation_names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/sql/relation_walk.hpp"
#include "compiler/sql/server_parser.hpp"

namespace mig::sql {

namespace {

using tree::Edit;
using tree::forget_places;
using tree::ident_end;
using tree::json;
using tree::Range;
using tree::Walk;
using tree::word;

std::optional<json> parse(std::string_view text) {
  const auto parsed = parse_to_json(text);
  if (parsed.error) return std::nullopt;
  auto tree = json::parse(parsed.json, nullptr, false);
  if (tree.is_discarded()) return std::nullopt;
  return tree;
}

// The text with these edits, where it reads as the edited tree; nullopt: it does not, so an edit hit something else.
std::optional<std::string> edited(std::string_view text, const std::vector<Edit>& edits, json expected) {
  auto made = tree::spliced(text, edits);
  auto again = parse(made);
  if (!again) return std::nullopt;
  forget_places(expected);
  forget_places(*again);
  return expected == *again ? std::optional(std::move(made)) : std::nullopt;
}

class Rename {
 public:
  Rename(std::string_view text, Text kind, const Qualified& from, const Qualified& to)
      : text_(text), kind_(kind), from_(from), to_(to) {}

  std::optional<std::string> run() {
    auto statement = parse(text_);
    if (!statement) return std::nullopt;
    Walk walk;
    walk.on_relation = [&](json& node, const Range*) { relation(node); };
    walk.on_other = [](json&) {};
    walk.on_column = [&](json& node, const Range* range) { column(node, range); };
    walk.visit(*statement);
    return edited(text_, edits_, std::move(*statement));
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
  std::string_view text_;
  Text kind_;
  const Qualified& from_;
  const Qualified& to_;
  std::vector<Edit> edits_;
};

// A column of one relation; `own` as in the header.
class RenameColumn {
 public:
  RenameColumn(std::string_view text, bool expression, bool own, const Qualified& relation, std::string_view from,
               std::string_view to)
      : text_(text), expression_(expression), own_(own), relation_(relation), from_(from), to_(to) {}

  std::optional<std::string> run() {
    auto statement = parse(text_);
    if (!statement) return std::nullopt;
    walk_.on_relation = [](json&, const Range*) {};
    walk_.on_other = [](json&) {};
    walk_.on_column = [&](json& node, const Range* range) { qualified(node, range); };
    walk_.on_bare = [&](json& node) { bare(node); };
    walk_.on_target = [&](json& node) { target_ = &node; };
    walk_.on_write = [&](json& node) { written(node); };
    walk_.visit(*statement);
    return edited(text_, edits_, std::move(*statement));
  }

 private:
  [[nodiscard]] bool is_relation(const json& node) const {
    return word(node, "relname") == relation_.name && word(node, "schemaname") == relation_.schema;
  }
  void qualified(json& node, const Range* range) {
    auto& fields = node["fields"];
    if (!fields[1].contains("String") || word(fields[1]["String"], "sval") != from_) return;
    const auto qualifier = word(fields[0]["String"], "sval");
    const bool pseudo = own_ && range == nullptr &&
                        (qualifier == "old" || qualifier == "new" || (expression_ && qualifier == relation_.name));
    if (!pseudo && (range == nullptr || !is_relation(*range->node))) return;
    const auto begin = ident_end(text_, node.value("location", std::size_t{0})) + 1;
    edits_.push_back({begin, ident_end(text_, begin), quote_ident(to_)});
    fields[1]["String"]["sval"] = to_;
    keep_name(node, edits_.back().end);
  }
  // PostgreSQL prints no qualifier where there is only one range that a column can be of.
  void bare(json& node) {
    auto& name = node["fields"][0]["String"]["sval"];
    if (name != from_) return;
    const auto ranges = walk_.ranges();
    const bool of_own = own_ && ranges.empty();
    if (!of_own && (ranges.size() != 1 || !is_relation(*ranges.front()->node))) return;
    const auto begin = node.value("location", std::size_t{0});
    edits_.push_back({begin, ident_end(text_, begin), quote_ident(to_)});
    name = to_;
    keep_name(node, edits_.back().end);
  }
  // A query goes on showing the column under its old name.
  void keep_name(json& column, std::size_t end) {
    if (target_ == nullptr || target_->contains("name") || !target_->contains("val")) return;
    auto& value = (*target_)["val"];
    const bool whole = value.contains("ColumnRef") && &value["ColumnRef"] == &column;
    if (!whole || (expression_ && walk_.ranges().empty())) return;
    edits_.push_back({end, end, " AS " + quote_ident(from_)});
    (*target_)["name"] = from_;
  }
  // INSERT INTO r (a), UPDATE r SET a = …
  void written(json& node) {
    const auto relation = node.find("relation");
    if (relation == node.end() || !is_relation(*relation)) return;
    for (const char* list : {"cols", "targetList"}) {
      const auto found = node.find(list);
      if (found == node.end()) continue;
      for (auto& each : *found) {
        auto& target = each["ResTarget"];
        if (word(target, "name") != from_) continue;
        const auto begin = target.value("location", std::size_t{0});
        edits_.push_back({begin, ident_end(text_, begin), quote_ident(to_)});
        target["name"] = to_;
      }
    }
  }

  std::string_view text_;
  bool expression_, own_;
  const Qualified& relation_;
  std::string from_, to_;
  Walk walk_;
  json* target_ = nullptr;
  std::vector<Edit> edits_;
};

// Every range gets a name of its own by its place in the tree, and its columns with it.
void number_aliases(json& statement) {
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
  walk.visit(statement);
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

std::optional<std::string> rename_column(std::string_view text, Text kind, bool own, const Qualified& relation,
                                         std::string_view from, std::string_view to) {
  const auto [before, after] = frame(kind);
  const auto whole = std::string(before).append(text).append(after);
  const auto made = RenameColumn(whole, kind == Text::expression, own, relation, from, to).run();
  if (!made) return std::nullopt;
  return made->substr(before.size(), made->size() - before.size() - after.size());
}

bool same_statement(std::string_view a, std::string_view b) {
  auto left = parse(a), right = parse(b);
  if (!left || !right) return false;
  for (auto* statement : {&*left, &*right}) {
    number_aliases(*statement);
    forget_places(*statement);
  }
  return *left == *right;
}

}  // namespace mig::sql
