// SELECT, VALUES, set operations and WITH, in the order in which the server looks at their clauses.
#include "compiler/types/query.hpp"

#include <algorithm>

namespace mig::types {

Resolver::TypedQuery Resolver::type(Query& query, const Scope* outer) {
  const Scope nothing;
  TypedQuery result;
  Level around;
  around.scope = outer == nullptr ? &nothing : outer;
  level_ = &around;
  try {
    result.columns = QueryTyper(*this).nested(query);
  } catch (Refused& refused) {
    result.refusal = std::move(refused.refusal);
  }
  level_ = nullptr;
  return result;
}

std::vector<OutputColumn> QueryTyper::nested(Query& query) {
  auto* around = resolver_.level_;
  struct Back {
    Resolver& resolver;
    Level* level;
    ~Back() { resolver.level_ = level; }
  } const back{resolver_, around};
  return any(query, true);
}

std::vector<OutputColumn> QueryTyper::any(Query& query, bool resolve_unknown) {
  if (!query.unsupported.empty()) refuse("", query.unsupported + " is not typed here", query.at);
  QueryTyper inner(resolver_);
  inner.with(query);
  if (query.is == Query::Is::select) return inner.select(query, resolve_unknown);
  if (query.is == Query::Is::values) return inner.values(query);
  auto left = inner.any(*query.left, false), right = inner.any(*query.right, false);
  if (left.size() != right.size())
    refuse(
        "42601",
        query.operation + " joins " + std::to_string(left.size()) + " and " + std::to_string(right.size()) + " columns",
        query.at);
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto &one = left[i], &other = right[i];
    const Operand both[] = {{one.type, one.modifier, nullptr}, {other.type, other.modifier, nullptr}};
    const auto id = resolver_.common(both, query.operation.c_str(), query.at);
    for (const auto& each : both) resolver_.to_common(each, id, query.operation.c_str(), query.at);
    const bool all = query.operation == "UNION" && query.all;
    if (!all && !resolver_.sortable(id, true)) refuse("42883", universe_.display(id) + " has no equality", query.at);
    one.modifier = resolver_.common_modifier(both, id);
    one.collation = side_by_side(query, one, other, id, all);
    one.type = id;
  }
  Level here;
  const Scope nothing;
  here.scope = &nothing;
  here.outer = resolver_.level_;
  resolver_.level_ = &here;
  inner.ordered_by_name(query, left);
  inner.limits(query);
  resolver_.level_ = here.outer;
  return left;
}

// The collation of a column of a set operation (select_common_collation); only UNION ALL lets two be in conflict.
CollationId QueryTyper::side_by_side(const Query& query, const OutputColumn& left, const OutputColumn& right, TypeId id,
                                     bool all) const {
  const auto own = universe_.at(id).collation;
  if (own == 0) return 0;
  bool conflict = false;
  const auto of = [&](const OutputColumn& side, const Query& from) {
    if (side.collation != 0 && side.type != type::unknown) return side.collation;
    const bool collatable = universe_.at(side.type).collation != 0;
    conflict = conflict || (collatable && from.is != Query::Is::set_operation);
    return own;
  };
  const auto one = of(left, *query.left), other = of(right, *query.right);
  conflict = conflict || (one != other && one != default_collation && other != default_collation);
  if (conflict && !all) refuse("42P21", "the collations of the two sides differ", query.at, "write COLLATE");
  if (conflict) return 0;
  return one == default_collation ? other : one;
}

// ORDER BY of a set operation or VALUES names outputs only.
void QueryTyper::ordered_by_name(Query& query, const std::vector<OutputColumn>& columns) {
  for (auto& key : query.order) {
    int found = -1;
    if (key.value.kind == Kind::integer) {
      found = std::atoi(key.value.text.c_str()) - 1;
      if (found < 0 || found >= static_cast<int>(columns.size()))
        refuse("42P10", "ORDER BY names output " + key.value.text, key.value.at);
    } else if (key.value.kind == Kind::column && key.value.name.size() == 1) {
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i].name == key.value.name[0]) found = static_cast<int>(i);
      if (found < 0) refuse("42703", "there is no output `" + key.value.name[0] + "`", key.value.at);
    } else {
      refuse("", "this ORDER BY is not typed here", key.value.at);
    }
    const auto& column = columns[static_cast<std::size_t>(found)];
    Operand value{column.type, column.modifier, nullptr};
    resolver_.sort_key(key, value);
    if (column.collation == 0 && universe_.at(column.type).collation != 0)
      refuse("42P21", "the collation to sort by is not clear", key.value.at, "write COLLATE");
  }
}

