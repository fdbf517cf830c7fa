// Operators and what is made of them: IN, BETWEEN, = ANY, IS DISTINCT FROM, rows (parse_oper.c, parse_expr.c).
#include <algorithm>

#include "compiler/types/polymorphic.hpp"
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

const std::vector<std::string> equals{"="};

[[noreturn]] void no_operator(const Chooser& chooser, Written name, bool several, bool prefix, std::string operands,
                              int at) {
  Refusal refusal;
  refusal.sqlstate = several ? "42725" : "42883";
  refusal.message = several ? "several operators could be meant by " + operands : "there is no operator " + operands;
  refusal.at = at;
  refusal.candidates = chooser.operators_named(name, prefix);
  refusal.remedy = "cast an operand";
  throw Refused{std::move(refusal)};
}

bool is_row(const Node& node) { return node.kind == Kind::row; }

}  // namespace

Operand Resolver::op(Node& node) {
  if (node.parts.size() == 2 && is_row(node.parts[0])) {
    auto& right = node.parts[1];
    if (is_row(right) || right.kind == Kind::scalar_query) {
      // The sub-query comes first, as everywhere.
      std::vector<OutputColumn> columns;
      if (!is_row(right)) columns = columns_of(right);
      visit(node.parts[0]);
      std::vector<Operand> one, other;
      for (auto& each : node.parts[0].parts) one.push_back({each.type, each.modifier, &each});
      if (is_row(right)) {
        visit(right);
        for (auto& each : right.parts) other.push_back({each.type, each.modifier, &each});
      } else {
        right.type = type::record;
        for (const auto& each : columns) other.push_back({each.type, each.modifier, nullptr});
        if (one.size() < other.size()) refuse("42601", "the sub-query has too many columns", node.at);
        if (one.size() > other.size()) refuse("42601", "the sub-query has too few columns", node.at);
      }
      return compare_rows(node.name, std::move(one), std::move(other), node);
    }
  }
  if (node.parts.size() == 1) return make_op(node.name, {}, visit(node.parts[0]), node);
  const auto left = visit(node.parts[0]);
  return make_op(node.name, left, visit(node.parts[1]), node);
}

// make_op. A prefix operator has a left operand without a type.
Operand Resolver::make_op(const std::vector<std::string>& name, Operand left, Operand right, Node& node) {
  const int sets_before = level().sets;
  const bool prefix = left.type == 0;
  const auto wanted = written(name, node.at);
  const auto chosen = chooser_.op(wanted, left.type, right.type);
  if (chosen.verdict != Verdict::one)
    no_operator(chooser_, wanted, chosen.verdict == Verdict::several, prefix,
                "`" + (prefix ? "" : show(left) + " ") + std::string(wanted.name) + " " + show(right) + "`", node.at);
  const auto& found = *chosen.op;
  if (found.function == 0) refuse("42883", "the operator `" + std::string(wanted.name) + "` is only a shell", node.at);
  TypeId declared[] = {found.left, found.right};
  const TypeId actual[] = {left.type, right.type};
  const std::size_t first = prefix ? 1 : 0;
  const auto result =
      bind_polymorphic(universe_, std::span(actual).subspan(first), std::span(declared).subspan(first), found.result);
  if (!prefix) left = coerce(left, declared[0], Context::implicit, node.at);
  right = coerce(right, declared[1], Context::implicit, node.at);
  node.function = found.id;
  if (const auto* function = universe_.function(found.function); function != nullptr && function->returns_set) {
    set_placement(node, sets_before);
    ++level().sets;
  }
  return done(node, result);
}

// The value is typed once and compared twice: its node keeps what the last comparison made of it.
Operand Resolver::between(Node& node) {
  static const std::vector<std::string> at_least{">="}, at_most{"<="}, less{"<"}, more{">"};
  const bool negated = node.text.rfind("not", 0) == 0;
  const auto compare = [&](const std::vector<std::string>& name, std::size_t other) {
    const int sets = level().sets;
    const auto value = visit(node.parts[0]);
    const auto end = visit(node.parts[other]);
    Node compared;
    compared.at = node.at;
    auto result = make_op(name, value, end, compared);
    result.node = nullptr;
    to_boolean(result, negated ? "OR" : "AND", sets);
  };
  compare(negated ? less : at_least, 1);
  compare(negated ? more : at_most, 2);
  if (node.text.find("symmetric") != std::string::npos) {
    compare(negated ? less : at_least, 2);
    compare(negated ? more : at_most, 1);
  }
  return done(node, type::boolean);
}

