// Aggregates, window functions and functions that return sets: where they may stand, and what they ask of their
// arguments (parse_agg.c, parse_clause.c).
#include <algorithm>

#include "compiler/types/query.hpp"

namespace mig::types {

namespace {

const char* words_of(Clause clause) {
  switch (clause) {
    case Clause::where:
      return "WHERE";
    case Clause::having:
      return "HAVING";
    case Clause::group:
      return "GROUP BY";
    case Clause::values:
    case Clause::values_single:
      return "VALUES";
    case Clause::limit:
      return "LIMIT";
    case Clause::filter:
      return "FILTER";
    case Clause::join_on:
      return "JOIN … ON";
    case Clause::from_function:
      return "a function in FROM";
    case Clause::window_partition:
    case Clause::window_order:
    case Clause::window_frame:
      return "a window";
    case Clause::default_:
      return "a default";
    case Clause::check:
    case Clause::domain_check:
      return "a check";
    case Clause::generated:
      return "a generated column";
    case Clause::index:
      return "an index";
    case Clause::predicate:
      return "an index's predicate";
    case Clause::transform:
      return "USING";
    case Clause::policy:
      return "a policy";
    case Clause::trigger_when:
      return "a trigger's WHEN";
    case Clause::update:
      return "UPDATE";
    default:
      return "this place";
  }
}

bool takes_aggregates(Clause clause) {
  switch (clause) {
    case Clause::output:
    case Clause::having:
    case Clause::order:
    case Clause::window_partition:
    case Clause::window_order:
      return true;
    default:
      return false;
  }
}

bool takes_windows(Clause clause) { return clause == Clause::output || clause == Clause::order; }

bool takes_sets(Clause clause) {
  switch (clause) {
    case Clause::output:
    case Clause::group:
    case Clause::order:
    case Clause::values_single:
    case Clause::window_partition:
    case Clause::window_order:
    case Clause::from_function:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Resolver::set_placement(const Node& node, int sets_before) {
  const auto clause = level().clause;
  if (!takes_sets(clause))
    refuse("0A000", std::string("a function that returns a set stands in ") + words_of(clause), node.at);
  if (clause == Clause::from_function && level().sets != sets_before)
    refuse("0A000", "functions that return sets are not nested in FROM", node.at);
}

void Resolver::aggregate_placement(const Node& node) {
  const auto clause = level().clause;
  if (!takes_aggregates(clause))
    refuse(clause == Clause::window_frame ? "42803" : "42803",
           std::string("an aggregate stands in ") + words_of(clause), node.at);
}

void Resolver::window_placement(const Node& node) {
  if (!takes_windows(level().clause))
    refuse("42P20", std::string("a window function stands in ") + words_of(level().clause), node.at);
}

// GetDefaultOpClass: is there an order (btree) or a hash for this type?
bool Resolver::has_class(bool hash, TypeId id) const {
  id = universe_.base(id);
  if (universe_.default_class(hash, id)) return true;
  const auto& of = universe_.at(id);
  if (of.kind == 'e') return universe_.default_class(hash, type::anyenum);
  if (of.kind == 'r') return universe_.default_class(hash, type::anyrange);
  if (of.kind == 'm') return universe_.default_class(hash, type::anymultirange);
  if (of.kind == 'c') return universe_.default_class(hash, type::record);
  if (of.true_array) return universe_.default_class(hash, type::anyarray);
  for (const auto& each : universe_.all_types())
    if (each.kind != 0 && universe_.default_class(hash, each.id))
      if (const auto* row = universe_.cast(id, each.id); row != nullptr && row->method == 'b' && row->context == 'i')
        return true;
  return false;
}

// Arrays and rows are compared by their parts.
bool Resolver::parts_comparable(TypeId id, bool equality_only) const {
  id = universe_.base(id);
  if (universe_.at(id).true_array) {
    if (universe_.default_class(false, id)) return true;
    return sortable(universe_.element(id), equality_only);
  }
  if (universe_.at(id).kind != 'c') return true;
  const auto* relation = universe_.columns_of(id);
  return relation == nullptr || std::all_of(relation->columns.begin(), relation->columns.end(),
                                            [&](const auto& each) { return sortable(each.type, equality_only); });
}

bool Resolver::sortable(TypeId id, bool equality_only) const {
  if (has_class(false, id) && parts_comparable(id, equality_only)) return true;
  return equality_only && has_class(true, id) && parts_comparable(id, true);
}

void Resolver::sort_key(SortKey& key, Operand& value) {
  if (value.type == type::unknown) value = coerce(value, type::text, Context::implicit, key.value.at);
  if (key.using_op.empty()) {
    if (!sortable(value.type, false)) refuse("42883", show(value) + " has no order", key.value.at);
    return;
  }
  Node compared;
  compared.at = key.at;
  auto copy = value;
  copy.node = nullptr;
  make_op(key.using_op, copy, copy, compared);
  const auto& orderings = universe_.orderings();
  if (std::none_of(orderings.begin(), orderings.end(), [&](const Ordering& each) {
        return each.op == compared.function && (each.strategy == 1 || each.strategy == 5);
      }))
    refuse("42809", "the operator of USING gives no order", key.at);
}

// transformAggregateCall.
Operand Resolver::aggregate(Node& node, const Function& function, std::vector<Operand>& arguments,
                            const Before& before) {
  auto& parts = *node.call;
  const auto result = node.type;
  if (node.parts.empty() && !parts.star && !parts.within_group)
    refuse("42809", "an aggregate without arguments is written `" + std::string(function.name) + "(*)`", node.at);
  if (function.returns_set) refuse("42P13", "an aggregate returns no set", node.at);
  if (std::any_of(node.parts.begin(), node.parts.end(),
                  [](const Node& each) { return each.kind == Kind::named_argument; }))
    refuse("0A000", "an aggregate's arguments have no names", node.at);
  std::vector<Operand> keys;
  for (std::size_t i = 0; i < parts.order.size(); ++i) {
    auto& key = parts.order[i];
    Operand value;
    if (parts.within_group) {
      value = arguments[arguments.size() - parts.order.size() + i];
    } else {
      value = visit(key.value);
    }
    sort_key(key, value);
    keys.push_back(value);
  }
  if (parts.distinct) {
    // Each key of ORDER BY has to be one of the arguments, whatever type that is given for; a literal has become what
    // it is given for.
    for (const auto& key : parts.order) {
      const bool is_argument = std::any_of(node.parts.begin(), node.parts.end(), [&](const Node& each) {
        return (each.type != type::unknown || each.coerced == 0) && same(each, key.value);
      });
      if (!is_argument) refuse("42P10", "with DISTINCT, ORDER BY names only arguments of the aggregate", node.at);
    }
    for (auto& each : arguments) {
      if (each.type == type::unknown) each = coerce(each, type::text, Context::implicit, node.at);
      if (!sortable(each.type, true)) refuse("42883", show(each) + " has no equality", node.at);
    }
    for (const auto& each : arguments)
      if (!sortable(each.type, false)) refuse("42883", show(each) + " has no order", node.at);
  }
  if (level().sets != before.sets) refuse("0A000", "an aggregate's argument is a set", node.at);
  // The aggregate belongs to the nearest query that its arguments name; without any, to this one.
  const int of = level().nearest < 0 ? 0 : level().nearest;
  if (level().nearest_aggregate >= 0 && level().nearest_aggregate <= of)
    refuse("42803", "aggregates are not nested", node.at);
  if (level().windows != before.windows) refuse("42803", "an aggregate's argument is a window function", node.at);
  auto* owner = level_;
  for (int i = 0; i < of && owner->outer != nullptr; ++i) owner = owner->outer;
  auto* here = level_;
  level_ = owner;
  aggregate_placement(node);
  level_ = here;
  ++owner->aggregates;
  owner->aggregates_found.push_back(&node);
  node.level = of;
  auto* on_the_way = level_;
  for (int left = of; on_the_way != nullptr && left >= 0; on_the_way = on_the_way->outer, --left)
    on_the_way->nearest_aggregate =
        on_the_way->nearest_aggregate < 0 ? left : std::min(on_the_way->nearest_aggregate, left);
  level().nearest = of;
  return done(node, result);
}

Operand Resolver::window_call(Node& node, const Function& function, std::vector<Operand>& arguments,
                              const Before& before) {
  auto& parts = *node.call;
  const auto result = node.type;
  static_cast<void>(arguments);
  if (parts.distinct) refuse("0A000", "DISTINCT is not done over windows", node.at);
  if (function.kind == 'a' && node.parts.empty() && !parts.star)
    refuse("42809", "an aggregate without arguments is written `" + std::string(function.name) + "(*)`", node.at);
  if (!parts.order.empty()) refuse("0A000", "ORDER BY in an aggregate is not done over windows", node.at);
  if (function.kind == 'w' && parts.filter) refuse("0A000", "FILTER is not done for window functions", node.at);
  if (level().sets != before.sets) refuse("0A000", "a window function's argument is a set", node.at);
  if (function.returns_set) refuse("42P13", "a window function returns no set", node.at);
  if (level().windows != before.windows) refuse("42P20", "window functions are not nested", node.at);
  window_placement(node);
  ++level().windows;
  auto& over = *parts.over;
  if (!over.name.empty()) {
    if (!window_named(over.name)) refuse("42704", "there is no window `" + over.name + "`", node.at);
  } else {
    level().windows_used.push_back(&over);
  }
  return done(node, result);
}

bool Resolver::window_named(const std::string& name) {
  const auto* defined = level().windows_defined;
  return defined != nullptr &&
         std::any_of(defined->begin(), defined->end(), [&](const Window& each) { return each.name == name; });
}

// After everything else of the query, as the server does.
void Resolver::window_definitions() {
  auto& used = level().windows_used;
  for (std::size_t i = 0; i < used.size(); ++i) window_definition(*used[i]);
}

void Resolver::window_definition(Window& window) {
  if (!window.refers.empty() && !window_named(window.refers))
    refuse("42704", "there is no window `" + window.refers + "`", window.at);
  constexpr int range = 0x2, groups = 0x8, start_offset = 0x800 | 0x2000, end_offset = 0x1000 | 0x4000;
  const auto clause = level().clause;
  const auto scoped = [&](Clause inside, auto act) {
    level().clause = inside;
    act();
    level().clause = clause;
  };
  scoped(Clause::window_order, [&] {
    for (auto& key : window.order) {
      auto value = visit(key.value);
      sort_key(key, value);
    }
  });
  scoped(Clause::window_partition, [&] {
    for (auto& each : window.partition) {
      auto value = visit(each);
      if (value.type == type::unknown) value = coerce(value, type::text, Context::implicit, each.at);
      if (!sortable(value.type, true)) refuse("42883", show(value) + " has no equality", each.at);
    }
  });
  if ((window.frame & groups) != 0 && window.order.empty() && window.refers.empty())
    refuse("42P20", "GROUPS wants an ORDER BY in the window", window.at);
  if ((window.frame & (start_offset | end_offset)) == 0) return;
  if ((window.frame & range) != 0) {
    if (window.order.size() != 1 && window.refers.empty())
      refuse("42P20", "RANGE with an offset wants exactly one ORDER BY", window.at);
    refuse("", "RANGE with an offset is not typed here", window.at);
  }
  scoped(Clause::window_frame, [&] {
    for (auto* offsets : {&window.start, &window.end})
      for (auto& each : *offsets) {
        const int columns = level().columns;
        const auto value = visit(each);
        to_specific(value, type::int8, "a window's frame", each.at);
        if (level().columns != columns) refuse("42P10", "a window's frame names no column", each.at);
      }
  });
}

}  // namespace mig::types