std::vector<OutputColumn> QueryTyper::values(Query& query) {
  Level here;
  const Scope nothing;
  here.scope = &nothing;
  here.clause = query.rows.size() == 1 ? Clause::values_single : Clause::values;
  here.outer = resolver_.level_;
  resolver_.level_ = &here;
  std::vector<std::vector<Operand>> columns(query.rows.front().size());
  for (auto& row : query.rows) {
    expand_stars(resolver_, row);
    std::vector<Operand> operands;
    for (auto& each : row) operands.push_back(resolver_.visit(each));
    if (operands.size() != columns.size()) refuse("42601", "the rows of VALUES have different lengths", query.at);
    for (std::size_t i = 0; i < operands.size(); ++i) columns[i].push_back(operands[i]);
  }
  std::vector<OutputColumn> result;
  for (auto& column : columns) {
    const auto id = resolver_.common(column, "VALUES", query.at);
    for (auto& each : column) each = resolver_.to_common(each, id, "VALUES", each.node->at);
    result.push_back({"column" + std::to_string(result.size() + 1), id, resolver_.common_modifier(column, id), 0, {}});
    auto& made = result.back();
    for (auto& each : column) {
      const auto one = resolver_.assign_collations(*each.node);
      made.collation = made.collation == 0 || made.collation == default_collation ? one : made.collation;
    }
  }
  ordered_by_name(query, result);
  limits(query);
  resolver_.level_ = here.outer;
  return result;
}

void QueryTyper::with(Query& query) {
  for (auto& each : query.with) {
    if (each.unsupported) refuse("", "this WITH is not typed here", each.at);
    if (query.recursive) refuse("", "WITH RECURSIVE is not typed here", each.at);
    if (std::any_of(with_.begin(), with_.end(), [&](const Named& known) { return known.name == each.name; }))
      refuse("42712", "WITH names `" + each.name + "` twice", each.at);
    auto columns = any(*each.query, true);
    if (each.columns.size() > columns.size())
      refuse("42P10", "`" + each.name + "` has fewer columns than are named", each.at);
    for (std::size_t i = 0; i < each.columns.size(); ++i) columns[i].name = each.columns[i];
    with_.push_back({each.name, std::move(columns)});
  }
}

const QueryTyper::Named* QueryTyper::named(std::string_view name) const {
  for (const auto* of = this; of != nullptr; of = of->outer_)
    for (const auto& each : of->with_)
      if (each.name == name) return &each;
  return nullptr;
}

namespace {

Node column_node(const ScopeEntry& entry, int index, int position, int at) {
  Node node;
  node.kind = Kind::column;
  node.at = at;
  const auto& column = entry.columns[static_cast<std::size_t>(position)];
  node.name = {std::string(column.name)};
  node.entry = column.entry >= 0 ? column.entry : index;
  node.position = column.entry >= 0 ? column.position : position;
  node.type = column.type;
  node.modifier = column.modifier;
  node.collation = column.collation;
  node.detail = 1;  // resolved already
  return node;
}

}  // namespace

// The columns that `*` or `t.*` stands for; `t` may stand in a query outside. False: there is no such table.
bool QueryTyper::expand_star(Resolver& resolver, const Node& star, std::vector<Node>& into) {
  int depth = 0;
  for (const auto* level = resolver.level_; level != nullptr; level = level->outer, ++depth) {
    bool found = false;
    for (std::size_t i = 0; i < level->scope->entries.size(); ++i) {
      const auto& entry = level->scope->entries[i];
      const bool meant = star.name.empty()
                             ? entry.bare
                             : entry.named && entry.name == star.name.back() &&
                                   (star.name.size() < 2 || entry.schema == star.name[star.name.size() - 2]);
      if (!meant) continue;
      found = true;
      for (std::size_t k = 0; k < entry.columns.size(); ++k) {
        into.push_back(column_node(entry, static_cast<int>(i), static_cast<int>(k), star.at));
        into.back().level = depth;
      }
      if (!star.name.empty()) return true;
    }
    if (found) return true;
    if (star.name.empty()) return false;
  }
  return false;
}

