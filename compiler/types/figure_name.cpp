// The names of outputs that nobody named (FigureColname), and when two typed trees are one.
#include <algorithm>

#include "compiler/types/query.hpp"

namespace mig::types {

namespace {

// How sure the name is: 0 none, 1 weak (a cast's type), 2 strong.
int figure(const Node& node, int major, std::string& name) {
  const auto strong = [&](std::string text) {
    name = std::move(text);
    return 2;
  };
  switch (node.kind) {
    case Kind::column:
    case Kind::call:
      return strong(node.name.back());
    case Kind::star:
      return node.name.empty() ? 0 : strong(node.name.back());
    case Kind::indirection:
      for (auto i = node.parts.size(); i-- > 1;)
        if (node.parts[i].kind == Kind::field) return strong(node.parts[i].text);
      return figure(node.parts.front(), major, name);
    case Kind::boolean:  // to 14 a cast
      if (major > 14) return 0;
      name = "bool";
      return 1;
    case Kind::nullif:
      return strong("nullif");
    case Kind::cast: {
      const auto strength = figure(node.parts.front(), major, name);
      if (strength > 1 || !node.type_name) return strength;
      name = node.type_name->name.back();
      return 1;
    }
    case Kind::collate:
      return figure(node.parts.front(), major, name);
    case Kind::grouping:
      return strong("grouping");
    case Kind::exists:
      return strong("exists");
    case Kind::array_query:
    case Kind::array:
      return strong("array");
    case Kind::scalar_query: {
      const auto* query = node.query.get();
      while (query->is == Query::Is::set_operation) query = query->left.get();
      if (query->outputs.empty()) {
        if (query->is == Query::Is::values) return strong("column1");
        return 0;
      }
      const auto& first = query->outputs.front();
      return strong(first.name.empty() ? figure_name(first.value, major) : first.name);
    }
    case Kind::case_: {
      const bool has_else = (node.detail & 2) != 0;
      const auto strength = has_else ? figure(node.parts.back(), major, name) : 0;
      if (strength > 1) return strength;
      name = "case";
      return 1;
    }
    case Kind::row:
      return strong("row");
    case Kind::coalesce:
      return strong("coalesce");
    case Kind::greatest:
      return strong(node.text == "LEAST" ? "least" : "greatest");
    case Kind::value_function: {
      auto text = node.text.substr(6);
      if (text.size() > 2 && text.substr(text.size() - 2) == "_N") text.resize(text.size() - 2);
      std::transform(text.begin(), text.end(), text.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return strong(text);
    }
    case Kind::xml: {
      auto text = node.text.substr(3);
      std::transform(text.begin(), text.end(), text.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (text == "document") return 0;
      return strong(text);
    }
    default:
      return 0;
  }
}

}  // namespace

std::string figure_name(const Node& node, int major) {
  std::string name;
  return figure(node, major, name) == 0 ? "?column?" : name;
}

namespace {

// A cast to what the value is already leaves no trace.
const Node& bare(const Node& node) {
  const auto* result = &node;
  while (result->kind == Kind::cast && result->parts.size() == 1 && result->parts[0].type == result->type &&
         result->parts[0].modifier == result->modifier && result->parts[0].coerced == 0)
    result = &result->parts[0];
  return *result;
}

}  // namespace

bool same(const Node& left, const Node& right) {
  const auto &one = bare(left), &other = bare(right);
  const auto names_column = [](const Node& each) { return each.kind == Kind::column || each.kind == Kind::star; };
  if (names_column(one) && names_column(other))
    return one.level == other.level && one.entry == other.entry && one.position == other.position &&
           one.function == other.function && one.type == other.type;
  if (one.kind != other.kind || one.type != other.type || one.modifier != other.modifier ||
      one.parts.size() != other.parts.size())
    return false;
  if (one.text != other.text || one.function != other.function) return false;
  if (one.kind == Kind::call && one.call && other.call &&
      (one.call->over || other.call->over || one.call->distinct != other.call->distinct))
    return false;
  return std::equal(one.parts.begin(), one.parts.end(), other.parts.begin(),
                    [](const Node& a, const Node& b) { return a.coerced == b.coerced && same(a, b); });
}

}  // namespace mig::types
