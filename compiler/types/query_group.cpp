// GROUP BY, ORDER BY, DISTINCT, and columns that stand ungrouped (parse_clause.c, parse_agg.c).
#include <algorithm>

#include "compiler/types/query.hpp"

namespace mig::types {

// An untyped output that is sorted or grouped by becomes text.
void QueryTyper::settle(Node& node, OutputColumn& column) {
  if (column.type != type::unknown) return;
  const auto text = resolver_.coerce({type::unknown, -1, &node}, type::text, Context::implicit, node.at);
  column.type = text.type;
}

// findTargetlistEntrySQL92.
int QueryTyper::output_meant(Node& node, Query& query, const char* clause) {
  const bool group = std::string_view(clause) == "GROUP BY";
  const auto constant = node.kind == Kind::string || node.kind == Kind::number || node.kind == Kind::null ||
                        node.kind == Kind::boolean || node.kind == Kind::bits;
  if (constant) refuse("42601", std::string(clause) + " names an output by a whole number only", node.at);
  if (node.kind == Kind::integer) {
    const int number = std::atoi(node.text.c_str());
    if (number < 1 || number > static_cast<int>(query.outputs.size()))
      refuse("42P10", std::string(clause) + " names output " + node.text, node.at);
    return number - 1;
  }
  if (node.kind != Kind::column || node.name.size() != 1) return -1;
  if (group) {
    // A column of FROM comes before an output's name.
    for (const auto& entry : resolver_.level().scope->entries)
      if (entry.bare)
        for (const auto& column : entry.columns)
          if (column.name == node.name[0]) return -1;
  }
  int found = -1;
  for (std::size_t i = 0; i < query.outputs.size(); ++i) {
    if (query.outputs[i].name != node.name[0]) continue;
    if (found >= 0 && !same(query.outputs[static_cast<std::size_t>(found)].value, query.outputs[i].value))
      refuse("42702", std::string(clause) + " could mean several outputs `" + node.name[0] + "`", node.at);
    if (found < 0) found = static_cast<int>(i);
  }
  return found;
}

// findTargetlistEntrySQL99: an expression that is one of the outputs is that output.
const Node* QueryTyper::target_of(const Node& node, const Query& query) const {
  for (const auto& output : query.outputs)
    if (same(output.value, node)) return &output.value;
  for (const auto* list : {&order_nodes_, &distinct_nodes_})
    for (const auto* each : *list)
      if (same(*each, node)) return each;
  return &node;
}

namespace {

bool holds_window(const Node& node) {
  return (node.kind == Kind::call && node.call && node.call->over) ||
         std::any_of(node.parts.begin(), node.parts.end(), holds_window);
}

}  // namespace

void QueryTyper::ordered(Query& query, std::vector<OutputColumn>& columns) {
  auto& level = resolver_.level();
  level.clause = Clause::order;
  order_nodes_.clear();
  for (auto& key : query.order) {
    const int meant = output_meant(key.value, query, "ORDER BY");
    Operand value;
    const Node* node = &key.value;
    if (meant >= 0) {
      const auto i = static_cast<std::size_t>(meant);
      node = &query.outputs[i].value;
      settle(query.outputs[i].value, columns[i]);
      value = {columns[i].type, columns[i].modifier, nullptr};
    } else {
      value = resolver_.visit(key.value);
      node = target_of(key.value, query);
    }
    resolver_.sort_key(key, value);
    order_nodes_.push_back(node);
  }
}

void QueryTyper::grouped(Query& query, std::vector<OutputColumn>& columns) {
  auto& level = resolver_.level();
  level.clause = Clause::group;
  groups_.clear();
  for (auto& each : query.group) {
    if (each.kind == Kind::row && !each.parts.empty()) refuse("", "a row in GROUP BY is not typed here", each.at);
    const int meant = output_meant(each, query, "GROUP BY");
    Node* node = &each;
    Operand value;
    if (meant >= 0) {
      const auto i = static_cast<std::size_t>(meant);
      node = &query.outputs[i].value;
      settle(*node, columns[i]);
      value = {columns[i].type, columns[i].modifier, nullptr};
      if (holds_window(*node)) refuse("42P20", "GROUP BY names an output that holds a window function", each.at);
      const auto aggregate = [&](auto& self, const Node& part) -> const Node* {
        const bool found = part.kind == Kind::call && part.call &&
                           std::find(level.aggregates_found.begin(), level.aggregates_found.end(), &part) !=
                               level.aggregates_found.end();
        if (found) return &part;
        for (const auto& inner : part.parts)
          if (const auto* deeper = self(self, inner)) return deeper;
        return nullptr;
      };
      if (aggregate(aggregate, *node) != nullptr)
        refuse("42803", "GROUP BY names an output that holds an aggregate", each.at);
    } else {
      value = resolver_.visit(each);
      if (value.type == type::unknown) value = resolver_.coerce(value, type::text, Context::implicit, each.at);
    }
    if (!resolver_.sortable(value.type, true)) refuse("42883", resolver_.show(value) + " has no equality", each.at);
    groups_.push_back(node);
  }
}

void QueryTyper::distinct(Query& query, std::vector<OutputColumn>& columns) {
  if (!query.distinct) return;
  auto& level = resolver_.level();
  level.clause = Clause::order;
  if (!query.distinct_on.empty()) {
    auto& on = distinct_nodes_;
    for (auto& each : query.distinct_on) {
      const int meant = output_meant(each, query, "DISTINCT ON");
      if (meant >= 0) {
        const auto i = static_cast<std::size_t>(meant);
        settle(query.outputs[i].value, columns[i]);
        on.push_back(&query.outputs[i].value);
        if (!resolver_.sortable(columns[i].type, true)) refuse("42883", "DISTINCT ON a type without equality", each.at);
        continue;
      }
      auto value = resolver_.visit(each);
      const auto* target = target_of(each, query);
      if (value.type == type::unknown) value = resolver_.coerce(value, type::text, Context::implicit, each.at);
      if (!resolver_.sortable(value.type, true)) refuse("42883", resolver_.show(value) + " has no equality", each.at);
      on.push_back(target);
    }
    // ORDER BY begins with these expressions.
    bool skipped = false;
    std::size_t matched = 0;
    for (const auto* key : order_nodes_) {
      const bool among = std::any_of(on.begin(), on.end(), [&](const Node* each) { return each == key; });
      if (among && skipped) refuse("42P10", "DISTINCT ON has to be what ORDER BY begins with", query.at);
      if (among)
        ++matched;
      else
        skipped = true;
    }
    if (skipped && matched < on.size()) refuse("42P10", "DISTINCT ON has to be what ORDER BY begins with", query.at);
    return;
  }
  for (const auto* key : order_nodes_)
    if (std::none_of(query.outputs.begin(), query.outputs.end(),
                     [&](const Output& each) { return &each.value == key; }))
      refuse("42P10", "with SELECT DISTINCT, ORDER BY names only outputs", key->at);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    settle(query.outputs[i].value, columns[i]);
    if (!resolver_.sortable(columns[i].type, true))
      refuse("42883", universe_.display(columns[i].type) + " has no equality", query.outputs[i].at);
  }
}

