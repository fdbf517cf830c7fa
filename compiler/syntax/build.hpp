// Nodes to the syntax tree: decodes names and strings, folds expressions, nothing else. No PEGTL.
#pragma once

#include <utility>

#include "compiler/syntax/parsing.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::syntax {

// The children of a node, as indexes.
class Children {
 public:
  Children(const std::vector<Node>& nodes, std::size_t parent)
      : nodes_(nodes), begin_(parent + 1), end_(nodes[parent].next) {}
  class Iterator {
   public:
    Iterator(const std::vector<Node>& nodes, std::size_t at) : nodes_(nodes), at_(at) {}
    std::size_t operator*() const { return at_; }
    Iterator& operator++() {
      at_ = nodes_[at_].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const std::vector<Node>& nodes_;
    std::size_t at_;
  };
  [[nodiscard]] Iterator begin() const { return {nodes_, begin_}; }
  [[nodiscard]] Iterator end() const { return {nodes_, end_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

 private:
  const std::vector<Node>& nodes_;
  std::size_t begin_, end_;
};

// Trees are no higher than this: every pass recurses over them.
inline constexpr int highest = 1000;

// Builds the tree of the nodes of one item. Split over build_*.cpp by subject.
class Builder {
 public:
  explicit Builder(Parsing& parsing) : parsing_(parsing) {}

  // Nodes.
  [[nodiscard]] Kind kind(std::size_t node) const { return parsing_.nodes[node].kind; }
  [[nodiscard]] Children children(std::size_t node) const { return {parsing_.nodes, node}; }
  [[nodiscard]] source::Span span(std::size_t node) const { return parsing_.span(parsing_.nodes[node]); }
  [[nodiscard]] std::string_view text(std::size_t node) const { return parsing_.text(parsing_.nodes[node]); }
  [[nodiscard]] std::optional<std::size_t> child(std::size_t node, Kind kind) const;
  [[nodiscard]] std::vector<std::size_t> all(std::size_t node, Kind kind) const;
  // Its tokens in lower case with one blank between words: "is not null", "operator(s.+)".
  [[nodiscard]] std::string words(std::size_t node) const;
  [[nodiscard]] bool has_flag(std::size_t node, std::string_view word) const;
  void problem(source::Span span, std::string message, std::string way_out);

  // Names and literals (build_names.cpp).
  Name name(std::size_t node);
  Name label_as_written(std::size_t node);
  std::optional<Name> optional_name(std::size_t parent);
  Path path(std::size_t node);
  std::vector<Name> names(std::size_t node);
  std::vector<Name> names_in(std::size_t parent);
  std::vector<Path> paths(std::size_t node);
  Text string(std::size_t node);
  std::optional<Text> optional_string(std::size_t parent);
  Number number(std::size_t node) const;
  Quantity quantity(std::size_t node) const;
  Body body(std::size_t node) const;
  Query query(std::size_t node) const;
  Word word(std::size_t node) const;

  // Expressions and types (build_expression.cpp, build_operand.cpp, build_fold.cpp).
  Expr expression(std::size_t node);
  std::vector<Expr> expressions_in(std::size_t parent);
  std::optional<Expr> optional_expression(std::size_t parent);
  Expr named(std::size_t node);
  Type type(std::size_t node);
  std::vector<SortKey> sort_keys_in(std::size_t parent);
  std::vector<CallArgument> arguments(std::size_t node);
  // An expression whose `collate` at the end is taken off: a column default (grammar.md C4).
  Expr default_expression(std::size_t node, std::optional<Path>& collation);

  // Columns and arguments (build_columns.cpp, build_call.cpp).
  Definition definition(std::size_t node);
  Column column(std::size_t node);
  Reference reference(std::size_t node);
  TableConstraint table_constraint(std::size_t node);
  void constraint_tail(std::size_t parent, TableConstraint& made);
  Element element(std::size_t node);
  IndexElement index_element(std::size_t node);
  std::vector<IndexElement> index_elements_in(std::size_t parent);
  std::vector<SeqOption> seq_options_in(std::size_t parent);
  std::vector<Setting> settings_in(std::size_t parent);
  std::vector<Parameter> parameters_in(std::size_t parent);
  Call call(std::size_t node);
  std::optional<Text> loss_in(std::size_t parent);

  // Items (build_items.cpp, build_migration.cpp, build_map.cpp).
  Item item(std::size_t node);
  Use use(std::size_t node);
  Include include(std::size_t node);
  Skip skip(std::size_t node);
  Migration migration(std::size_t node);
  Quantity limit_in(std::size_t parent) const;
  Section section(std::size_t node);
  Gate gate(std::size_t node);
  Assertions assertions(std::size_t node);
  std::vector<Rule> rules_in(std::size_t parent);
  std::vector<Section> sections_in(std::size_t parent);
  PhaseItem phase_item(std::size_t node);
  std::vector<PhaseItem> phase_items_in(std::size_t parent);
  Rule rule(std::size_t node);
  Expect expect(std::size_t node);
  Map map(std::size_t node);

 private:
  struct Fold;
  struct High;
  High high_operand(std::size_t node);
  High high_expression(std::size_t node, std::optional<std::size_t> without);
  High checked(High high);
  // The height of what `build` builds.
  template <class Build>
  int height_of(Build build) {
    const auto before = std::exchange(height_, 0);
    build();
    return std::exchange(height_, before);
  }
  Expr primary(std::size_t node);
  Expr constant(std::size_t node);
  Expr in_parentheses(std::size_t node);
  void parenthesised(std::size_t node, std::vector<Expr>& items, std::optional<Query>& query);
  ArrayExpr array_items(std::size_t node);
  CallArgument argument(std::size_t node);
  Window window(std::size_t node);
  Subscript subscript(std::size_t node, Expr operand);
  Type typed_type(std::size_t node);
  void type_parts(std::size_t node, Type& made);
  Expr function_call(std::size_t node, Path function);
  Case case_of(std::size_t node);
  void column_option(std::size_t node, Definition& definition);
  Value argument_value(grammar::Kind kind, std::size_t node);
  Generated generated(std::size_t node);
  std::vector<Assignment> column_assignments_in(std::size_t parent);
  std::vector<Expr> row_values(std::size_t node);
  std::vector<Callable> callables_in(std::size_t parent);
  PartitionBound partition_bound(std::size_t node);
  ParameterDecl parameter(std::size_t node);
  Source source(std::size_t node);
  Field field(std::size_t node);
  void field_type(std::size_t node, Field& field);
  Expr literal(std::size_t node);
  Values values(std::size_t node);
  Function function(std::size_t node);
  StepDecl step(std::size_t node);
  Phase phase(std::size_t node);
  Measure measure(std::size_t node);
  WhenServer when_server(std::size_t node);
  MapAssignment map_assignment(std::size_t node);
  MapItem map_item(std::size_t node);
  MapItem::OnDuplicate on_duplicate(std::size_t node);
  MapItem::Accept accept(std::size_t node);
  MapItem::Back back(std::size_t node);
  decltype(Expect::what) expectation(std::size_t node);
  std::vector<MapAssignment> assignments_in(std::size_t parent);

  Parsing& parsing_;
  int height_ = 0;         // of the highest expression built so far, within the operand being built
  bool too_high_ = false;  // said once for each item
};

// Builds the item that `parsing.nodes` hold and appends it to the file.
void build_item(Parsing& parsing, File& file);

}  // namespace mig::syntax
