// Calls: which function, what kind of function, and whether its decorations fit it (parse_func.c).
#include <algorithm>

#include "compiler/types/polymorphic.hpp"
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

constexpr std::size_t most_arguments = 100;

std::string dotted(const std::vector<std::string>& name) {
  std::string result;
  for (const auto& part : name) result += (result.empty() ? "" : ".") + part;
  return result;
}

}  // namespace

void Resolver::no_such_function(const Node& node, const std::vector<Operand>& arguments, bool several) {
  std::string text = dotted(node.name);
  char before = '(';
  for (const auto& each : arguments) {
    text += (before == '(' ? "(" : ", ") + show(each);
    before = ',';
  }
  text += before == '(' ? "()" : ")";
  Refusal refusal;
  refusal.sqlstate = several ? "42725" : "42883";
  refusal.message =
      several ? "several functions could be meant by `" + text + "`" : "there is no function `" + text + "`";
  refusal.at = node.at;
  refusal.candidates = chooser_.functions_named(written(node.name, node.at));
  refusal.remedy = refusal.candidates.empty() ? "" : "cast an argument";
  throw Refused{std::move(refusal)};
}

// What is written around the arguments has to fit the kind of function; `function` null: a conversion.
void Resolver::check_call(const Node& node, const Function* function) {
  const auto& parts = *node.call;
  const auto name = "`" + dotted(node.name) + "`";
  const char kind = function == nullptr ? 'f' : function->kind;
  if (kind == 'p') refuse("42809", name + " is a procedure", node.at, "a procedure is called by CALL");
  if (kind == 'f') {
    if (parts.star || parts.distinct || parts.within_group || !parts.order.empty() || parts.filter)
      refuse("42809", name + " is no aggregate", node.at);
    if (parts.over) refuse("42809", name + " is neither a window function nor an aggregate", node.at);
  }
  if (kind == 'w') {
    if (!parts.over) refuse("42809", name + " is a window function and wants OVER", node.at);
    if (parts.within_group) refuse("42809", name + " is a window function and takes no WITHIN GROUP", node.at);
  }
  if (kind != 'a') return;
  const bool ordered_set = function->aggregate != 'n';
  if (ordered_set && !parts.within_group) refuse("42809", name + " wants WITHIN GROUP", node.at);
  if (ordered_set && parts.over) refuse("0A000", name + " is not computed OVER a window", node.at);
  if (!ordered_set && parts.within_group) refuse("42809", name + " takes no WITHIN GROUP", node.at);
}

// Direct and ordered arguments: as many as the aggregate declares; a hypothetical row's types are those of the order.
void Resolver::check_ordered_set(const Node& node, const Function& function, std::size_t arguments,
                                 std::uint16_t variadic, std::vector<Operand>& operands,
                                 std::vector<TypeId>& declared) {
  const auto ordered = node.call->order.size();
  const auto direct = arguments - ordered;
  const auto wrong = [&] {
    refuse("42883",
           "`" + dotted(node.name) + "` takes " + std::to_string(function.direct) + " direct arguments, not " +
               std::to_string(direct),
           node.at);
  };
  if (function.variadic == 0) {
    if (direct != function.direct) wrong();
  } else {
    const auto parameters = arguments - (variadic > 1 ? variadic - 1U : 0U);
    if (function.direct < parameters) {
      if (direct != function.direct) wrong();
    } else if (function.aggregate == 'h' ? variadic != 2 * ordered : variadic <= ordered) {
      wrong();
    }
  }
  if (function.aggregate != 'h') return;
  // unify_hypothetical_args: each pair gets a common type where the parameter takes any.
  const auto hypothetical = direct >= ordered ? direct - ordered : 0;
  for (std::size_t i = hypothetical; i < direct; ++i) {
    const auto other = direct + (i - hypothetical);
    if (declared[i] != declared[other]) refuse("XX000", "a hypothetical-set aggregate with two types", node.at);
    if (declared[i] != type::any) continue;
    const Operand both[] = {operands[other], operands[i]};
    const auto id = common(both, "WITHIN GROUP", node.at);
    const auto both_modifier = common_modifier(both, id);
    operands[i] = to_common(operands[i], id, "WITHIN GROUP", node.at);
    operands[other] = to_common(operands[other], id, "WITHIN GROUP", node.at);
    operands[i].modifier = operands[other].modifier = both_modifier;
  }
}