bool QueryTyper::sorted_or_grouped(const Node& node) const {
  const auto among = [&](const std::vector<const Node*>& list) {
    return std::find(list.begin(), list.end(), &node) != list.end();
  };
  return among(order_nodes_) || among(groups_) || among(distinct_nodes_);
}

// What is sorted or grouped by has to have one collation, if any.
void QueryTyper::need_collation(const Node& node) const {
  const auto id = node.coerced != 0 ? node.coerced : node.type;
  if (node.collation == 0 && universe_.at(id).collation != 0)
    refuse("42P21", "two collations are in conflict here", node.at, "write COLLATE");
}

// Of a key that is an expression of its own.
void QueryTyper::sorted_collation(Node& node) {
  if (!sorted_or_grouped(node)) return;
  resolver_.assign_collations(node);
  need_collation(node);
}

void QueryTyper::check_grouping(Query& query) {
  for (const auto& output : query.outputs) ungrouped(output.value, 0);
  for (const auto& each : query.having) ungrouped(each, 0);
  for (const auto* key : order_nodes_) ungrouped(*key, 0);
  for (const auto* each : distinct_nodes_) ungrouped(*each, 0);
  for (const auto& window : query.windows) {
    for (const auto& each : window.partition) ungrouped(each, 0);
    for (const auto& key : window.order) ungrouped(key.value, 0);
  }
}

