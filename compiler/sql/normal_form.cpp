// What PostgreSQL's analysis does to an expression's shape before it is stored (parse_expr.c, parse_clause.c).
#include "compiler/sql/normal_form.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mig::sql {

namespace {

bool is_null(const Tree& tree) { return tree.kind == "null" || (tree.kind == "cast" && is_null(tree.parts.front())); }

bool has_column(const Tree& tree) {
  return tree.kind == "column" || std::any_of(tree.parts.begin(), tree.parts.end(), has_column);
}

Tree binary(std::string op, Tree left, Tree right) {
  return {"operator", std::move(op), {std::move(left), std::move(right)}};
}

// interval '1' day: the unit stands in the type, as a bit of its modifier (INTERVAL_MASK of utils/timestamp.h).
const char* interval_unit(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, const char*>, 6> units{{{"interval(4)", "years"},
                                                                           {"interval(2)", "months"},
                                                                           {"interval(8)", "days"},
                                                                           {"interval(1024)", "hours"},
                                                                           {"interval(2048)", "minutes"},
                                                                           {"interval(4096)", "seconds"}}};
  for (const auto& [name, unit] : units)
    if (name == type) return unit;
  return nullptr;
}

bool is_integer(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789", text.front() == '-' ? 1 : 0) == std::string_view::npos;
}

Tree negated(Tree tree) { return {"not", {}, {std::move(tree)}}; }

}  // namespace

Tree logic(const std::string& kind, std::vector<Tree> parts) {
  Tree result{kind, {}, {}};
  for (auto& part : parts) {
    if (part.kind == kind)
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(result.parts));
    else
      result.parts.push_back(std::move(part));
  }
  if (result.parts.size() == 1) return std::move(result.parts.front());
  return result;
}

Tree cast(const std::string& type, Tree value) {
  if (const auto* unit = interval_unit(type); unit != nullptr && value.kind == "string" && is_integer(value.text))
    return {"cast", "interval", {{"string", value.text + " " + unit, {}}}};
  const bool to_array = type.size() > 2 && type.substr(type.size() - 2) == "[]";
  if (value.kind != "array" || value.parts.empty() || !to_array) return {"cast", type, {std::move(value)}};
  for (auto& part : value.parts)
    part = cast(part.kind == "array" ? type : type.substr(0, type.size() - 2), std::move(part));
  return value;
}

Tree prefix(const std::string& op, Tree operand) {
  auto* core = &operand;
  while (core->kind == "cast") core = &core->parts.front();
  if (op != "-" || core->kind != "number" || core->text.front() == '-') return {"prefix", op, {std::move(operand)}};
  core->text.insert(core->text.begin(), '-');
  return operand;
}

Tree compare(const std::string& op, Tree left, Tree right) {
  const bool rows = left.kind == "row" && right.kind == "row" && left.parts.size() == right.parts.size();
  if (!rows || (op != "=" && op != "<>")) return binary(op, std::move(left), std::move(right));
  std::vector<Tree> pairs;
  for (std::size_t i = 0; i < left.parts.size(); ++i)
    pairs.push_back(compare(op, std::move(left.parts[i]), std::move(right.parts[i])));
  return logic(op == "=" ? "and" : "or", std::move(pairs));
}

Tree in(const std::string& op, const Tree& left, std::vector<Tree> items) {
  const auto plain = [](const Tree& item) { return !has_column(item) && item.kind != "row"; };
  std::vector<Tree> parts;
  if (left.kind != "row" && std::count_if(items.begin(), items.end(), plain) > 1) {
    Tree array{"array", {}, {}};
    std::copy_if(items.begin(), items.end(), std::back_inserter(array.parts), plain);
    items.erase(std::remove_if(items.begin(), items.end(), plain), items.end());
    parts.push_back({op == "=" ? "any" : "all", op, {left, std::move(array)}});
  }
  for (auto& item : items) parts.push_back(compare(op, left, std::move(item)));
  return logic(op == "=" ? "or" : "and", std::move(parts));
}

Tree between(const std::string& kind, const Tree& value, const Tree& low, const Tree& high) {
  const bool inside = kind.rfind("AEXPR_NOT", 0) != 0;
  const auto range = [&](const Tree& from, const Tree& to) {
    if (inside) return logic("and", {binary(">=", value, from), binary("<=", value, to)});
    return logic("or", {binary("<", value, from), binary(">", value, to)});
  };
  if (kind.find("_SYM") == std::string::npos) return range(low, high);
  return logic(inside ? "or" : "and", {range(low, high), range(high, low)});
}

Tree distinct(bool is, Tree left, Tree right) {
  const char* test = is ? "notnull?" : "null?";
  if (is_null(right)) return {test, {}, {std::move(left)}};
  if (is_null(left)) return {test, {}, {std::move(right)}};
  Tree result{"distinct", {}, {std::move(left), std::move(right)}};
  return is ? result : negated(std::move(result));
}

}  // namespace mig::sql
