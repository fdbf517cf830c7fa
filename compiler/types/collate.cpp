// Which collation each part has, and where two that are written out contradict each other (parse_collate.c).
//
// Two implicit ones in conflict are no mistake yet: only what needs a collation fails, when it runs (42P22).
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

struct State {
  enum class Strength : char { none, implicit, conflict, explicit_ };
  CollationId collation = 0;
  Strength strength = Strength::none;
  int at = 0;
};
using Strength = State::Strength;

class Collations {
 public:
  explicit Collations(const Universe& universe) : universe_(universe) {}

  State walk(Node& node) {
    auto state = plain(node);
    if (node.coerced != 0 && node.coerced != node.type) state = result(state, node.coerced, node.at);
    node.collation = state.strength == Strength::conflict ? 0 : state.collation;
    return state;
  }

 private:
  void merge(State& into, const State& other) const {
    if (other.strength > into.strength) {
      into = other;
    } else if (other.strength == into.strength && other.collation != into.collation) {
      if (other.strength == Strength::implicit) {
        if (into.collation == default_collation)
          into = other;
        else if (other.collation != default_collation)
          into.strength = Strength::conflict;
      } else if (other.strength == Strength::explicit_) {
        refuse("42P21",
               "the collations `" + universe_.collation_name(into.collation) + "` and `" +
                   universe_.collation_name(other.collation) + "` are both written out",
               other.at, "leave one of them out");
      }
    }
  }

  // What a value of this type that was computed from these has.
  [[nodiscard]] State result(const State& inputs, TypeId type, int at) const {
    const auto own = universe_.at(type).collation;
    if (own == 0) return {};
    if (universe_.at(type).kind == 'd' && own != default_collation) return {own, Strength::implicit, at};
    if (inputs.strength > Strength::none) return inputs;
    return {own, Strength::implicit, at};
  }

  State all(std::vector<Node>& parts) {
    State inputs;
    for (auto& each : parts) merge(inputs, walk(each));
    return inputs;
  }

  State plain(Node& node) {
    switch (node.kind) {
      case Kind::column:
      case Kind::field:
      case Kind::scalar_query:
      case Kind::array_query:
        for (auto& each : node.parts) walk(each);
        return node.collation == 0 ? result({}, node.type, node.at)
                                   : State{node.collation, Strength::implicit, node.at};
      case Kind::indirection: {
        State state = walk(node.parts.front());
        for (std::size_t i = 1; i < node.parts.size(); ++i) {
          auto& part = node.parts[i];
          if (part.kind == Kind::field)
            state = plain(part);
          else
            state = merged(state, part);
        }
        return result(state, node.type, node.at);
      }
      case Kind::collate: {
        const auto written = node.collation;
        walk(node.parts.front());
        return {written, Strength::explicit_, node.at};
      }
      case Kind::row:
        for (auto& each : node.parts) walk(each);
        return {};
      case Kind::case_:
        return case_of(node);
      case Kind::any_query:
      case Kind::all_query:
        for (auto& each : node.parts) walk(each);
        return {};
      case Kind::in:
      case Kind::between:
        return compared(node);
      case Kind::op:
      case Kind::distinct:
      case Kind::not_distinct:
        if (node.parts.size() == 2 && node.parts[0].kind == Kind::row && node.parts[1].kind == Kind::row)
          return rows(node);
        break;
      case Kind::call:
        return call(node);
      default:
        break;
    }
    return result(all(node.parts), node.type, node.at);
  }

  State merged(State state, Node& part) {
    for (auto& each : part.parts) merge(state, walk(each));
    return state;
  }

  State case_of(Node& node) {
    const bool has_argument = (node.detail & 1) != 0, has_else = (node.detail & 2) != 0;
    State tested, inputs;
    std::size_t at = 0;
    if (has_argument) tested = walk(node.parts[at++]);
    const auto end = node.parts.size() - (has_else ? 1 : 0);
    for (; at < end; at += 2) {
      auto when = walk(node.parts[at]);
      if (has_argument) {
        auto both = tested.strength > Strength::implicit ? State{} : tested;
        merge(both, when);
      }
      merge(inputs, walk(node.parts[at + 1]));
    }
    if (has_else) merge(inputs, walk(node.parts.back()));
    return result(inputs, node.type, node.at);
  }

  State compared(Node& node) {
    const auto value = walk(node.parts.front());
    State list = value;
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      auto each = walk(node.parts[i]);
      auto one = value;
      merge(one, each);
      if (node.kind == Kind::in && node.parts[i].kind != Kind::column) merge(list, each);
    }
    return {};
  }

  State rows(Node& node) {
    auto &left = node.parts[0].parts, &right = node.parts[1].parts;
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
      auto state = walk(left[i]);
      merge(state, walk(right[i]));
    }
    return {};
  }

  State call(Node& node) {
    State inputs = all(node.parts);
    auto& parts = *node.call;
    if (parts.filter) walk(*parts.filter);
    for (auto& key : parts.order) {
      const auto state = walk(key.value);
      if (parts.within_group && parts.order.size() == 1) merge(inputs, state);
      if (state.strength == Strength::conflict)
        refuse("42P21", "the collation to sort by is not clear", key.value.at, "write COLLATE");
    }
    return result(inputs, node.type, node.at);
  }

  const Universe& universe_;
};

}  // namespace

CollationId Resolver::assign_collations(Node& node) {
  Collations collations(universe_);
  collations.walk(node);
  return node.collation;
}

// What a window is partitioned and ordered by has to have one collation, if any.
void Resolver::window_collations(std::vector<Window>& defined) {
  const auto need = [&](Node& node) {
    const auto collation = assign_collations(node);
    const auto id = node.coerced != 0 ? node.coerced : node.type;
    if (collation == 0 && universe_.at(id).collation != 0)
      refuse("42P21", "two collations are in conflict here", node.at, "write COLLATE");
  };
  const auto each_key = [&](Window& window) {
    for (auto& key : window.order) need(key.value);
    for (auto& each : window.partition) need(each);
  };
  for (auto& window : defined) each_key(window);
  for (auto* window : level().windows_used) each_key(*window);
}

}  // namespace mig::types
