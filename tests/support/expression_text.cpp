// Prints each kind of node; the visitor has no default, so that a new kind does not compile without its text.
#include "tests/support/expression_text.hpp"

#include <fmt/format.h>

namespace mig::tests {
namespace {

using namespace syntax;

std::string quoted(std::string_view text, char quote) {
  std::string made(1, quote);
  for (const auto c : text) {
    if (c == quote) made += c;
    made += c;
  }
  return made + quote;
}

std::string name_text(const Name& name) { return name.quoted ? quoted(name.text, '"') : name.text; }

std::string path_text(const Path& path) {
  std::string made;
  for (const auto& part : path.parts) made += (made.empty() ? "" : ".") + name_text(part);
  return made;
}

std::string list(const std::vector<Expr>& items) {
  std::string made;
  for (const auto& item : items) made += (made.empty() ? "" : ", ") + with_parentheses(item);
  return made;
}

std::string items_or_query(const std::vector<Expr>& items, const std::optional<Query>& query) {
  return "(" + (query ? query->text : list(items)) + ")";
}

std::string keys(const std::vector<SortKey>& list_of_keys) {
  std::string made;
  for (const auto& key : list_of_keys)
    made += (made.empty() ? "" : ", ") + with_parentheses(*key.value) + " " + key.direction +
            (key.nulls.empty() ? "" : " nulls " + key.nulls);
  return made;
}

std::string argument(const CallArgument& one) {
  std::string made = one.variadic ? "variadic " : one.lead.empty() ? "" : one.lead + " ";
  if (one.name) made += name_text(*one.name) + " => ";
  if (one.value) made += with_parentheses(**one.value);
  for (const auto& [word, value] : one.words) made += " " + word + " " + with_parentheses(*value);
  return made;
}

std::string window(const Window& over) {
  if (over.name) return name_text(*over.name);
  std::string made = "(";
  if (!over.partition.empty()) made += "partition by " + list(over.partition);
  if (!over.order.empty()) made += " order by " + keys(over.order);
  return made + " " + over.frame + ")";
}

struct Print {
  std::string operator()(const Bad&) const { return "<bad>"; }
  std::string operator()(const Binary& e) const {
    const auto escape = e.escape ? " escape " + with_parentheses(**e.escape) : "";
    return "(" + with_parentheses(*e.left) + " " + e.op + " " + with_parentheses(*e.right) + escape + ")";
  }
  std::string operator()(const Unary& e) const { return "(" + e.op + " " + with_parentheses(*e.operand) + ")"; }
  std::string operator()(const Postfix& e) const { return "(" + with_parentheses(*e.operand) + " " + e.op + ")"; }
  std::string operator()(const Between& e) const {
    return fmt::format("({}{} between {}{} and {})", with_parentheses(*e.operand), e.negated ? " not" : "",
                       e.symmetric ? "symmetric " : "", with_parentheses(*e.low), with_parentheses(*e.high));
  }
  std::string operator()(const InList& e) const {
    return "(" + with_parentheses(*e.operand) + (e.negated ? " not in " : " in ") + items_or_query(e.items, e.query) +
           ")";
  }
  std::string operator()(const Quantified& e) const {
    return "(" + with_parentheses(*e.left) + " " + e.op + " " + e.quantifier + items_or_query(e.items, e.query) + ")";
  }
  std::string operator()(const FunctionCall& e) const {
    std::string inner = e.star ? "*" : e.distinct ? "distinct " : "";
    for (std::size_t i = 0; i < e.arguments.size(); ++i) inner += (i == 0 ? "" : ", ") + argument(e.arguments[i]);
    if (!e.order.empty()) inner += " order by " + keys(e.order);
    auto made = path_text(e.function) + "(" + inner + ")";
    if (!e.within_group.empty()) made += " within group (order by " + keys(e.within_group) + ")";
    if (e.filter) made += " filter (where " + with_parentheses(**e.filter) + ")";
    if (e.over) made += " over " + window(*e.over);
    return made;
  }
  std::string operator()(const Cast& e) const {
    if (e.keyword) return "cast(" + with_parentheses(*e.operand) + " as " + type_text(e.type) + ")";
    return "(" + with_parentheses(*e.operand) + "::" + type_text(e.type) + ")";
  }
  std::string operator()(const Typed& e) const {
    // interval '1' day: the unit stands behind the string, the time zone of a type before it.
    if (e.type.name.parts.size() == 1 && e.type.name.parts[0].text == "interval") {
      auto type = e.type;
      type.with.clear();
      return type_text(type) + " " + quoted(e.text.value, '\'') + " " + e.type.with;
    }
    return type_text(e.type) + " " + quoted(e.text.value, '\'');
  }
  std::string operator()(const Case& e) const {
    std::string made = "case " + (e.operand ? with_parentheses(**e.operand) : "");
    for (const auto& [when, then] : e.branches)
      made += " when " + with_parentheses(*when) + " then " + with_parentheses(*then);
    if (e.otherwise) made += " else " + with_parentheses(**e.otherwise);
    return made + " end";
  }
  std::string operator()(const ArrayExpr& e) const {
    return e.query ? "array(" + e.query->text + ")" : "array[" + list(e.items) + "]";
  }
  std::string operator()(const RowExpr& e) const { return (e.keyword ? "row(" : "(") + list(e.items) + ")"; }
  std::string operator()(const Subquery& e) const { return (e.exists ? "exists(" : "(") + e.query.text + ")"; }
  std::string operator()(const ColumnRef& e) const { return path_text(e.path) + (e.star ? ".*" : ""); }
  std::string operator()(const Constant& e) const {
    return e.is == Constant::Is::string ? quoted(e.value, '\'') : e.value;
  }
  std::string operator()(const Keyword& e) const { return e.word; }
  std::string operator()(const Subscript& e) const {
    const auto bound = [](const auto& one) { return one ? with_parentheses(**one) : std::string(); };
    // A name takes a subscript bare, everything else in parentheses.
    const bool name = std::holds_alternative<ColumnRef>(e.operand->node);
    return (name ? with_parentheses(*e.operand) : in_parentheses(*e.operand)) + "[" + bound(e.low) +
           (e.slice ? ":" + bound(e.high) : "") + "]";
  }
  std::string operator()(const FieldOf& e) const {
    return in_parentheses(*e.operand) + "." + (e.field ? name_text(*e.field) : "*");
  }
  std::string operator()(const AtZone& e) const {
    return "(" + with_parentheses(*e.operand) + " at " +
           (e.zone ? "time zone " + with_parentheses(**e.zone) : "local") + ")";
  }
  std::string operator()(const Collate& e) const {
    return "(" + with_parentheses(*e.operand) + " collate " + path_text(e.collation) + ")";
  }
  static std::string in_parentheses(const Expr& operand) {
    if (std::holds_alternative<Subscript>(operand.node)) return with_parentheses(operand);
    return "(" + with_parentheses(operand) + ")";
  }
};

}  // namespace

std::string type_text(const syntax::Type& type) {
  std::string made = (type.setof ? "setof " : "") + path_text(type.name);
  const bool interval = made == "interval";
  if (interval && !type.with.empty()) made += " " + type.with;
  if (!type.modifiers.empty()) made += "(" + list(type.modifiers) + ")";
  if (!interval && !type.with.empty()) made += " " + type.with;
  for (const auto& bound : type.bounds) made += "[" + bound + "]";
  return made;
}

std::string with_parentheses(const syntax::Expr& expression) { return std::visit(Print{}, expression.node); }

}  // namespace mig::tests
