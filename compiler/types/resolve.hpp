// The type of every part of an expression, exactly as the server would give it (parse_expr.c and what it calls).
//
//   Universe universe = load(catalog);                 // from_catalog.hpp, once for each state of the schema
//   Resolver resolver(universe);
//   auto node = parse_expression("a + 1", error);      // parse.hpp
//   Scope scope; scope.add(relation);                  // scope.hpp: the columns that can be named
//   const Typed typed = resolver.type(*node, scope, Clause::check);
//
// The tree is typed in place: each node has its type, modifier, function or operator, and what the place around it made
// of it (`coerced`). A refusal carries the server's SQLSTATE. A refusal without one (unsupported()) is no verdict: this
// form is not typed here, the server has to be asked.
#pragma once

#include <optional>

#include "compiler/types/candidates.hpp"
#include "compiler/types/coercion.hpp"
#include "compiler/types/expression.hpp"
#include "compiler/types/refusal.hpp"
#include "compiler/types/scope.hpp"

namespace mig::types {

// Where an expression stands: what may be called there.
enum class Clause : unsigned char {
  output,
  where,
  having,
  group,
  order,
  values,
  values_single,
  limit,
  filter,
  join_on,
  from_function,
  window_partition,
  window_order,
  window_frame,
  default_,
  check,
  domain_check,
  generated,
  index,
  predicate,
  transform,
  policy,
  trigger_when,
  update
};

struct Typed {
  TypeId type = 0;
  std::int32_t modifier = -1;
  CollationId collation = 0;
  std::optional<Refusal> refusal;
  [[nodiscard]] bool ok() const { return !refusal; }
  // No verdict: to be asked of the server.
  [[nodiscard]] bool unsupported() const { return refusal && refusal->sqlstate.empty(); }
};

class QueryTyper;

// A value on its way through the rules: a node's, or one that the rules make up themselves.
struct Operand {
  TypeId type = 0;
  std::int32_t modifier = -1;
  Node* node = nullptr;
};

// Keeps working memory from call to call; not to be used from two threads. Holds the universe by reference.
class Resolver {
 public:
  explicit Resolver(const Universe& universe) : universe_(universe), chooser_(universe) {}

  // The type of an expression by itself; `unknown` for an untyped literal that nothing around it types.
  [[nodiscard]] Typed type(Node& node, const Scope& scope, Clause clause);
  // As the only output of SELECT: an untyped literal becomes text.
  [[nodiscard]] Typed type_output(Node& node, const Scope& scope);
  // As above, then given to a column of this type: INSERT, UPDATE, DEFAULT, ALTER COLUMN … USING.
  [[nodiscard]] Typed assign(Node& node, const Scope& scope, Clause clause, TypeId target, std::int32_t modifier);
  // As above, for CHECK, WHERE, a policy or an index's predicate: it has to be boolean.
  [[nodiscard]] Typed condition(Node& node, const Scope& scope, Clause clause);
  // The columns of a query.
  struct TypedQuery {
    std::vector<OutputColumn> columns;
    std::optional<Refusal> refusal;
  };
  [[nodiscard]] TypedQuery type(Query& query, const Scope* outer = nullptr);
  // A type as SQL writes it or format_type prints it, with its modifier.
  [[nodiscard]] Typed named_type(std::string_view text);

  [[nodiscard]] const Universe& universe() const { return universe_; }

 private:
  friend class QueryTyper;
  // What is counted while the parts of one query are typed.
  struct Level {
    const Scope* scope = nullptr;
    Clause clause = Clause::output;
    int sets = 0, aggregates = 0, windows = 0, columns = 0;
    int nearest = -1;  // the nearest query whose column or aggregate was seen; -1: none
    int nearest_aggregate = -1;
    std::vector<Window>* windows_defined = nullptr;
    std::vector<Node*> aggregates_found;
    std::vector<Window*> windows_used;  // written after OVER: looked at when all else is
    Level* outer = nullptr;
  };

  template <class Do>
  [[nodiscard]] Typed guarded(const Scope& scope, Clause clause, Do act);

