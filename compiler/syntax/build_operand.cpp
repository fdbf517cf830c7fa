// Operands: constants, names, calls, casts, case, arrays, rows; and types.
#include "compiler/syntax/build_expression.hpp"

namespace mig::syntax {

namespace {

using grammar::Token;

// position(a in (b)): PostgreSQL reads `in` as the word of the function, not as the list operator.
void mend_position(FunctionCall& call) {
  if (call.function.parts.size() != 1 || call.function.parts[0].text != "position" || call.arguments.size() != 1)
    return;
  auto& argument = call.arguments[0];
  if (!argument.value || !argument.words.empty()) return;
  auto* list = std::get_if<InList>(&(*argument.value)->node);
  if (list == nullptr || list->negated || list->items.size() != 1) return;
  auto words = std::move(list->items[0]);
  auto value = std::move(*list->operand);
  argument.words.emplace_back("in", std::move(words));
  argument.value = Box<Expr>(std::move(value));
}

// extract(year from x): the field is a word, which PostgreSQL takes as a string too; no column.
void mend_extract(FunctionCall& call) {
  if (call.function.parts.size() != 1 || call.function.parts[0].text != "extract" || call.arguments.size() != 1) return;
  auto& argument = call.arguments[0];
  if (!argument.value || argument.words.size() != 1 || argument.words[0].first != "from") return;
  const auto* field = std::get_if<ColumnRef>(&(*argument.value)->node);
  if (field == nullptr || field->path.parts.size() != 1) return;
  auto word = field->path.parts[0].text;
  (*argument.value)->node = Constant{Constant::Is::string, std::move(word)};
}

}  // namespace

std::vector<Expr> Builder::expressions_in(std::size_t parent) {
  std::vector<Expr> made;
  for (const auto one : children(parent))
    if (kind(one) == Kind::expression) made.push_back(expression(one));
  return made;
}

std::optional<Expr> Builder::optional_expression(std::size_t parent) {
  const auto node = child(parent, Kind::expression);
  if (!node) return std::nullopt;
  return expression(*node);
}

// A primary and what is hung on it: ::type [subscript] .field.
Builder::High Builder::high_operand(std::size_t node) {
  High high;
  auto list = children(node);
  auto one = list.begin();
  high.height = 1 + height_of([&] { high.expr = primary(*one); });
  for (++one; one != list.end(); ++one) {
    const auto at = *one;
    const auto span = source::join(high.expr.span, this->span(at));
    Expr made{span, Bad{}};
    const auto inner = height_of([&] {
      if (kind(at) == Kind::typecast) {
        made.node = Cast{std::move(high.expr), type(*child(at, Kind::type)), false};
      } else if (kind(at) == Kind::subscript) {
        made.node = subscript(at, std::move(high.expr));
      } else {
        made.node = FieldOf{std::move(high.expr), optional_name(at)};
      }
    });
    high.height = std::max(high.height, inner) + 1;
    high.expr = std::move(made);
    high = checked(std::move(high));
  }
  return high;
}

Subscript Builder::subscript(std::size_t node, Expr operand) {
  Subscript made;
  made.operand = std::move(operand);
  for (const auto one : children(node)) {
    if (kind(one) == Kind::flag)
      made.slice = true;
    else
      (made.slice ? made.high : made.low) = Box<Expr>(expression(one));
  }
  if (!made.slice && !made.low) problem(span(node), "a subscript without a number", "write: a[1] or a[1:2]");
  return made;
}

namespace {

Path one_part(std::string text, source::Span span) { return {{Name{std::move(text), false, span}}, span}; }

// N'x' is 'x'::bpchar.
Cast national(Text text) {
  Type type;
  type.span = text.span;
  type.name = {{Name{"pg_catalog", false, text.span}, Name{"bpchar", false, text.span}}, text.span};
  return {Expr{text.span, Constant{Constant::Is::string, std::move(text.value)}}, std::move(type), false};
}

}  // namespace

Expr Builder::constant(std::size_t node) {
  Constant made;
  if (const auto text_node = child(node, Kind::string)) {
    const auto token = parsing_.at(parsing_.nodes[*text_node].begin).token;
    if (token == Token::national) return {span(node), national(string(*text_node))};
    made.is = token == Token::bits ? Constant::Is::bits : Constant::Is::string;
    made.value = string(*text_node).value;
  } else if (child(node, Kind::number)) {
    made.is = Constant::Is::number;
    made.value = std::string(text(node));
  } else {
    made.value = words(node);
    made.is = made.value == "null" ? Constant::Is::null : Constant::Is::boolean;
  }
  return {span(node), std::move(made)};
}

void Builder::parenthesised(std::size_t node, std::vector<Expr>& items, std::optional<Query>& query_text) {
  if (const auto text_node = child(node, Kind::query))
    query_text = query(*text_node);
  else
    items = expressions_in(node);
}

// (x) is x with a wider span, (x, y) a row, (select …) a sub-select.
Expr Builder::in_parentheses(std::size_t node) {
  std::vector<Expr> items;
  std::optional<Query> text_of_query;
  parenthesised(node, items, text_of_query);
  if (text_of_query) return {span(node), Subquery{false, std::move(*text_of_query)}};
  if (items.size() == 1) {
    items.front().span = span(node);
    return std::move(items.front());
  }
  return {span(node), RowExpr{std::move(items), false}};
}

ArrayExpr Builder::array_items(std::size_t node) {
  ArrayExpr made;
  for (const auto one : children(node)) {
    if (kind(one) == Kind::query)
      made.query = query(one);
    else if (kind(one) == Kind::array_row)
      made.items.push_back({span(one), array_items(one)});
    else
      made.items.push_back(expression(one));
  }
  return made;
}

Case Builder::case_of(std::size_t node) {
  Case made;
  for (const auto one : children(node)) {
    if (kind(one) == Kind::expression) {
      made.operand = Box<Expr>(expression(one));
    } else if (kind(one) == Kind::case_else) {
      made.otherwise = Box<Expr>(*optional_expression(one));
    } else {
      auto pair = expressions_in(one);
      made.branches.emplace_back(std::move(pair[0]), std::move(pair[1]));
    }
  }
  return made;
}

std::vector<SortKey> Builder::sort_keys_in(std::size_t parent) {
  std::vector<SortKey> made;
  for (const auto node : all(parent, Kind::sort_key)) {
    SortKey key{*optional_expression(node), "", ""};
    if (has_flag(node, "asc")) key.direction = "asc";
    if (has_flag(node, "desc")) key.direction = "desc";
    if (const auto op = child(node, Kind::using_operator)) key.direction = words(*op);
    if (const auto nulls = child(node, Kind::nulls_order)) key.nulls = words(*nulls).substr(6);
    made.push_back(std::move(key));
  }
  return made;
}

CallArgument Builder::argument(std::size_t node) {
  CallArgument made;
  for (const auto one : children(node)) {
    if (kind(one) == Kind::lead) {
      made.lead = words(one);
      made.variadic = made.lead == "variadic";
      if (made.variadic) made.lead.clear();
    } else if (kind(one) == Kind::argument_name) {
      made.name = optional_name(one);
    } else if (kind(one) == Kind::expression) {
      made.value = Box<Expr>(expression(one));
    } else {
      made.words.emplace_back(words(*child(one, Kind::arg_word)), *optional_expression(one));
    }
  }
  return made;
}

std::vector<CallArgument> Builder::arguments(std::size_t node) {
  std::vector<CallArgument> made;
  for (const auto one : all(node, Kind::argument_)) made.push_back(argument(one));
  return made;
}

Window Builder::window(std::size_t node) {
  Window made;
  const auto inner = child(node, Kind::window);
  if (!inner) {
    made.name = optional_name(node);
    return made;
  }
  if (const auto partition = child(*inner, Kind::partition)) made.partition = expressions_in(*partition);
  if (const auto order = child(*inner, Kind::order_by)) made.order = sort_keys_in(*order);
  if (const auto frame = child(*inner, Kind::frame)) made.frame = std::string(text(*frame));
  return made;
}

Expr Builder::function_call(std::size_t node, Path function) {
  FunctionCall made;
  made.function = std::move(function);
  for (const auto one : children(node)) {
    if (kind(one) == Kind::arguments) {
      made.star = has_flag(one, "*");
      made.distinct = has_flag(one, "distinct");
      made.arguments = arguments(one);
      if (const auto order = child(one, Kind::order_by)) made.order = sort_keys_in(*order);
    } else if (kind(one) == Kind::within_group) {
      made.within_group = sort_keys_in(*child(one, Kind::order_by));
    } else if (kind(one) == Kind::filter) {
      made.filter = Box<Expr>(*optional_expression(one));
    } else if (kind(one) == Kind::over) {
      made.over = window(one);
    }
  }
  mend_position(made);
  mend_extract(made);
  return {span(node), std::move(made)};
}

// f(x) · numeric(3,1) '1.5' · date '2020-01-01' · a.b · a.*
Expr Builder::named(std::size_t node) {
  const auto first = *children(node).begin();
  Path callee;
  if (kind(first) == Kind::path)
    callee = path(first);
  else
    callee = {{name(first)}, span(first)};
  const auto list = child(node, Kind::arguments);
  if (const auto text_node = child(node, Kind::string)) {
    Type made{std::move(callee), "", {}, {}, false, {}};
    made.span = made.name.span;
    if (list) {
      made.span = source::join(made.span, span(*list));
      for (auto& one : arguments(*list)) {
        const bool plain = one.value && !one.name && !one.variadic && one.lead.empty() && one.words.empty();
        if (plain)
          made.modifiers.push_back(std::move(**one.value));
        else
          problem(span(*list), "this is no modifier of a type", "write: numeric(12,2) '1.5'");
      }
    }
    return {span(node), Typed{std::move(made), string(*text_node)}};
  }
  if (list) return function_call(node, std::move(callee));
  return {span(node), ColumnRef{std::move(callee), has_flag(node, "*")}};
}

Expr Builder::primary(std::size_t node) {
  const auto where = span(node);
  switch (kind(node)) {
    case Kind::constant:
      return constant(node);
    case Kind::named:
      return named(node);
    case Kind::parens:
      return in_parentheses(node);
    case Kind::case_:
      return {where, case_of(node)};
    case Kind::cast:
      return {where, Cast{*optional_expression(node), type(*child(node, Kind::type)), true}};
    case Kind::exists:
      return {where, Subquery{true, query(*child(node, Kind::query))}};
    case Kind::array:
      return {where, array_items(node)};
    case Kind::row:
      return {where, RowExpr{expressions_in(node), true}};
    case Kind::time_word: {
      auto word = words(node);
      return {where, Keyword{std::move(word)}};
    }
    case Kind::interval:
    case Kind::long_typed:
      return {where, Typed{typed_type(node), *optional_string(node)}};
    default:
      return {where, Bad{}};
  }
}

// The type of interval '…' day to second and of timestamp(3) with time zone '…'.
Type Builder::typed_type(std::size_t node) {
  Type made;
  made.span = span(node);
  const auto name_node = child(node, Kind::long_name);
  made.name = name_node ? one_part(words(*name_node), span(*name_node)) : one_part("interval", span(node));
  type_parts(node, made);
  return made;
}

void Builder::type_parts(std::size_t node, Type& made) {
  for (const auto one : children(node)) {
    if (kind(one) == Kind::modifiers) {
      made.modifiers = expressions_in(one);
      for (const auto digits : all(one, Kind::number))
        made.modifiers.push_back({span(digits), Constant{Constant::Is::number, std::string(text(digits))}});
    } else if (kind(one) == Kind::zone || kind(one) == Kind::interval_unit) {
      made.with = words(one);
    } else if (kind(one) == Kind::bound) {
      const auto digits = child(one, Kind::number);
      made.bounds.push_back(digits ? std::string(text(*digits)) : "");
    }
  }
}

Type Builder::type(std::size_t node) {
  Type made;
  made.span = span(node);
  made.setof = has_flag(node, "setof");
  if (const auto name_node = child(node, Kind::path))
    made.name = path(*name_node);
  else if (const auto long_node = child(node, Kind::long_name))
    made.name = one_part(words(*long_node), span(*long_node));
  type_parts(node, made);
  const auto& base = made.name.parts.front();
  const bool time = !base.quoted && (base.text == "time" || base.text == "timestamp");
  if (!time && made.with.ends_with("time zone"))
    problem(made.span, "only time and timestamp have a time zone", "write: timestamptz, or the type without it");
  return made;
}

}  // namespace mig::syntax
