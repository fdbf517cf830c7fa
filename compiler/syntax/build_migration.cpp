// Migrations and their sections.
#include <algorithm>

#include "compiler/syntax/build.hpp"

namespace mig::syntax {

Quantity Builder::limit_in(std::size_t parent) const {
  if (const auto node = child(parent, Kind::quantity)) return quantity(*node);
  return quantity(*child(parent, Kind::number));
}

Rule Builder::rule(std::size_t node) {
  Rule made;
  made.span = span(node);
  made.word = word(*child(node, Kind::name));
  for (const auto one : all(node, Kind::threshold))
    made.when.push_back({path(*child(one, Kind::path)), words(*child(one, Kind::op)), limit_in(one)});
  made.text = optional_string(node);
  if (child(node, Kind::quantity) || child(node, Kind::number)) made.quantity = limit_in(node);
  if (const auto list = child(node, Kind::paths)) made.paths = paths(*list);
  if (const auto window = child(node, Kind::window_tail)) made.tail = std::string(text(*window));
  return made;
}

std::vector<Rule> Builder::rules_in(std::size_t parent) {
  std::vector<Rule> made;
  for (const auto one : all(parent, Kind::rule)) made.push_back(rule(one));
  return made;
}

Measure Builder::measure(std::size_t node) {
  return {*optional_name(node), words(*child(node, Kind::percentile)), body(*child(node, Kind::body)),
          number(*child(*child(node, Kind::over_runs), Kind::number)), span(node)};
}

decltype(Expect::what) Builder::expectation(std::size_t node) {
  switch (kind(node)) {
    case Kind::expect_none: {
      Expect::None made;
      if (const auto table = child(node, Kind::path)) made.table = path(*table);
      if (const auto rows = child(node, Kind::query)) made.query = query(*rows);
      if (const auto rows = child(node, Kind::body)) {
        auto written = body(*rows);
        made.query = Query{std::move(written.text), written.span};
      }
      if (const auto where = child(node, Kind::where)) made.where = optional_expression(*where);
      return made;
    }
    case Kind::expect_match: {
      const auto sides = all(node, Kind::path);
      Expect::Match made{path(sides[0]), path(sides[1]), {}, {}};
      if (const auto sample = child(node, Kind::sample)) made.sample = number(*child(*sample, Kind::number));
      if (const auto part = child(node, Kind::tolerate)) made.tolerate = quantity(*child(*part, Kind::quantity));
      return made;
    }
    case Kind::expect_plan:
      return Expect::PlanUses{optional_name(node), body(*child(node, Kind::body))};
    case Kind::expect_time:
      return Expect::Time{words(*child(node, Kind::percentile)), words(*child(node, Kind::op)),
                          quantity(*child(node, Kind::quantity)),
                          number(*child(*child(node, Kind::over_runs), Kind::number)), body(*child(node, Kind::body))};
    case Kind::expect_baseline:
      return Expect::Baseline{path(*child(node, Kind::path)), words(*child(node, Kind::op)),
                              quantity(*child(node, Kind::factor)).number};
    default:
      return *optional_expression(node);
  }
}

Expect Builder::expect(std::size_t node) {
  Expect made{expectation(*children(node).begin()), {}, span(node)};
  if (const auto message = child(node, Kind::message)) made.message = optional_string(*message);
  return made;
}

Assertions Builder::assertions(std::size_t node) {
  Assertions made{kind(node) == Kind::verify ? "verify" : "require", {}, span(node)};
  for (const auto one : all(node, Kind::expect)) made.expects.push_back(expect(one));
  return made;
}

WhenServer Builder::when_server(std::size_t node) {
  return {words(*child(node, Kind::op)), number(*child(node, Kind::number)), phase_items_in(node), span(node)};
}

PhaseItem Builder::phase_item(std::size_t node) {
  if (kind(node) == Kind::include) return include(node);
  if (kind(node) == Kind::when_server) return Box<WhenServer>(when_server(node));
  if (kind(node) == Kind::map) return map(node);
  return call(node);
}

std::vector<PhaseItem> Builder::phase_items_in(std::size_t parent) {
  std::vector<PhaseItem> made;
  for (const auto one : children(parent))
    if (kind(one) == Kind::include || kind(one) == Kind::when_server || kind(one) == Kind::map ||
        kind(one) == Kind::call)
      made.push_back(phase_item(one));
  return made;
}

// The clauses of contract; each at most once.
Gate Builder::gate(std::size_t node) {
  Gate made;
  std::vector<Kind> seen;
  for (const auto one : children(node)) {
    const auto is = kind(one);
    if (is < Kind::gate_after || is > Kind::gate_retain) continue;
    if (std::find(seen.begin(), seen.end(), is) != seen.end())
      problem(span(one), "this clause stands twice", "write: one of them");
    seen.push_back(is);
    if (is == Kind::gate_after) made.after = quantity(*child(one, Kind::quantity));
    if (is == Kind::gate_retain) made.retain = quantity(*child(one, Kind::quantity));
    if (is == Kind::gate_approved) made.approved = true;
    if (is == Kind::gate_when) made.when = optional_expression(one);
    if (is == Kind::gate_unused) {
      made.unused = path(*child(one, Kind::path));
      made.unused_for = quantity(*child(one, Kind::quantity));
    }
  }
  return made;
}

Phase Builder::phase(std::size_t node) {
  Phase made;
  made.section = kind(node) == Kind::expand ? "expand" : "contract";
  made.gate = gate(node);
  made.items = phase_items_in(node);
  made.span = span(node);
  made.head = made.span;
  made.head.end = made.head.begin + static_cast<std::uint32_t>(made.section.size());
  return made;
}

Section Builder::section(std::size_t node) {
  switch (kind(node)) {
    case Kind::policy:
      return Policy{rules_in(node), span(node)};
    case Kind::backup:
      return Backup{rules_in(node), span(node)};
    case Kind::measure:
      return measure(node);
    case Kind::require:
    case Kind::verify:
      return assertions(node);
    case Kind::expand:
    case Kind::contract:
      return phase(node);
    case Kind::checkpoint:
      return Checkpoint{*optional_name(node), optional_string(node), span(node)};
    case Kind::publish:
      return Publish{*optional_name(node), span(node)};
    case Kind::include:
      return include(node);
    case Kind::when_server:
      return Box<WhenServer>(when_server(node));
    case Kind::map:
      return map(node);
    case Kind::skip:
      return skip(node);
    default:
      return call(node);
  }
}

std::vector<Section> Builder::sections_in(std::size_t parent) {
  std::vector<Section> made;
  for (const auto one : children(parent)) {
    const auto is = kind(one);
    const bool head = is == Kind::name || is == Kind::string || is == Kind::after_one || is == Kind::tags ||
                      is == Kind::in_schema || is == Kind::form;
    if (!head) made.push_back(section(one));
  }
  return made;
}

Migration Builder::migration(std::size_t node) {
  Migration made;
  made.span = span(node);
  made.name = *optional_name(node);
  made.title = optional_string(node);
  made.repeatable = kind(node) == Kind::repeatable;
  for (const auto one : children(node)) {
    if (kind(one) == Kind::after_one) made.after.push_back({*optional_name(one), has_flag(one, "done")});
    if (kind(one) == Kind::tags)
      for (auto& tag : names_in(one)) made.tags.push_back(std::move(tag));
    if (kind(one) == Kind::in_schema) {
      if (made.schema) problem(span(one), "a second `in schema`", "write: one of them");
      made.schema = optional_name(one);
    }
  }
  made.sections = sections_in(node);
  return made;
}

}  // namespace mig::syntax
