// Each form of an expression: constants, CASE, COALESCE, arrays, rows, casts (parse_expr.c).
#include "compiler/types/resolve.hpp"

#include <charconv>

#include "compiler/types/parse.hpp"
#include "compiler/types/polymorphic.hpp"
#include "compiler/types/query.hpp"

namespace mig::types {

Operand Resolver::done(Node& node, TypeId id, std::int32_t modifier) const {
  node.type = id;
  node.modifier = modifier;
  node.coerced = 0;
  return {id, modifier, &node};
}

Operand Resolver::constant(Node& node, TypeId id) { return done(node, id); }

// bigint where it fits, else numeric; integers that the parser did not take as such are larger than 2^31.
Operand Resolver::number(Node& node) {
  std::int64_t value = 0;
  const auto* end = node.text.data() + node.text.size();
  const auto read = std::from_chars(node.text.data(), end, value);
  const bool whole = read.ec == std::errc() && read.ptr == end;
  if (!whole) return done(node, type::numeric);
  const bool small = value >= -2147483648LL && value <= 2147483647LL;
  return done(node, small ? type::int4 : type::int8);
}

Operand Resolver::visit(Node& node) {
  if (node.kind == Kind::unsupported) refuse("", node.text + " is not typed here", node.at);
  auto result = visit_known(node);
  return result;
}

Operand Resolver::visit_known(Node& node) {
  switch (node.kind) {
    case Kind::null:
    case Kind::string:
      return constant(node, type::unknown);
    case Kind::integer:
      return constant(node, type::int4);
    case Kind::number:
      return number(node);
    case Kind::boolean:
      return constant(node, type::boolean);
    case Kind::bits:
      return constant(node, type::bit);
    case Kind::parameter:
      refuse("42P02", "there is no parameter $" + node.text, node.at);
    case Kind::column:
    case Kind::star:
      return column(node);
    case Kind::call:
      return call(node);
    case Kind::named_argument:
      return visit(node.parts.front());
    case Kind::op:
      return op(node);
    case Kind::any_array:
    case Kind::all_array:
      return array_op(node);
    case Kind::distinct:
    case Kind::not_distinct:
      return distinct(node);
    case Kind::nullif:
      return nullif(node);
    case Kind::in:
      return in(node);
    case Kind::between:
      return between(node);
    case Kind::similar:
      return op(node);
    case Kind::cast:
      return cast(node);
    case Kind::collate:
      return collate(node);
    case Kind::and_:
      return logic(node, "AND");
    case Kind::or_:
      return logic(node, "OR");
    case Kind::not_:
      return logic(node, "NOT");
    case Kind::null_test:
      visit(node.parts.front());
      return done(node, type::boolean);
    case Kind::boolean_test:
      return logic(node, "IS TRUE");
    case Kind::case_:
      return case_of(node);
    case Kind::coalesce:
      return several(node, "COALESCE");
    case Kind::greatest:
      return several(node, node.text.c_str());
    case Kind::value_function:
      return value_function(node);
    case Kind::array:
      return array(node, 0, 0, -1);
    case Kind::row:
      return row(node);
    case Kind::indirection:
      return indirection(node);
    case Kind::exists:
    case Kind::scalar_query:
    case Kind::array_query:
    case Kind::any_query:
    case Kind::all_query:
      return sub_query(node);
    case Kind::xml:
      return xml(node);
    case Kind::default_:
      refuse("42601", "DEFAULT is no value here", node.at);
    default:
      refuse("", "this form is not typed here", node.at);
  }
}

Operand Resolver::logic(Node& node, const char* word) {
  for (auto& each : node.parts) {
    const int sets = level().sets;
    to_boolean(visit(each), word, sets);
  }
  return done(node, type::boolean);
}

Operand Resolver::case_of(Node& node) {
  const int sets_before = level().sets;
  const bool has_argument = (node.detail & 1) != 0, has_else = (node.detail & 2) != 0;
  std::size_t at = 0;
  Operand tested;
  if (has_argument) {
    tested = visit(node.parts[at++]);
    if (tested.type == type::unknown) tested = to_common(tested, type::text, "CASE", node.at);
    tested.node = nullptr;
  }
  const auto end = node.parts.size() - (has_else ? 1 : 0);
  std::vector<Operand> results(1);
  static const std::vector<std::string> equals{"="};
  for (; at < end; at += 2) {
    const int sets = level().sets;
    auto when = visit(node.parts[at]);
    if (has_argument) {
      Node compared;
      compared.at = node.parts[at].at;
      when = make_op(equals, tested, when, compared);
      when.node = nullptr;
    }
    to_boolean(when, "CASE/WHEN", sets);
    results.push_back(visit(node.parts[at + 1]));
  }
  Node absent;
  absent.at = node.at;
  results.front() = has_else ? visit(node.parts.back()) : constant(absent, type::unknown);
  const auto common_id = common(results, "CASE", node.at);
  for (auto& each : results) each = to_common(each, common_id, "CASE", each.node->at);
  if (level().sets != sets_before) refuse("0A000", "a function that returns a set stands in CASE", node.at);
  return done(node, common_id, common_modifier(results, common_id));
}

// COALESCE, GREATEST, LEAST.
Operand Resolver::several(Node& node, const char* word) {
  const int sets_before = level().sets;
  std::vector<Operand> values;
  for (auto& each : node.parts) values.push_back(visit(each));
  const auto common_id = common(values, word, node.at);
  for (auto& each : values) each = to_common(each, common_id, word, each.node->at);
  if (node.kind == Kind::coalesce && level().sets != sets_before)
    refuse("0A000", "a function that returns a set stands in COALESCE", node.at);
  return done(node, common_id, common_modifier(values, common_id));
}

// transformArrayExpr. `array_type` is given where a cast around it says it; then elements are cast, else they have a
// common type.
Operand Resolver::array(Node& node, TypeId array_type, TypeId element, std::int32_t modifier) {
  std::vector<Operand> values;
  bool nested = false;
  for (auto& each : node.parts) {
    if (each.kind == Kind::array) {
      values.push_back(array(each, array_type, element, modifier));
      nested = true;
      continue;
    }
    values.push_back(visit(each));
    const auto id = values.back().type;
    // int2vector and oidvector count as single values.
    if (!nested && id != type::int2vector && id != type::oidvector)
      nested = universe_.major() >= 18 ? universe_.array_or_domain(id) : universe_.element(id) != 0;
  }
  const bool given = array_type != 0;
  TypeId wanted = nested ? array_type : element;
  if (!given) {
    if (values.empty()) refuse("42P18", "an empty array has no type", node.at, "cast it: `ARRAY[]::integer[]`");
    wanted = common(values, "ARRAY", node.at);
    if (nested) {
      array_type = wanted;
      element = universe_.element(universe_.major() >= 18 ? universe_.base(array_type) : array_type);
      if (element == 0) refuse("42704", universe_.display(array_type) + " has no elements", node.at);
    } else {
      element = wanted;
      array_type = universe_.at(element).array;
      if (array_type == 0) refuse("42704", "there is no array type of " + universe_.display(element), node.at);
    }
  }
  for (auto& each : values) {
    if (!given) {
      each = to_common(each, wanted, "ARRAY", each.node->at);
    } else if (const auto cast_value = coerce_to(each, wanted, modifier, Context::explicit_, node.at)) {
      each = *cast_value;
    } else {
      refuse("42846", show(each) + " cannot be cast to " + universe_.display(wanted), node.at);
    }
  }
  const auto same = values.empty() ? -1 : common_modifier(values, wanted);
  return done(node, array_type, same);
}

Operand Resolver::row(Node& node) {
  QueryTyper::expand_stars(*this, node.parts);
  for (auto& each : node.parts) visit(each);
  if (node.parts.size() > 1664) refuse("54011", "a row has at most 1664 columns", node.at);
  return done(node, type::record);
}

Operand Resolver::cast(Node& node) {
  std::int32_t modifier = -1;
  const auto target = type_of(*node.type_name, modifier);
  auto& part = node.parts.front();
  Operand value;
  auto base_modifier = modifier;
  const auto base = universe_.base(target, base_modifier);
  if (const auto element = universe_.element(base); part.kind == Kind::array && element != 0)
    value = array(part, base, element, base_modifier);
  else
    value = visit(part);
  const auto result = coerce_to(value, target, modifier, Context::explicit_, node.at);
  if (!result) refuse("42846", show(value) + " cannot be cast to " + universe_.display(target), node.at);
  return done(node, result->type, result->modifier);
}

Operand Resolver::collate(Node& node) {
  const auto value = visit(node.parts.front());
  if (value.type != type::unknown && universe_.at(value.type).collation == 0)
    refuse("42804", "a value of type " + show(value) + " has no collation", node.at);
  const auto name = written(node.name, node.at);
  node.collation = universe_.collation_named(name.schema, name.name);
  if (node.collation == 0) refuse("42704", "there is no collation `" + std::string(name.name) + "`", node.at);
  return done(node, value.type, value.modifier);
}

Operand Resolver::value_function(Node& node) {
  const auto& name = node.text;
  const auto precise = [&](TypeId id) {
    const bool given = name.size() > 2 && name.substr(name.size() - 2) == "_N";
    return done(node, id, given ? std::min(node.detail, 6) : -1);
  };
  if (name == "SVFOP_CURRENT_DATE") return done(node, type::date);
  if (name.find("CURRENT_TIMESTAMP") != std::string::npos) return precise(type::timestamptz);
  if (name.find("LOCALTIMESTAMP") != std::string::npos) return precise(type::timestamp);
  if (name.find("CURRENT_TIME") != std::string::npos) return precise(type::timetz);
  if (name.find("LOCALTIME") != std::string::npos) return precise(type::time);
  return done(node, type::name);
}

Operand Resolver::xml(Node& node) {
  const auto& what = node.text;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    auto value = visit(node.parts[i]);
    if (static_cast<int>(i) < node.detail) continue;
    const auto place = i - static_cast<std::size_t>(node.detail);
    if (what == "IS_XMLCONCAT" || what == "IS_DOCUMENT") to_specific(value, type::xml, "XML", node.at);
    if (what == "IS_XMLPARSE") to_specific(value, place == 0 ? type::text : type::boolean, "XMLPARSE", node.at);
    if (what == "IS_XMLPI") to_specific(value, type::text, "XMLPI", node.at);
    if (what == "IS_XMLROOT")
      to_specific(value, place == 0 ? type::xml : place == 1 ? type::text : type::int4, "XMLROOT", node.at);
  }
  return done(node, what == "IS_DOCUMENT" ? type::boolean : type::xml);
}