Operand Resolver::call(Node& node) {
  auto& parts = *node.call;
  const Before before{level().sets, level().windows};
  std::vector<Operand> arguments;
  std::vector<std::string_view> names;
  const int nearest_before = level().nearest, nearest_aggregate_before = level().nearest_aggregate;
  level().nearest = level().nearest_aggregate = -1;
  for (auto& each : node.parts) arguments.push_back(visit(each));
  if (parts.within_group)
    for (auto& each : parts.order) arguments.push_back(visit(each.value));
  const auto restore = [&] {
    const auto nearer = [](int one, int other) { return one < 0 ? other : other < 0 ? one : std::min(one, other); };
    level().nearest = nearer(level().nearest, nearest_before);
    level().nearest_aggregate = nearer(level().nearest_aggregate, nearest_aggregate_before);
  };
  if (parts.filter) {
    const auto clause = level().clause;
    level().clause = Clause::filter;
    const int sets = level().sets;
    to_boolean(visit(*parts.filter), "FILTER", sets);
    level().clause = clause;
  }
  if (arguments.size() > most_arguments) refuse("54023", "a function takes at most 100 arguments", node.at);
  for (auto& each : node.parts) {
    if (each.kind != Kind::named_argument) {
      if (!names.empty()) refuse("42601", "an argument without a name stands after one with a name", each.at);
      continue;
    }
    if (std::find(names.begin(), names.end(), each.text) != names.end())
      refuse("42601", "the argument `" + each.text + "` is given twice", each.at);
    names.emplace_back(each.text);
  }
  std::vector<TypeId> types;
  for (const auto& each : arguments) types.push_back(each.type);
  const auto wanted = written(node.name, node.at);
  const bool literal = arguments.size() == 1 && node.parts.size() == 1 &&
                       (node.parts[0].kind == Kind::string || node.parts[0].kind == Kind::null);
  const CallShape shape{types, names, !parts.variadic, literal};
  const auto chosen = chooser_.function(wanted, shape);
  const bool projectable = arguments.size() == 1 && names.empty() && parts.order.empty() && !parts.filter &&
                           !parts.star && !parts.distinct && !parts.over && !parts.variadic && node.name.size() == 1 &&
                           (types[0] == type::record || universe_.composite(types[0]));
  if (chosen.verdict != Verdict::one) {
    if (chosen.verdict == Verdict::none && projectable)
      if (auto found = project(arguments[0], node.name[0], node)) return restore(), *found;
    no_such_function(node, arguments, chosen.verdict == Verdict::several);
  }
  check_call(node, chosen.function);
  if (chosen.cast != 0) {
    auto result = coerce(arguments[0], chosen.cast, Context::explicit_, node.at);
    restore();
    return done(node, result.type, result.modifier);
  }
  const auto& function = *chosen.function;
  node.function = function.id;
  auto declared = chosen.declared;
  if (function.kind == 'a' && function.aggregate != 'n')
    check_ordered_set(node, function, arguments.size(), chosen.variadic_count, arguments, declared);
  types.clear();
  for (const auto& each : arguments) types.push_back(each.type);
  for (std::size_t i = types.size(); i < declared.size(); ++i) types.push_back(declared[i]);
  const auto result = bind_polymorphic(universe_, types, declared, function.result);
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].type != declared[i]) arguments[i] = coerce(arguments[i], declared[i], Context::implicit, node.at);
  if (chosen.variadic_count > 0 && function.variadic != type::any) {
    const auto element = arguments[arguments.size() - chosen.variadic_count].type;
    if (universe_.at(element).array == 0)
      refuse("42704", "there is no array type of " + universe_.display(element), node.at);
  }
  if (parts.variadic && function.variadic == type::any && !arguments.empty()) {
    const auto id = types[arguments.size() - 1];
    if (universe_.element(universe_.base(id)) == 0) refuse("42804", "the argument of VARIADIC is no array", node.at);
  }
  node.type = result;
  Operand value;
  if (function.kind == 'a' && !parts.over) {
    value = aggregate(node, function, arguments, before);
  } else if (parts.over) {
    value = window_call(node, function, arguments, before);
  } else {
    if (function.returns_set) {
      set_placement(node, before.sets);
      ++level().sets;
    }
    value = done(node, result);
  }
  restore();
  return value;
}

}  // namespace mig::types