Operand Resolver::in(Node& node) {
  struct Item {
    Operand value;
    bool set = false;
  };
  const auto visited = [&](Node& part) {
    const int before = level().sets;
    const auto value = visit(part);
    return Item{value, level().sets != before};
  };
  const auto left = visited(node.parts[0]);
  std::vector<Operand> all{left.value};
  std::vector<Item> columns, single;
  for (std::size_t i = 1; i < node.parts.size(); ++i) {
    const int before = level().columns;
    single.push_back(visited(node.parts[i]));
    if (level().columns == before)
      all.push_back(single.back().value);
    else
      columns.push_back(single.back());
  }
  if (all.size() > 2) {
    std::vector<TypeId> types;
    for (const auto& each : all) types.push_back(each.type);
    auto id = common_type(universe_, types).common;
    if (id != 0 && !all_become(universe_, id, types)) id = 0;
    const auto array_id = id != 0 && id != type::record ? universe_.at(id).array : 0;
    if (array_id != 0) {
      for (std::size_t i = 1; i < all.size(); ++i) to_common(all[i], id, "IN", all[i].node->at);
      make_array_op(node.name, left.value, {array_id, -1, nullptr}, node);
      single = columns;
    }
  }
  for (auto& [value, set] : single) {
    const int sets = level().sets - (set || left.set ? 1 : 0);
    Operand result;
    Node compared;
    compared.at = node.at;
    if (is_row(node.parts[0]) && is_row(*value.node)) {
      std::vector<Operand> one, other;
      for (auto& part : node.parts[0].parts) one.push_back({part.type, part.modifier, &part});
      for (auto& part : value.node->parts) other.push_back({part.type, part.modifier, &part});
      result = compare_rows(node.name, std::move(one), std::move(other), compared);
    } else {
      result = make_op(node.name, left.value, value, compared);
    }
    node.function = compared.function;
    result.node = nullptr;
    to_boolean(result, "IN", sets);
  }
  return done(node, type::boolean);
}

Operand Resolver::array_op(Node& node) {
  const auto left = visit(node.parts[0]);
  return make_array_op(node.name, left, visit(node.parts[1]), node);
}

// make_scalar_array_op.
Operand Resolver::make_array_op(const std::vector<std::string>& name, Operand left, Operand right, Node& node) {
  auto element = type::unknown;
  if (right.type != type::unknown) element = universe_.element(universe_.base(right.type));
  if (element == 0) refuse("42809", "ANY and ALL want an array, not " + show(right), node.at);
  const auto wanted = written(name, node.at);
  const auto chosen = chooser_.op(wanted, left.type, element);
  if (chosen.verdict != Verdict::one)
    no_operator(chooser_, wanted, chosen.verdict == Verdict::several, false,
                "`" + show(left) + " " + std::string(wanted.name) + " " + show({element, -1, nullptr}) + "`", node.at);
  const auto& found = *chosen.op;
  TypeId declared[] = {found.left, found.right};
  const TypeId actual[] = {left.type, element};
  const auto result = bind_polymorphic(universe_, actual, declared, found.result);
  if (result != type::boolean)
    refuse("42809", "ANY and ALL want an operator that yields boolean, not " + universe_.display(result), node.at);
  if (const auto* function = universe_.function(found.function); function != nullptr && function->returns_set)
    refuse("42809", "ANY and ALL want an operator that returns no set", node.at);
  auto array_id = right.type;
  if (!polymorphic(declared[1])) {
    array_id = universe_.at(declared[1]).array;
    if (array_id == 0) refuse("42704", "there is no array type of " + universe_.display(declared[1]), node.at);
  }
  coerce(left, declared[0], Context::implicit, node.at);
  coerce(right, array_id, Context::implicit, node.at);
  node.function = found.id;
  return done(node, type::boolean);
}