namespace {

bool names_column(const Node& node) {
  return (node.kind == Kind::column || node.kind == Kind::star) && node.function == 0;
}

}  // namespace

// A column of this query that is neither grouped by nor inside of one of its aggregates. `depth`: of sub-queries.
void QueryTyper::ungrouped(const Node& node, int depth) const {
  if (depth == 0)
    for (const auto* group : groups_)
      if (group == &node || same(*group, node)) return;
  if (node.kind == Kind::column || node.kind == Kind::star) {
    if (node.level != depth) return;
    // A column computed from both sides of a join is no column in a sub-query any more, but an expression.
    const auto& from = resolver_.level().scope->entries;
    const bool computed = depth > 0 && node.entry >= 0 && from[static_cast<std::size_t>(node.entry)].merged;
    for (const auto* group : groups_)
      if (!computed && names_column(*group) && group->level == 0 && group->entry == node.entry &&
          group->position == node.position)
        return;
    if (node.entry >= 0 && universe_.grouped_by_key(from[static_cast<std::size_t>(node.entry)].row)) {
      // All columns of the table's primary key are grouped by: the others depend on them.
      const auto* relation = universe_.columns_of(from[static_cast<std::size_t>(node.entry)].row);
      const bool all = std::all_of(relation->key.begin(), relation->key.end(), [&](int position) {
        return std::any_of(groups_.begin(), groups_.end(), [&](const Node* group) {
          return group->kind == Kind::column && group->level == 0 && group->entry == node.entry &&
                 group->position == position;
        });
      });
      if (all && from[static_cast<std::size_t>(node.entry)].relation) return;
    }
    refuse("42803",
           "the column `" + (node.name.empty() ? std::string("*") : node.name.back()) +
               "` stands neither in GROUP BY nor in an aggregate",
           node.at, "group by it, or put it into an aggregate");
  }
  if (node.kind == Kind::call && node.call) {
    const auto* function = universe_.function(node.function);
    const bool aggregate = function != nullptr && function->kind == 'a' && !node.call->over;
    if (aggregate && node.level == depth) {
      // Direct arguments of an ordered-set aggregate are computed once for each group.
      if (node.call->within_group)
        for (const auto& part : node.parts) ungrouped(part, depth);
      return;
    }
    if (aggregate && node.level > depth) return;
    if (node.call->filter) ungrouped(*node.call->filter, depth);
    for (const auto& key : node.call->order) ungrouped(key.value, depth);
    if (node.call->over) {
      for (const auto& each : node.call->over->partition) ungrouped(each, depth);
      for (const auto& key : node.call->over->order) ungrouped(key.value, depth);
    }
  }
  for (const auto& part : node.parts) ungrouped(part, depth);
  if (node.query) ungrouped(*node.query, depth + 1);
}

namespace {

template <class Each>
void each_from(const From& item, Each each_node, auto each_query) {
  for (const auto& function : item.functions) each_node(function);
  for (const auto& on : item.on) each_node(on);
  if (item.query) each_query(*item.query);
  for (const auto& side : item.sides) each_from(side, each_node, each_query);
}

}  // namespace

void QueryTyper::ungrouped(const Query& query, int depth) const {
  const auto node = [&](const Node& each) { ungrouped(each, depth); };
  for (const auto& output : query.outputs) node(output.value);
  for (const auto* list : {&query.where, &query.having, &query.group, &query.limit, &query.offset, &query.distinct_on})
    for (const auto& each : *list) node(each);
  for (const auto& key : query.order) node(key.value);
  for (const auto& row : query.rows)
    for (const auto& each : row) node(each);
  for (const auto& item : query.from) each_from(item, node, [&](const Query& inner) { ungrouped(inner, depth + 1); });
  for (const auto* side : {&query.left, &query.right})
    if (*side) ungrouped(**side, depth);
  for (const auto& each : query.with)
    if (each.query) ungrouped(*each.query, depth + 1);
}

}  // namespace mig::types