template <class Do>
Typed Resolver::guarded(const Scope& scope, Clause clause, Do act) {
  Level here;
  here.scope = &scope;
  here.clause = clause;
  level_ = &here;
  Typed result;
  try {
    const Operand value = act();
    window_definitions();
    result.type = value.type;
    result.modifier = value.modifier;
    if (value.node != nullptr) result.collation = assign_collations(*value.node);
    std::vector<Window> none;
    window_collations(none);
  } catch (Refused& refused) {
    result.refusal = std::move(refused.refusal);
  }
  level_ = nullptr;
  return result;
}

Typed Resolver::type(Node& node, const Scope& scope, Clause clause) {
  return guarded(scope, clause, [&] { return visit(node); });
}

Typed Resolver::type_output(Node& node, const Scope& scope) {
  return guarded(scope, Clause::output, [&] {
    auto value = visit(node);
    return value.type == type::unknown ? coerce(value, type::text, Context::implicit, node.at) : value;
  });
}

Typed Resolver::named_type(std::string_view text) {
  const auto name = parse_type(text);
  const Scope nothing;
  return guarded(nothing, Clause::output, [&] {
    if (!name) refuse("42601", "this names no type: " + std::string(text));
    Operand result;
    result.type = type_of(*name, result.modifier);
    return result;
  });
}

Typed Resolver::assign(Node& node, const Scope& scope, Clause clause, TypeId target, std::int32_t modifier) {
  return guarded(scope, clause, [&] {
    const auto value = visit(node);
    if (const auto result = coerce_to(value, target, modifier, Context::assignment, node.at)) return *result;
    refuse("42804", "the column is " + universe_.display(target) + ", the expression " + show(value), node.at,
           "write a cast: `(…)::" + universe_.display(target) + "`");
  });
}

Typed Resolver::condition(Node& node, const Scope& scope, Clause clause) {
  return guarded(scope, clause, [&] {
    const int sets = level().sets;
    return to_boolean(visit(node), "a condition", sets);
  });
}

}  // namespace mig::types
