// Queries inside of expressions: FROM, joins, grouping, set operations (analyze.c, parse_clause.c, parse_target.c).
#pragma once

#include <deque>

#include "compiler/types/resolve.hpp"

namespace mig::types {

class QueryTyper {
 public:
  explicit QueryTyper(Resolver& resolver)
      : resolver_(resolver), universe_(resolver.universe_), outer_(resolver.typer_) {
    resolver_.typer_ = this;
  }
  ~QueryTyper() { resolver_.typer_ = outer_; }
  QueryTyper(const QueryTyper&) = delete;
  QueryTyper& operator=(const QueryTyper&) = delete;

  // The columns of a query that stands inside of what is being typed.
  std::vector<OutputColumn> nested(Query& query);
  // `t.*` among the fields of a row becomes its columns.
  static void expand_stars(Resolver& resolver, std::vector<Node>& parts);

 private:
  using Level = Resolver::Level;
  struct Named {  // a query of WITH
    std::string name;
    std::vector<OutputColumn> columns;
  };

  // ---- query.cpp ----
  std::vector<OutputColumn> any(Query& query, bool resolve_unknown);
  std::vector<OutputColumn> select(Query& query, bool resolve_unknown);
  std::vector<OutputColumn> values(Query& query);
  void with(Query& query);
  void ordered_by_name(Query& query, const std::vector<OutputColumn>& columns);
  [[nodiscard]] CollationId side_by_side(const Query& query, const OutputColumn& left, const OutputColumn& right,
                                         TypeId id, bool all) const;
  void limits(Query& query);
  void windows(Query& query);
  std::vector<OutputColumn> outputs(Query& query);
  static bool expand_star(Resolver& resolver, const Node& star, std::vector<Node>& into);
  // ---- query_from.cpp ----
  void from(From& item, Scope& scope);
  void from_relation(From& item, Scope& scope);
  void from_query(From& item, Scope& scope);
  void from_function(From& item, Scope& scope);
  void join(From& item, Scope& scope);
  void merge(From& item, Scope& scope, std::size_t left, std::size_t right, std::size_t end);
  std::vector<ScopeColumn> function_columns(Node& call, const Operand& value, const std::vector<Node>& definitions,
                                            const From& item, TypeId& row);
  void add(Scope& scope, ScopeEntry entry, const From& item);
  [[nodiscard]] const Named* named(std::string_view name) const;
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  // ---- query_group.cpp ----
  void grouped(Query& query, std::vector<OutputColumn>& columns);
  void ordered(Query& query, std::vector<OutputColumn>& columns);
  void distinct(Query& query, std::vector<OutputColumn>& columns);
  // The output that a key of ORDER BY, GROUP BY or DISTINCT ON means by number or name; -1: it is an expression.
  int output_meant(Node& node, Query& query, const char* clause);
  [[nodiscard]] const Node* target_of(const Node& node, const Query& query) const;
  [[nodiscard]] bool sorted_or_grouped(const Node& node) const;
  void need_collation(const Node& node) const;
  void sorted_collation(Node& node);
  void check_grouping(Query& query);
  void ungrouped(const Node& node, int depth) const;
  void ungrouped(const Query& query, int depth) const;
  void settle(Node& node, OutputColumn& column);

  Resolver& resolver_;
  const Universe& universe_;
  QueryTyper* outer_;
  std::deque<std::string> kept_;  // names that scopes point into
  std::deque<Named> with_;
  std::vector<const Node*> groups_, order_nodes_, distinct_nodes_;
};

// The name that an output without one has (FigureColname).
[[nodiscard]] std::string figure_name(const Node& node, int major);
// Two typed trees that are the same (equal()), whatever the places around them make of them.
[[nodiscard]] bool same(const Node& left, const Node& right);

}  // namespace mig::types