Operand Resolver::one_distinct(Operand left, Operand right, Node& node) {
  Node compared;
  compared.at = node.at;
  const int sets_before = level().sets;
  const auto result = make_op(equals, left, right, compared);
  node.function = compared.function;
  if (result.type != type::boolean)
    refuse("42804", "IS DISTINCT FROM wants an operator = that yields boolean", node.at);
  if (level().sets != sets_before) refuse("42804", "IS DISTINCT FROM is given a set", node.at);
  return result;
}

Operand Resolver::distinct(Node& node) {
  auto& one = node.parts[0];
  auto& other = node.parts[1];
  if (other.kind == Kind::null || one.kind == Kind::null) {
    visit(other.kind == Kind::null ? one : other);
    visit(other.kind == Kind::null ? other : one);
    return done(node, type::boolean);
  }
  const auto left = visit(one), right = visit(other);
  if (is_row(one) && is_row(other)) {
    if (one.parts.size() != other.parts.size())
      refuse("42601",
             "the rows have " + std::to_string(one.parts.size()) + " and " + std::to_string(other.parts.size()) +
                 " fields",
             node.at);
    for (std::size_t i = 0; i < one.parts.size(); ++i)
      one_distinct({one.parts[i].type, one.parts[i].modifier, &one.parts[i]},
                   {other.parts[i].type, other.parts[i].modifier, &other.parts[i]}, node);
  } else {
    one_distinct(left, right, node);
  }
  return done(node, type::boolean);
}

// Its type is what = makes of its left operand.
Operand Resolver::nullif(Node& node) {
  const auto left = visit(node.parts[0]), right = visit(node.parts[1]);
  const int sets_before = level().sets;
  Node compared;
  compared.at = node.at;
  const auto result = make_op(equals, left, right, compared);
  node.function = compared.function;
  if (result.type != type::boolean) refuse("42804", "NULLIF wants an operator = that yields boolean", node.at);
  if (level().sets != sets_before && universe_.major() >= 16) refuse("42804", "NULLIF is given a set", node.at);
  const auto& first = node.parts[0];
  const bool changed = first.coerced != 0 && first.coerced != first.type;
  return done(node, changed ? first.coerced : left.type, changed ? -1 : left.modifier);
}

// make_row_comparison_op.
Operand Resolver::compare_rows(const std::vector<std::string>& name, std::vector<Operand> left,
                               std::vector<Operand> right, Node& node) {
  if (left.size() != right.size())
    refuse("42601", "the rows have " + std::to_string(left.size()) + " and " + std::to_string(right.size()) + " fields",
           node.at);
  if (left.empty()) refuse("0A000", "rows of no field are not compared", node.at);
  std::vector<std::uint32_t> operators;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const int sets_before = level().sets;
    Node compared;
    compared.at = node.at;
    const auto result = make_op(name, left[i], right[i], compared);
    if (result.type != type::boolean)
      refuse("42804", "rows are compared by operators that yield boolean, not " + show(result), node.at);
    if (level().sets != sets_before) refuse("42804", "rows are compared by operators that return no set", node.at);
    operators.push_back(compared.function);
  }
  node.function = operators.front();
  if (operators.size() > 1) row_strategy(operators, node);
  return done(node, type::boolean);
}

// All operators have to have one meaning in some btree family.
void Resolver::row_strategy(const std::vector<std::uint32_t>& operators, Node& node) {
  constexpr int not_equal = 6;
  std::vector<int> common_strategies;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    std::vector<int> strategies;
    const auto find = [&](std::uint32_t id, bool negated) {
      for (const auto& each : universe_.orderings())
        if (each.op == id && (!negated || each.strategy == 3))
          strategies.push_back(negated ? not_equal : each.strategy);
    };
    find(operators[i], false);
    if (strategies.empty())
      if (const auto* found = universe_.op(operators[i]); found != nullptr && found->negator != 0)
        find(found->negator, true);
    if (i == 0) common_strategies = strategies;
    std::erase_if(common_strategies,
                  [&](int each) { return std::find(strategies.begin(), strategies.end(), each) == strategies.end(); });
  }
  if (common_strategies.empty())
    refuse("0A000", "the operators that compare these rows have no one order in common", node.at);
}

}  // namespace mig::types