  // ---- resolve.cpp: each form ----
  Operand visit(Node& node);
  Operand visit_known(Node& node);
  Operand constant(Node& node, TypeId type);
  Operand number(Node& node);
  Operand logic(Node& node, const char* word);
  Operand case_of(Node& node);
  Operand several(Node& node, const char* word);
  Operand array(Node& node, TypeId array_type, TypeId element, std::int32_t modifier);
  Operand row(Node& node);
  Operand cast(Node& node);
  Operand collate(Node& node);
  Operand value_function(Node& node);
  Operand xml(Node& node);
  // ---- resolve_operator.cpp ----
  Operand op(Node& node);
  Operand between(Node& node);
  Operand in(Node& node);
  Operand distinct(Node& node);
  Operand nullif(Node& node);
  Operand array_op(Node& node);
  Operand make_op(const std::vector<std::string>& name, Operand left, Operand right, Node& node);
  Operand make_array_op(const std::vector<std::string>& name, Operand left, Operand right, Node& node);
  Operand compare_rows(const std::vector<std::string>& name, std::vector<Operand> left, std::vector<Operand> right,
                       Node& node);
  Operand distinct_rows(std::vector<Operand> left, std::vector<Operand> right, Node& node);
  Operand one_distinct(Operand left, Operand right, Node& node);
  void row_strategy(const std::vector<std::uint32_t>& operators, Node& node);
  // ---- resolve_call.cpp ----
  Operand call(Node& node);
  Operand plain_call(Node& node, const ChosenFunction& chosen, std::vector<Operand>& arguments);
  struct Before {  // what was counted when a call began
    int sets = 0, windows = 0;
  };
  Operand aggregate(Node& node, const Function& function, std::vector<Operand>& arguments, const Before& before);
  Operand window_call(Node& node, const Function& function, std::vector<Operand>& arguments, const Before& before);
  void check_call(const Node& node, const Function* function);
  void check_ordered_set(const Node& node, const Function& function, std::size_t arguments, std::uint16_t variadic,
                         std::vector<Operand>& operands, std::vector<TypeId>& declared);
  [[noreturn]] void no_such_function(const Node& node, const std::vector<Operand>& arguments, bool several);
  void set_placement(const Node& node, int sets_before);
  void aggregate_placement(const Node& node);
  void window_placement(const Node& node);
  void window_definition(Window& window);
  void window_definitions();
  bool window_named(const std::string& name);
  bool sortable(TypeId type, bool equality_only) const;
  bool has_class(bool hash, TypeId type) const;
  bool parts_comparable(TypeId type, bool equality_only) const;
  void sort_key(SortKey& key, Operand& value);
  // ---- resolve_column.cpp ----
  void refer(int depth);
  Operand column(Node& node);
  Operand indirection(Node& node);
  Operand attribute(Operand of, const std::string& name, Node& node);
  std::vector<OutputColumn> record_fields(const Node& node);
  std::optional<Operand> project(Operand of, const std::string& name, Node& node);
  std::optional<Operand> function_attribute(Operand of, const std::string& name, Node& node);
  Operand subscripts(Operand of, std::span<Node> parts, Node& node);
  Operand sub_query(Node& node);
  std::vector<OutputColumn> columns_of(Node& node);
  // ---- resolve_coercion.cpp ----
  Operand coerce(Operand value, TypeId target, Context context, int at);
  std::optional<Operand> coerce_to(Operand value, TypeId target, std::int32_t modifier, Context context, int at);
  Operand to_boolean(Operand value, const char* word, int sets_before);
  Operand to_specific(Operand value, TypeId target, const char* word, int at);
  Operand to_common(Operand value, TypeId common, const char* word, int at);
  TypeId common(std::span<const Operand> values, const char* word, int at);
  std::int32_t common_modifier(std::span<const Operand> values, TypeId common) const;
  void record_to_composite(Operand value, TypeId target, Context context, int at);
  void literal(const Operand& value, TypeId target, int at) const;
  TypeId type_of(const TypeName& name, std::int32_t& modifier);
  std::int32_t modifier_of(TypeId type, const TypeName& name);
  // ---- collate.cpp ----
  CollationId assign_collations(Node& node);
  void window_collations(std::vector<Window>& defined);

  Written written(const std::vector<std::string>& name, int at) const;
  Operand done(Node& node, TypeId type, std::int32_t modifier = -1) const;
  [[nodiscard]] std::string show(const Operand& operand) const;
  [[nodiscard]] Level& level() { return *level_; }

  const Universe& universe_;
  Chooser chooser_;
  Level* level_ = nullptr;
  QueryTyper* typer_ = nullptr;  // of the innermost query
};

}  // namespace mig::types
