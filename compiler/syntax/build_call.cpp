// Calls of operations and steps: the arguments by the kinds of their holes.
#include "compiler/syntax/build.hpp"

namespace mig::syntax {
namespace {

Expr word_expression(std::string word, source::Span span) { return {span, Keyword{std::move(word)}}; }

}  // namespace

std::vector<Setting> Builder::settings_in(std::size_t parent) {
  std::vector<Setting> made;
  for (const auto node : all(parent, Kind::setting)) {
    Setting setting{path(*child(node, Kind::path)), optional_expression(node), "", span(node)};
    if (has_flag(node, "default")) setting.word = "default";
    if (has_flag(node, "on")) setting.word = "on";
    made.push_back(std::move(setting));
  }
  return made;
}

std::vector<Parameter> Builder::parameters_in(std::size_t parent) {
  std::vector<Parameter> made;
  for (const auto node : all(parent, Kind::parm)) {
    Parameter parameter{"", *optional_name(node), type(*child(node, Kind::type)), {}};
    if (const auto mode = child(node, Kind::mode)) parameter.mode = words(*mode);
    if (const auto fallback = child(node, Kind::parm_default)) parameter.fallback = optional_expression(*fallback);
    made.push_back(std::move(parameter));
  }
  return made;
}

std::vector<Assignment> Builder::column_assignments_in(std::size_t parent) {
  std::vector<Assignment> made;
  for (const auto node : all(parent, Kind::assignment))
    made.push_back({*optional_name(node), optional_expression(node), span(node)});
  return made;
}

// Rows and bounds: expressions and the words default, minvalue, maxvalue.
std::vector<Expr> Builder::row_values(std::size_t node) {
  std::vector<Expr> made;
  for (const auto one : children(node)) {
    if (kind(one) == Kind::expression)
      made.push_back(expression(one));
    else
      made.push_back(word_expression(words(one), span(one)));
  }
  return made;
}

PartitionBound Builder::partition_bound(std::size_t node) {
  using Is = PartitionBound::Is;
  PartitionBound made;
  made.span = span(node);
  const auto bounds = all(node, Kind::bound_values);
  if (has_flag(node, "default")) {
    made.is = Is::default_;
  } else if (has_flag(node, "in")) {
    made.is = Is::in;
    made.values = row_values(bounds[0]);
  } else if (has_flag(node, "from")) {
    made.is = Is::range;
    made.from = row_values(bounds[0]);
    made.to = row_values(bounds[1]);
  } else {
    made.is = Is::hash;
    const auto numbers = all(*child(node, Kind::hash_bound), Kind::number);
    made.modulus = words(numbers[0]);
    made.remainder = words(numbers[1]);
  }
  return made;
}

std::vector<Callable> Builder::callables_in(std::size_t parent) {
  std::vector<Callable> made;
  for (const auto node : all(parent, Kind::callable)) {
    Callable one{path(*child(node, Kind::path)), {}, span(node)};
    if (text(node).back() == ')') {
      one.types.emplace();
      for (const auto type_node : all(node, Kind::type)) one.types->push_back(type(type_node));
    }
    made.push_back(std::move(one));
  }
  return made;
}

// One value for each kind of hole; `node` is the argument's, its children what the kind's rule left.
Value Builder::argument_value(grammar::Kind wanted, std::size_t node) {
  using K = grammar::Kind;
  const auto first = [&] { return *children(node).begin(); };
  switch (wanted) {
    case K::name:
      return name(first());
    case K::path:
      return path(first());
    case K::names:
    case K::name_list:
      return names(first());
    case K::path_list:
      return paths(first());
    case K::callable:
    case K::callables:
      return callables_in(node);
    case K::type:
      return type(first());
    case K::definition:
      return definition(first());
    case K::value:
    case K::condition:
      return expression(first());
    case K::string:
      return string(first());
    case K::number:
    case K::integer:
      return number(first());
    case K::quantity:
      return quantity(first());
    case K::body:
      return body(first());
    case K::query: {
      if (kind(first()) == Kind::query) return query(first());
      auto written = body(first());
      return Query{std::move(written.text), written.span};
    }
    case K::elements: {
      std::vector<Element> made;
      for (const auto one : children(node)) made.push_back(element(one));
      return made;
    }
    case K::index_elements:
    case K::index_list:
    case K::exclude_elements:
      return index_elements_in(node);
    case K::parameters:
      return parameters_in(node);
    case K::settings:
      return settings_in(node);
    case K::rows: {
      std::vector<std::vector<Expr>> made;
      for (const auto one : children(node)) made.push_back(row_values(one));
      return made;
    }
    case K::assignments:
      return column_assignments_in(node);
    case K::labels: {
      std::vector<Text> made;
      for (const auto one : children(node)) made.push_back(string(one));
      return made;
    }
    case K::privileges: {
      std::vector<Privilege> made;
      for (const auto one : children(node)) made.push_back({word(*child(one, Kind::name)), names_in(one)});
      return made;
    }
    case K::events: {
      std::vector<Event> made;
      for (const auto one : children(node)) made.push_back({words(*child(one, Kind::flag)), names_in(one)});
      return made;
    }
    case K::partition_bound:
      return partition_bound(node);
    case K::seq_options:
      return seq_options_in(node);
    case K::reference:
      return reference(first());
    case K::type_fields: {
      std::vector<Column> made;
      for (const auto one : children(node)) made.push_back(column(one));
      return made;
    }
    case K::arguments:
      return arguments(first());
    case K::word:
      return word(first());
    case K::words: {
      std::vector<Word> made;
      for (const auto one : children(node)) made.push_back(word(one));
      return made;
    }
    case K::text_or_null:
      if (kind(first()) == Kind::string) return string(first());
      return std::monostate{};
    case K::constraint_tail: {
      TableConstraint made;
      made.span = span(node);
      constraint_tail(node, made);
      return made;
    }
  }
  return std::monostate{};
}

Call Builder::call(std::size_t node) {
  Call made;
  made.form = parsing_.nodes[node].data;
  made.span = span(node);
  made.loss = loss_in(node);
  for (const auto one : children(node)) {
    if (kind(one) == Kind::phrase) made.phrase = span(one);
    if (kind(one) == Kind::call_word) made.words.push_back(word(one));
    if (kind(one) != Kind::call_argument) continue;
    const auto& hole = *parsing_.holes[parsing_.nodes[one].data];
    made.arguments.push_back({hole.text, argument_value(hole.kind, one), span(one)});
  }
  return made;
}

}  // namespace mig::syntax