void QueryTyper::expand_stars(Resolver& resolver, std::vector<Node>& parts) {
  if (std::none_of(parts.begin(), parts.end(), [](const Node& each) { return each.kind == Kind::star; })) return;
  std::vector<Node> expanded;
  for (auto& part : parts) {
    if (part.kind != Kind::star) {
      expanded.push_back(std::move(part));
    } else if (!expand_star(resolver, part, expanded)) {
      if (part.name.empty()) refuse("42601", "`*` wants a table in FROM", part.at);
      refuse("42P01", "there is no table or alias `" + part.name.back() + "` here", part.at);
    }
  }
  parts = std::move(expanded);
}

// The list of outputs, with `*` taken apart.
std::vector<OutputColumn> QueryTyper::outputs(Query& query) {
  std::vector<Output> expanded;
  for (auto& output : query.outputs) {
    if (output.value.kind == Kind::star) {
      std::vector<Node> nodes;
      nodes.push_back(std::move(output.value));
      expand_stars(resolver_, nodes);
      for (auto& node : nodes) {
        auto name = node.name.back();
        const int at = node.at;
        expanded.push_back({std::move(node), std::move(name), at});
      }
    } else if (output.value.kind == Kind::indirection && output.value.parts.back().kind == Kind::star) {
      refuse("", "`(…).*` is not typed here", output.at);
    } else {
      expanded.push_back(std::move(output));
    }
  }
  query.outputs = std::move(expanded);
  std::vector<OutputColumn> columns;
  for (auto& output : query.outputs) {
    const auto value = resolver_.visit(output.value);
    if (output.name.empty()) output.name = figure_name(output.value, universe_.major());
    columns.push_back({output.name, value.type, value.modifier, 0, {}});
    if (value.type == type::record)
      columns.back().fields = std::make_shared<const std::vector<OutputColumn>>(resolver_.record_fields(output.value));
  }
  return columns;
}

void QueryTyper::limits(Query& query) {
  auto& level = resolver_.level();
  level.clause = Clause::limit;
  for (auto* list : {&query.offset, &query.limit})
    for (auto& each : *list) {
      const int columns = level.columns;
      const auto value = resolver_.visit(each);
      resolver_.to_specific(value, type::int8, list == &query.limit ? "LIMIT" : "OFFSET", each.at);
      if (level.columns != columns) refuse("42P10", "LIMIT and OFFSET name no column", each.at);
    }
}

void QueryTyper::windows(Query& query) {
  for (auto& window : query.windows) {
    const auto same_name = [&](const Window& other) { return other.name == window.name; };
    if (std::count_if(query.windows.begin(), query.windows.end(), same_name) > 1)
      refuse("42P20", "the window `" + window.name + "` is defined twice", window.at);
    resolver_.window_definition(window);
  }
  resolver_.window_definitions();
}

std::vector<OutputColumn> QueryTyper::select(Query& query, bool resolve_unknown) {
  Level here;
  Scope scope;
  here.scope = &scope;
  here.outer = resolver_.level_;
  here.windows_defined = &query.windows;
  resolver_.level_ = &here;
  here.clause = Clause::from_function;
  for (auto& item : query.from) from(item, scope);
  here.scope = &scope;
  here.clause = Clause::output;
  auto columns = outputs(query);
  here.clause = Clause::where;
  for (auto& each : query.where) resolver_.to_boolean(resolver_.visit(each), "WHERE", here.sets);
  here.clause = Clause::having;
  for (auto& each : query.having) resolver_.to_boolean(resolver_.visit(each), "HAVING", here.sets);
  ordered(query, columns);
  grouped(query, columns);
  distinct(query, columns);
  limits(query);
  here.clause = Clause::output;
  windows(query);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& node = query.outputs[i].value;
    if (columns[i].type == type::unknown && resolve_unknown) {
      const auto text = resolver_.coerce({type::unknown, -1, &node}, type::text, Context::implicit, node.at);
      columns[i].type = text.type;
    }
    columns[i].collation = resolver_.assign_collations(node);
    if ((query.distinct && query.distinct_on.empty()) || sorted_or_grouped(node)) need_collation(node);
  }
  for (auto& key : query.order) sorted_collation(key.value);
  for (auto* list : {&query.group, &query.distinct_on})
    for (auto& each : *list) sorted_collation(each);
  resolver_.window_collations(query.windows);
  for (auto* list : {&query.where, &query.having})
    for (auto& each : *list) resolver_.assign_collations(each);
  if (here.aggregates > 0 || !query.group.empty() || !query.having.empty()) check_grouping(query);
  resolver_.level_ = here.outer;
  return columns;
}

}  // namespace mig::types
