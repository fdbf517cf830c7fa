// Names of columns, attributes of composite values, subscripts, and sub-queries as values.
#include <algorithm>

#include "compiler/types/function_outs.hpp"
#include "compiler/types/polymorphic.hpp"
#include "compiler/types/query.hpp"
#include "compiler/types/resolve.hpp"

namespace mig::types {

namespace {

struct SystemColumn {
  std::string_view name;
  TypeId type;
};
constexpr SystemColumn system_columns[] = {{"ctid", 27}, {"xmin", 28}, {"cmin", 29},
                                           {"xmax", 28}, {"cmax", 29}, {"tableoid", 26}};
constexpr int system_position = -2;

// Which column of an item of FROM has this name; -1: none. Throws where two have.
int position_in(const ScopeEntry& entry, std::string_view name, int at) {
  int found = -1;
  for (std::size_t i = 0; i < entry.columns.size(); ++i) {
    if (entry.columns[i].name != name) continue;
    if (found >= 0) refuse("42702", "the column `" + std::string(name) + "` is there twice", at);
    found = static_cast<int>(i);
  }
  return found;
}

const SystemColumn* system_column(const ScopeEntry& entry, std::string_view name) {
  if (!entry.relation) return nullptr;
  const auto* found = std::find_if(std::begin(system_columns), std::end(system_columns),
                                   [&](const auto& each) { return each.name == name; });
  return found == std::end(system_columns) ? nullptr : found;
}

}  // namespace

// A column of the query `depth` queries outward is named: each query on the way there knows of it.
void Resolver::refer(int depth) {
  auto* of = level_;
  for (int left = depth; of != nullptr && left >= 0; of = of->outer, --left) {
    of->nearest = of->nearest < 0 ? left : std::min(of->nearest, left);
    if (left == 0) ++of->columns;
  }
}

Operand Resolver::column(Node& node) {
  if (node.detail == 1) {  // what `*` stood for
    refer(node.level);
    return done(node, node.type, node.modifier);
  }
  const auto& name = node.name;
  const auto take = [&](const ScopeEntry& entry, int index, int position, int depth) {
    // The row of a function that returns a plain value is that value.
    if (position == -1 && entry.row != type::record && !universe_.composite(entry.row)) position = 0;
    node.level = depth;
    node.entry = index;
    node.position = position;
    refer(depth);
    if (entry.lateral_refused) refuse("42P10", "`" + name.back() + "` is in FROM, but cannot be used here", node.at);
    if (position == -1) return done(node, entry.row);
    const auto& found = entry.columns[static_cast<std::size_t>(position)];
    if (found.entry >= 0) {
      node.entry = found.entry;
      node.position = found.position;
    }
    node.collation = found.collation;
    return done(node, found.type, found.modifier);
  };
  const auto take_system = [&](const SystemColumn& found, int index, int depth) {
    node.level = depth;
    node.entry = index;
    node.position = system_position;
    refer(depth);
    return done(node, found.type);
  };
  const auto outward = [&](auto visit_scope) -> std::optional<Operand> {
    const auto* scope = level_->scope;
    const auto* of = level_;
    for (int depth = 0; scope != nullptr; ++depth) {
      if (auto found = visit_scope(*scope, depth)) return found;
      of = of != nullptr ? of->outer : nullptr;
      scope = of != nullptr ? of->scope : scope->outer;
    }
    return std::nullopt;
  };
  const auto whole = [&](std::string_view schema, std::string_view relation) {
    return [&, schema, relation](const Scope& scope, int depth) -> std::optional<Operand> {
      for (std::size_t i = 0; i < scope.entries.size(); ++i) {
        const auto& entry = scope.entries[i];
        if (entry.named && entry.name == relation && (schema.empty() || entry.schema == schema))
          return take(entry, static_cast<int>(i), -1, depth);
      }
      return std::nullopt;
    };
  };
  if (node.kind == Kind::star) {
    if (name.empty()) refuse("42601", "`*` stands only where a list of columns does", node.at);
    const auto schema_of = name.size() > 1 ? std::string_view(name[name.size() - 2]) : std::string_view();
    if (auto found = outward(whole(schema_of, name.back()))) return *found;
    refuse("42P01", "there is no table or alias `" + name.back() + "` here", node.at);
  }
  if (name.size() == 1) {
    const auto by_name = [&](const Scope& scope, int depth) -> std::optional<Operand> {
      std::optional<Operand> found;
      bool refused = false;
      for (std::size_t i = 0; i < scope.entries.size(); ++i) {
        const auto& entry = scope.entries[i];
        if (!entry.bare) continue;
        const int position = position_in(entry, name[0], node.at);
        const auto* system = position < 0 ? system_column(entry, name[0]) : nullptr;
        if (position < 0 && system == nullptr) continue;
        if (found && !entry.lateral_refused && !refused)
          refuse("42702", "`" + name[0] + "` could be a column of several tables", node.at, "write its table in front");
        found = system != nullptr ? take_system(*system, static_cast<int>(i), depth)
                                  : take(entry, static_cast<int>(i), position, depth);
        refused = entry.lateral_refused;
      }
      return found;
    };
    if (auto found = outward(by_name)) return *found;
    if (auto found = outward(whole({}, name[0]))) return *found;
    refuse("42703", "there is no column `" + name[0] + "`", node.at);
  }
  if (name.size() > 3) refuse("", "a name of four parts", node.at);
  const auto schema = name.size() == 3 ? std::string_view(name[0]) : std::string_view();
  const std::string_view relation = name[name.size() - 2], wanted = name.back();
  bool is_there = false;
  const auto qualified = [&](const Scope& scope, int depth) -> std::optional<Operand> {
    for (std::size_t i = 0; i < scope.entries.size(); ++i) {
      const auto& entry = scope.entries[i];
      if (!entry.named || entry.name != relation || (!schema.empty() && entry.schema != schema)) continue;
      is_there = true;
      if (const int position = position_in(entry, wanted, node.at); position >= 0)
        return take(entry, static_cast<int>(i), position, depth);
      if (const auto* system = system_column(entry, wanted)) return take_system(*system, static_cast<int>(i), depth);
      auto row_value = take(entry, static_cast<int>(i), -1, depth);
      row_value.node = nullptr;
      if (auto result = function_attribute(row_value, name.back(), node)) return result;
      refuse("42703", "`" + std::string(relation) + "` has no column `" + name.back() + "`", node.at);
    }
    return std::nullopt;
  };
  if (auto found = outward(qualified)) return *found;
  refuse("42P01", "there is no table or alias `" + std::string(relation) + "` here", node.at);
}

// The fields of a record, as far as the expression tells them: a row of FROM, OUT parameters, ROW(…).
std::vector<OutputColumn> Resolver::record_fields(const Node& node) {
  std::vector<OutputColumn> fields;
  if (node.kind == Kind::column || node.kind == Kind::star) {
    const auto* owner = level_;
    for (int i = 0; i < node.level && owner->outer != nullptr; ++i) owner = owner->outer;
    if (node.entry < 0) return fields;
    const auto& entry = owner->scope->entries[static_cast<std::size_t>(node.entry)];
    if (node.position >= 0) {
      const auto& column = entry.columns[static_cast<std::size_t>(node.position)];
      return column.fields ? *column.fields : fields;
    }
    for (const auto& each : entry.columns)
      fields.push_back({std::string(each.name), each.type, each.modifier, each.collation, each.fields});
  } else if (node.kind == Kind::row) {
    for (const auto& part : node.parts)
      fields.push_back({"f" + std::to_string(fields.size() + 1), part.type, part.modifier, part.collation, {}});
  } else if (const auto* function = node.kind == Kind::call ? universe_.function(node.function) : nullptr) {
    std::vector<TypeId> actual;
    for (const auto& part : node.parts) actual.push_back(part.type == type::unknown ? part.coerced : part.type);
    const auto parameters = universe_.parameters(*function);
    each_out(function->outs, [&](std::string_view name, TypeId id) {
      std::vector<TypeId> declared(parameters.begin(), parameters.end());
      if (polymorphic(id) && actual.size() == declared.size()) id = bind_polymorphic(universe_, actual, declared, id);
      auto text = name.empty() ? "column" + std::to_string(fields.size() + 1) : std::string(name);
      fields.push_back({std::move(text), id, -1, universe_.at(id).collation, {}});
    });
  }
  return fields;
}

// ParseComplexProjection: an attribute of a composite value.
std::optional<Operand> Resolver::project(Operand of, const std::string& name, Node& node) {
  if (of.type == type::record) {
    if (of.node == nullptr) return std::nullopt;
    for (const auto& field : record_fields(*of.node))
      if (field.name == name) {
        node.collation = field.collation;
        return done(node, field.type, field.modifier);
      }
    return std::nullopt;
  }
  const auto* relation = universe_.columns_of(of.type);
  if (relation == nullptr) return std::nullopt;
  for (const auto& column : relation->columns)
    if (column.name == name) {
      node.collation = column.collation;
      return done(node, column.type, column.modifier);
    }
  return std::nullopt;
}

// x.f may be f(x).
std::optional<Operand> Resolver::function_attribute(Operand of, const std::string& name, Node& node) {
  const TypeId types[] = {of.type};
  const auto& chosen = chooser_.function({{}, name}, {types, {}, true, true});
  if (chosen.verdict != Verdict::one) return std::nullopt;
  if (chosen.cast != 0) {
    const auto result = coerce(of, chosen.cast, Context::explicit_, node.at);
    return done(node, result.type, result.modifier);
  }
  const auto function = *chosen.function;
  auto declared = chosen.declared;
  std::vector<TypeId> actual{of.type};
  for (std::size_t i = 1; i < declared.size(); ++i) actual.push_back(declared[i]);
  if (function.kind != 'f')
    refuse(function.kind == 'p' ? "42809" : "42809", "`" + name + "` is no plain function", node.at);
  const int sets_before = level().sets;
  const auto result = bind_polymorphic(universe_, actual, declared, function.result);
  coerce(of, declared[0], Context::implicit, node.at);
  if (function.returns_set) {
    set_placement(node, sets_before);
    ++level().sets;
  }
  node.function = function.id;
  return done(node, result);
}

Operand Resolver::attribute(Operand of, const std::string& name, Node& node) {
  const bool composite = of.type == type::record || universe_.composite(of.type);
  if (composite)
    if (auto found = project(of, name, node)) return *found;
  if (auto found = function_attribute(of, name, node)) return *found;
  if (composite) refuse("42703", show(of) + " has no column `" + name + "`", node.at);
  refuse("42809", show(of) + " has no columns, so no `." + name + "`", node.at);
}

Operand Resolver::indirection(Node& node) {
  auto value = visit(node.parts.front());
  std::size_t at = 1;
  while (at < node.parts.size()) {
    auto& part = node.parts[at];
    if (part.kind == Kind::star) refuse("0A000", "`.*` stands only in a list of outputs", node.at);
    if (part.kind == Kind::field) {
      value = attribute(value, part.text, part);
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < node.parts.size() && node.parts[at].kind == Kind::subscript) ++at;
    value = subscripts(value, std::span(node.parts).subspan(begin, at - begin), node.parts[at - 1]);
  }
  node.collation = value.node != nullptr ? value.node->collation : 0;
  return done(node, value.type, value.modifier);
}

// transformContainerSubscripts.
Operand Resolver::subscripts(Operand of, std::span<Node> parts, Node& node) {
  constexpr std::size_t most_dimensions = 6;
  auto modifier = of.modifier;
  auto container = universe_.base(of.type, modifier);
  if (container == type::int2vector) container = universe_.at(type::int2).array;
  if (container == type::oidvector) container = universe_.at(type::oid).array;
  const auto& of_type = universe_.at(container);
  const bool slice = std::any_of(parts.begin(), parts.end(), [](const Node& each) { return (each.detail & 1) != 0; });
  if (container == type::jsonb && universe_.major() >= 14) {
    if (slice) refuse("42804", "jsonb has no slices", node.at);
    for (auto& each : parts)
      for (auto& index : each.parts) {
        const auto value = visit(index);
        if (value.type == type::unknown) continue;
        const bool whole = can_coerce(universe_, value.type, type::int4, Context::implicit);
        const bool text = can_coerce(universe_, value.type, type::text, Context::implicit);
        if (whole == text) refuse("42804", "a subscript of jsonb is integer or text, not " + show(value), index.at);
      }
    return done(node, type::jsonb);
  }
  if (of_type.element == 0) {
    if (container >= first_own && of_type.kind == 'b')
      refuse("", "subscripts of " + show(of) + " are known to the server alone", node.at);
    refuse("42804", show(of) + " has no subscripts", node.at);
  }
  for (auto& each : parts)
    for (auto& index : each.parts) {
      const auto value = visit(index);
      if (!coerce_to(value, type::int4, -1, Context::assignment, index.at))
        refuse("42804", "a subscript is an integer, not " + show(value), index.at);
    }
  if (parts.size() > most_dimensions) refuse("54000", "an array has at most 6 dimensions", node.at);
  return done(node, slice ? container : of_type.element, modifier);
}

std::vector<OutputColumn> Resolver::columns_of(Node& node) { return QueryTyper(*this).nested(*node.query); }

Operand Resolver::sub_query(Node& node) {
  switch (level().clause) {
    case Clause::check:
    case Clause::domain_check:
    case Clause::default_:
    case Clause::generated:
    case Clause::index:
    case Clause::predicate:
    case Clause::transform:
    case Clause::trigger_when:
      refuse("0A000", "a sub-query cannot stand here", node.at);
    default:
      break;
  }
  if (node.kind == Kind::exists) {
    columns_of(node);
    return done(node, type::boolean);
  }
  if (node.kind == Kind::any_query || node.kind == Kind::all_query) {
    auto& tested = node.parts.front();
    const auto columns_first = columns_of(node);
    const auto value = visit(tested);
    std::vector<Operand> left, right;
    if (tested.kind == Kind::row)
      for (auto& each : tested.parts) left.push_back({each.type, each.modifier, &each});
    else
      left.push_back(value);
    for (const auto& each : columns_first) right.push_back({each.type, each.modifier, nullptr});
    if (left.size() < right.size()) refuse("42601", "the sub-query has too many columns", node.at);
    if (left.size() > right.size()) refuse("42601", "the sub-query has too few columns", node.at);
    static const std::vector<std::string> equals{"="};
    return compare_rows(node.name.empty() ? equals : node.name, std::move(left), std::move(right), node);
  }
  const auto columns = columns_of(node);
  if (columns.size() != 1) refuse("42601", "a sub-query that is a value has one column", node.at);
  node.collation = columns[0].collation;
  if (node.kind == Kind::scalar_query) return done(node, columns[0].type, columns[0].modifier);
  const auto element = columns[0].type;
  auto array_id = universe_.at(element).array;
  if (array_id == 0 && universe_.element(element) != 0) array_id = element;
  if (array_id == 0) refuse("42704", "there is no array type of " + universe_.display(element), node.at);
  return done(node, array_id, columns[0].modifier);
}

}  // namespace mig::types
