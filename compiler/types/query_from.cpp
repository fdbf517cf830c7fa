// FROM: tables, sub-queries, functions and joins, and what of them can be named where.
#include <algorithm>

#include "compiler/types/function_outs.hpp"
#include "compiler/types/query.hpp"

namespace mig::types {

void QueryTyper::add(Scope& scope, ScopeEntry entry, const From& item) {
  if (!item.alias.empty()) {
    entry.name = keep(item.alias);
    entry.schema = {};
  }
  if (item.columns.size() > entry.columns.size())
    refuse("42P10",
           "`" + std::string(entry.name) + "` has " + std::to_string(entry.columns.size()) + " columns, " +
               std::to_string(item.columns.size()) + " are named",
           item.at);
  for (std::size_t i = 0; i < item.columns.size(); ++i) entry.columns[i].name = keep(item.columns[i]);
  for (const auto& other : scope.entries)
    if (entry.named && other.named && other.name == entry.name && !entry.name.empty() &&
        (entry.schema.empty() || other.schema.empty() || entry.schema == other.schema)) {
      if (!entry.schema.empty() && !other.schema.empty() && entry.row != other.row) continue;
      refuse("42712", "`" + std::string(entry.name) + "` stands in FROM twice", item.at, "give one an alias");
    }
  scope.entries.push_back(std::move(entry));
}

void QueryTyper::from(From& item, Scope& scope) {
  switch (item.is) {
    case From::Is::relation:
      return from_relation(item, scope);
    case From::Is::query:
      return from_query(item, scope);
    case From::Is::function:
      return from_function(item, scope);
    case From::Is::join:
      return join(item, scope);
    default:
      refuse("", item.text + " is not typed here", item.at);
  }
}

void QueryTyper::from_relation(From& item, Scope& scope) {
  if (item.name.size() > 2) refuse("", "a name of three parts", item.at);
  if (const auto* query = item.name.size() == 1 ? named(item.name[0]) : nullptr) {
    ScopeEntry entry;
    entry.name = query->name;
    for (const auto& column : query->columns)
      entry.columns.push_back(
          {column.name, column.type, column.modifier, column.collation, false, -1, -1, column.fields});
    return add(scope, std::move(entry), item);
  }
  const auto* relation =
      universe_.relation_named(item.name.size() > 1 ? item.name[0] : std::string_view(), item.name.back());
  if (relation == nullptr) refuse("42P01", "there is no table `" + item.name.back() + "`", item.at);
  Scope one;
  one.add(universe_, *relation);
  add(scope, std::move(one.entries.front()), item);
}

void QueryTyper::from_query(From& item, Scope& scope) {
  auto& level = resolver_.level();
  const Scope nothing;
  const auto* seen = level.scope;
  if (!item.lateral) level.scope = &nothing;
  const auto columns = resolver_.level_ == nullptr ? std::vector<OutputColumn>() : any(*item.query, true);
  level.scope = seen;
  ScopeEntry entry;
  entry.named = !item.alias.empty();
  for (const auto& column : columns)
    entry.columns.push_back(
        {keep(column.name), column.type, column.modifier, column.collation, false, -1, -1, column.fields});
  add(scope, std::move(entry), item);
}

// The columns of one function in FROM; `row`: the type of the whole row.
std::vector<ScopeColumn> QueryTyper::function_columns(Node& call, const Operand& value,
                                                      const std::vector<Node>& definitions, const From& item,
                                                      TypeId& row) {
  std::vector<ScopeColumn> columns;
  const auto plain = [&](std::string_view name, TypeId id, std::int32_t modifier = -1) {
    columns.push_back({name, id, modifier, universe_.at(id).collation, false, -1, -1, {}});
  };
  const auto* function = call.kind == Kind::call ? universe_.function(call.function) : nullptr;
  const auto outs = function != nullptr ? function->outs : std::string_view();
  const auto out_count = outs.empty() ? 0 : std::count(outs.begin(), outs.end(), ',') + 1;
  const bool record = value.type == type::record;
  if (!definitions.empty()) {
    if (!record) refuse("42601", "only a function that returns record takes a list of column definitions", item.at);
    if (out_count > 0) refuse("42601", "the function's OUT parameters define its columns already", item.at);
    for (const auto& each : definitions) {
      std::int32_t modifier = -1;
      const auto id = resolver_.type_of(*each.type_name, modifier);
      plain(keep(each.text), id, modifier);
    }
    row = type::record;
    return columns;
  }
  if (record) {
    if (out_count < 2) refuse("42601", "a function that returns record wants a list of column definitions", item.at);
    for (auto& field : resolver_.record_fields(call)) plain(keep(std::move(field.name)), field.type);
    row = type::record;
    return columns;
  }
  if (universe_.composite(value.type)) {
    const auto* relation = universe_.columns_of(value.type);
    if (relation == nullptr) refuse("", "the columns of this function are not known here", item.at);
    for (const auto& each : relation->columns)
      columns.push_back({each.name, each.type, each.modifier, each.collation, false, -1, -1, {}});
    row = value.type;
    return columns;
  }
  if (universe_.at(value.type).kind == 'p' && value.type != type::void_ && value.type != type::cstring)
    refuse("42804", "a function in FROM cannot return " + universe_.display(value.type), item.at);
  std::string name =
      !item.alias.empty() && item.functions.size() == 1 ? item.alias : figure_name(call, universe_.major());
  if (out_count == 1)
    each_out(outs, [&](std::string_view out, TypeId) {
      if (!out.empty()) name = std::string(out);
    });
  plain(keep(name), value.type, value.modifier);
  row = value.type;
  return columns;
}

void QueryTyper::from_function(From& item, Scope& scope) {
  auto& level = resolver_.level();
  const auto* seen = level.scope;
  const auto clause = level.clause;
  level.scope = &scope;
  level.clause = Clause::from_function;
  ScopeEntry entry;
  TypeId row = 0;
  std::string first_name;
  for (std::size_t i = 0; i < item.functions.size(); ++i) {
    auto& call = item.functions[i];
    const bool several_arrays = call.kind == Kind::call && call.name.back() == "unnest" && call.parts.size() > 1;
    if (several_arrays) refuse("", "unnest of several arrays is not typed here", item.at);
    level.sets = 0;
    auto value = resolver_.visit(call);
    if (value.type == type::unknown) value = resolver_.coerce(value, type::text, Context::implicit, call.at);
    const auto& definitions = !item.definition_lists[i].empty() ? item.definition_lists[i] : item.definitions;
    auto columns = function_columns(call, value, definitions, item, row);
    if (i == 0) first_name = figure_name(call, universe_.major());
    entry.columns.insert(entry.columns.end(), columns.begin(), columns.end());
  }
  level.sets = 0;
  level.clause = clause;
  level.scope = seen;
  if (item.ordinality) entry.columns.push_back({"ordinality", type::int8, -1, 0, true, -1, -1, {}});
  entry.row = item.functions.size() == 1 && !item.ordinality ? row : type::record;
  entry.name = keep(first_name);
  // A function's alias may stand for its one value: `FROM f(…) AS x` makes column x.
  add(scope, std::move(entry), item);
}

void QueryTyper::join(From& item, Scope& scope) {
  auto& level = resolver_.level();
  const auto* seen = level.scope;
  const auto left = scope.entries.size();
  from(item.sides[0], scope);
  const auto right = scope.entries.size();
  const bool lateral = item.text == "JOIN_INNER" || item.text == "JOIN_LEFT";
  if (!lateral)
    for (auto i = left; i < right; ++i) scope.entries[i].lateral_refused = true;
  from(item.sides[1], scope);
  for (auto i = left; i < right; ++i) scope.entries[i].lateral_refused = false;
  const auto end = scope.entries.size();
  if (item.text == "JOIN_LEFT" || item.text == "JOIN_FULL")
    for (auto i = right; i < end; ++i) scope.entries[i].nullable = true;
  if (item.text == "JOIN_RIGHT" || item.text == "JOIN_FULL")
    for (auto i = left; i < right; ++i) scope.entries[i].nullable = true;
  Scope on;
  on.outer = scope.outer;
  on.entries = scope.entries;
  for (std::size_t i = 0; i < left; ++i) on.entries[i].named = on.entries[i].bare = false;
  const auto clause = level.clause;
  level.scope = &on;
  level.clause = Clause::join_on;
  for (auto& each : item.on) {
    const int sets = level.sets;
    resolver_.to_boolean(resolver_.visit(each), "JOIN … ON", sets);
    resolver_.assign_collations(each);
  }
  level.clause = clause;
  level.scope = seen;
  merge(item, scope, left, right, end);
}

// The join's own columns, in front the merged ones of USING. Its sides' columns are no longer named bare.
void QueryTyper::merge(From& item, Scope& scope, std::size_t left, std::size_t right, std::size_t end) {
  const auto visible = [&](std::size_t begin, std::size_t stop) {
    std::vector<ScopeColumn> columns;
    for (auto i = begin; i < stop; ++i) {
      const auto& entry = scope.entries[i];
      if (!entry.bare) continue;
      for (std::size_t k = 0; k < entry.columns.size(); ++k) {
        auto column = entry.columns[k];
        if (column.entry < 0) column.entry = static_cast<int>(i), column.position = static_cast<int>(k);
        column.not_null = column.not_null && !entry.nullable;
        columns.push_back(column);
      }
    }
    return columns;
  };
  auto one = visible(left, right), other = visible(right, end);
  auto names = item.name;
  if (item.natural)
    for (const auto& column : one)
      if (std::any_of(other.begin(), other.end(), [&](const auto& each) { return each.name == column.name; }))
        names.emplace_back(column.name);
  ScopeEntry entry;
  entry.named = !item.alias.empty();
  entry.merged = true;
  for (const auto& name : names) {
    const auto find = [&](std::vector<ScopeColumn>& side, const char* which) {
      const auto matches = [&](const ScopeColumn& each) { return each.name == name; };
      const auto count = std::count_if(side.begin(), side.end(), matches);
      if (count == 0) refuse("42703", std::string("the ") + which + " side has no column `" + name + "`", item.at);
      if (count > 1) refuse("42702", std::string("the ") + which + " side has several columns `" + name + "`", item.at);
      return std::find_if(side.begin(), side.end(), matches);
    };
    const auto l = find(one, "left"), r = find(other, "right");
    static const std::vector<std::string> equals{"="};
    Node compared;
    compared.at = item.at;
    const auto result =
        resolver_.make_op(equals, {l->type, l->modifier, nullptr}, {r->type, r->modifier, nullptr}, compared);
    resolver_.to_boolean({result.type, -1, nullptr}, "JOIN … USING", resolver_.level().sets);
    const Operand both[] = {{l->type, l->modifier, nullptr}, {r->type, r->modifier, nullptr}};
    const auto id = resolver_.common(both, "JOIN/USING", item.at);
    for (const auto& each : both) resolver_.to_common(each, id, "JOIN/USING", item.at);
    auto merged = item.text == "JOIN_RIGHT" ? *r : *l;
    if (item.text == "JOIN_FULL" || merged.type != id) merged.entry = merged.position = -1;
    merged.not_null = item.text == "JOIN_FULL" ? l->not_null && r->not_null : merged.not_null;
    merged.modifier = resolver_.common_modifier(both, id);
    if (merged.type != id) merged.collation = universe_.at(id).collation;
    merged.type = id;
    entry.columns.push_back(merged);
    one.erase(l);
    other.erase(r);
  }
  entry.columns.insert(entry.columns.end(), one.begin(), one.end());
  entry.columns.insert(entry.columns.end(), other.begin(), other.end());
  for (auto i = left; i < end; ++i) {
    scope.entries[i].bare = false;
    if (entry.named) scope.entries[i].named = false;
  }
  if (!item.using_alias.empty()) refuse("", "USING (…) AS is not typed here", item.at);
  add(scope, std::move(entry), item);
}

}  // namespace mig::types
