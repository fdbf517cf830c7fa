// Declarations: use, include, parameter, source, values, function, step.
#include "compiler/syntax/build.hpp"

namespace mig::syntax {

Use Builder::use(std::size_t node) {
  Use made{optional_string(node), {}, span(node)};
  if (const auto module = child(node, Kind::path)) made.module = path(*module);
  return made;
}

Include Builder::include(std::size_t node) { return {*optional_string(node), span(node)}; }

Skip Builder::skip(std::size_t node) { return {path(*child(node, Kind::path)), *optional_string(node), span(node)}; }

ParameterDecl Builder::parameter(std::size_t node) {
  ParameterDecl made{
      *optional_name(node), type(*child(node, Kind::type)), {}, optional_expression(node), false, span(node)};
  if (const auto env = child(node, Kind::env)) made.env = optional_string(*env);
  made.secret = has_flag(node, "secret");
  return made;
}

void Builder::field_type(std::size_t node, Field& made) {
  if (kind(node) == Kind::type) {
    made.type = type(node);
  } else if (kind(node) == Kind::fields) {
    for (const auto one : all(node, Kind::field)) made.fields.push_back(field(one));
  } else {
    if (made.list) problem(span(node), "a list of lists", "write: one list, its rows as objects: [ { … } ]");
    made.list = true;
    field_type(*children(node).begin(), made);
  }
}

Field Builder::field(std::size_t node) {
  Field made;
  made.span = span(node);
  made.name = label_as_written(*child(node, Kind::name));
  for (const auto one : children(node))
    if (kind(one) == Kind::type || kind(one) == Kind::fields || kind(one) == Kind::field_list) field_type(one, made);
  made.optional = has_flag(node, "?");
  made.secret = has_flag(node, "secret");
  made.from = optional_string(node);
  return made;
}

Source Builder::source(std::size_t node) {
  Source made;
  made.span = span(node);
  made.name = *optional_name(node);
  made.format = word(*child(node, Kind::format));
  made.where = optional_string(node);
  if (const auto env = child(node, Kind::env)) made.env = optional_string(*env);
  made.optional = has_flag(node, "optional");
  made.settings = settings_in(node);
  for (const auto one : all(node, Kind::field)) made.fields.push_back(field(one));
  return made;
}

Expr Builder::literal(std::size_t node) {
  if (const auto text_node = child(node, Kind::string))
    return {span(node), Constant{Constant::Is::string, string(*text_node).value}};
  auto written = words(node);
  if (child(node, Kind::number)) return {span(node), Constant{Constant::Is::number, std::move(written)}};
  return {span(node), Constant{written == "null" ? Constant::Is::null : Constant::Is::boolean, std::move(written)}};
}

Values Builder::values(std::size_t node) {
  const auto types = all(node, Kind::type);
  Values made{*optional_name(node), type(types[0]), type(types[1]), {}, false, {}, span(node)};
  for (const auto one : children(node)) {
    const auto sides = all(one, Kind::literal);
    if (kind(one) == Kind::pair) {
      made.pairs.push_back({literal(sides[0]), literal(sides[1]), has_flag(one, "<->")});
    } else if (kind(one) == Kind::pair_else) {
      if (made.else_reject || made.otherwise) problem(span(one), "a second `else`", "write: one of them");
      made.else_reject = has_flag(one, "reject");
      if (!made.else_reject) made.otherwise = literal(sides[0]);
    }
  }
  return made;
}

Function Builder::function(std::size_t node) {
  Function made{path(*child(node, Kind::path)),
                parameters_in(node),
                type(*child(node, Kind::type)),
                *optional_expression(node),
                {},
                span(node)};
  // `inverse g;` stands among the examples as the bare name g, which is no condition and so no example.
  if (const auto inverses = all(node, Kind::inverse); !inverses.empty()) {
    const auto first = *child(inverses.front(), Kind::path);
    made.examples.push_back({span(first), ColumnRef{path(first), false}});
    for (std::size_t i = 1; i < inverses.size(); ++i)
      problem(span(inverses[i]), "a second `inverse`", "write: one of them");
  }
  for (const auto one : all(node, Kind::example)) made.examples.push_back(*optional_expression(one));
  return made;
}

StepDecl Builder::step(std::size_t node) {
  const auto head = *child(node, Kind::form);
  return {std::string(text(head)), span(head), sections_in(node), span(node)};
}

Item Builder::item(std::size_t node) {
  switch (kind(node)) {
    case Kind::use:
      return use(node);
    case Kind::include:
      return include(node);
    case Kind::parameter:
      return parameter(node);
    case Kind::time_zone:
      return TimeZone{*optional_string(node), span(node)};
    case Kind::skip:
      return skip(node);
    case Kind::source:
      return source(node);
    case Kind::values:
      return values(node);
    case Kind::function:
      return function(node);
    case Kind::step:
      return step(node);
    case Kind::repeatable:
    case Kind::migration:
      return migration(node);
    default:
      return call(node);
  }
}

void build_item(Parsing& parsing, File& file) { file.items.push_back(Builder(parsing).item(0)); }

}  // namespace mig::syntax
