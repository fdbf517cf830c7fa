// Folds a flat expression into a tree by PostgreSQL's precedence: one loop over the operators, one table.
#include "compiler/syntax/build_expression.hpp"
#include "compiler/syntax/fold.hpp"

namespace mig::syntax {

int infix_level(std::string_view op) {
  struct Entry {
    std::string_view op;
    int level;
  };
  static constexpr Entry table[]{{"or", level_or},
                                 {"and", level_and},
                                 {"is distinct from", level_is},
                                 {"is not distinct from", level_is},
                                 {"<", level_comparison},
                                 {">", level_comparison},
                                 {"=", level_comparison},
                                 {"<=", level_comparison},
                                 {">=", level_comparison},
                                 {"<>", level_comparison},
                                 {"!=", level_comparison},
                                 {"like", level_pattern},
                                 {"not like", level_pattern},
                                 {"ilike", level_pattern},
                                 {"not ilike", level_pattern},
                                 {"similar to", level_pattern},
                                 {"not similar to", level_pattern},
                                 {"between", level_pattern},
                                 {"not between", level_pattern},
                                 {"between symmetric", level_pattern},
                                 {"not between symmetric", level_pattern},
                                 {"between asymmetric", level_pattern},
                                 {"not between asymmetric", level_pattern},
                                 {"+", level_plus},
                                 {"-", level_plus},
                                 {"*", level_times},
                                 {"/", level_times},
                                 {"%", level_times},
                                 {"^", level_power},
                                 {"at time zone", level_at},
                                 {"overlaps", level_overlaps}};
  for (const auto& entry : table)
    if (entry.op == op) return entry.level;
  return level_other;
}

int prefix_level(std::string_view op) {
  if (op == "not") return level_not;
  return op == "+" || op == "-" ? level_sign : level_other;
}

struct Builder::Fold {
  // A prefix, operand, postfix or infix, in the order written.
  struct Flat {
    std::size_t node;
    Kind kind;
    int level;
    std::string op;  // of prefix and infix, as Binary::op spells it
  };

  Builder& builder;
  std::vector<Flat> list{};
  std::size_t at = 0;
  int prefixes = 0;

  void add(std::size_t node) {
    const auto is = builder.kind(node);
    std::string op = is == Kind::prefix || is == Kind::infix ? builder.words(node) : std::string();
    const auto level = is == Kind::infix ? infix_level(op) : is == Kind::prefix ? prefix_level(op) : postfix_level(is);
    list.push_back({node, is, level, std::move(op)});
  }

  [[nodiscard]] bool end() const { return at >= list.size(); }
  [[nodiscard]] Kind kind() const { return list[at].kind; }

  // Left with something around it; too high a tree is said once and cut.
  High around(High high, int other, Expr made) {
    high.height = std::max(high.height, other) + 1;
    high.expr = std::move(made);
    return builder.checked(std::move(high));
  }

  // any (…) where no operator takes it: PostgreSQL allows it right of comparisons, signs and like only.
  High stray_quantifier() {
    const auto node = list[at++].node;
    const auto where = builder.span(node);
    builder.problem(where,
                    "`" + std::string(builder.text(node).substr(0, 3)) + " (…)` without an operator that takes it",
                    "write: x = any (…)");
    return {{where, Bad{}}, 0};
  }

  High prefix() {
    if (kind() == Kind::quantified) return stray_quantifier();
    if (kind() != Kind::prefix) return builder.high_operand(list[at++].node);
    auto& flat = list[at++];
    const auto begin = builder.span(flat.node);
    if (++prefixes > highest) {  // not not not …: this recurses for each
      while (kind() == Kind::prefix) ++at;
      auto high = builder.high_operand(list[at++].node);
      high.height = highest + 1;
      return builder.checked(std::move(high));
    }
    auto op = std::move(flat.op);
    auto right = fold(flat.level == level_other ? level_other + 1 : flat.level);  // left-associative: ~ a & b
    --prefixes;
    const auto span = source::join(begin, right.expr.span);
    const auto height = right.height;
    return around({}, height, {span, Unary{std::move(op), std::move(right.expr)}});
  }

  High collate(High left, std::size_t node) {
    const auto span = source::join(left.expr.span, builder.span(node));
    auto collation = builder.path(*builder.child(node, Kind::path));
    const auto height = left.height;
    return around({}, height, {span, Collate{std::move(left.expr), std::move(collation)}});
  }

  High in_list(High left, std::size_t node) {
    const auto span = source::join(left.expr.span, builder.span(node));
    InList made;
    made.negated = builder.has_flag(node, "not");
    const auto items =
        builder.height_of([&] { builder.parenthesised(*builder.child(node, Kind::parens), made.items, made.query); });
    const auto height = std::max(left.height, items);
    made.operand = std::move(left.expr);
    return around({}, height, {span, std::move(made)});
  }

  High postfix(High left) {
    const auto node = list[at++].node;
    if (builder.kind(node) == Kind::collate) return collate(std::move(left), node);
    if (builder.kind(node) == Kind::in_list) return in_list(std::move(left), node);
    const auto span = source::join(left.expr.span, builder.span(node));
    const auto height = left.height;
    if (builder.kind(node) == Kind::at_local) return around({}, height, {span, AtZone{std::move(left.expr), {}}});
    return around({}, height, {span, Postfix{builder.words(node), std::move(left.expr)}});
  }

  [[nodiscard]] static int postfix_level(Kind is) {
    switch (is) {
      case Kind::collate:
        return level_collate;
      case Kind::in_list:
        return level_pattern;
      case Kind::at_local:
        return level_at;
      default:
        return level_is;
    }
  }

  // x = any (…): complete in itself, as a postfix.
  High quantified(High left, std::string op) {
    const auto node = list[at++].node;
    const auto span = source::join(left.expr.span, builder.span(node));
    Quantified made;
    made.op = std::move(op);
    for (const auto* word : {"any", "some", "all"})
      if (builder.has_flag(node, word)) made.quantifier = word;
    const auto items =
        builder.height_of([&] { builder.parenthesised(*builder.child(node, Kind::parens), made.items, made.query); });
    const auto height = std::max(left.height, items);
    made.left = std::move(left.expr);
    return around({}, height, {span, std::move(made)});
  }

  [[nodiscard]] bool next_is(std::string_view word) const {
    return !end() && kind() == Kind::infix && list[at].op == word;
  }

  High between(High left, const std::string& op) {
    Between made;
    made.negated = op.starts_with("not");
    made.symmetric = op.find(" symmetric") != std::string::npos;
    // PostgreSQL reads the lower bound as b_expr: comparisons may stand in it, `and` may not.
    auto low = fold(level_is - 5);
    const auto height = std::max(left.height, low.height);
    const auto begin = left.expr.span;
    made.operand = std::move(left.expr);
    made.low = std::move(low.expr);
    if (!next_is("and")) {
      builder.problem(source::join(begin, made.low->span), "`between` without its `and`",
                      "write: between LOW and HIGH");
      return around({}, height, {source::join(begin, made.low->span), std::move(made)});
    }
    ++at;
    auto high = fold(level_pattern + 1);
    const auto span = source::join(begin, high.expr.span);
    const auto all = std::max(height, high.height);
    made.high = std::move(high.expr);
    return around({}, all, {span, std::move(made)});
  }

  High binary(High left, std::string op, int level) {
    auto right = fold(level + 1);
    auto height = std::max(left.height, right.height);
    auto span = source::join(left.expr.span, right.expr.span);
    if (op == "at time zone")
      return around({}, height, {span, AtZone{std::move(left.expr), Box<Expr>(std::move(right.expr))}});
    Binary made{std::move(op), std::move(left.expr), std::move(right.expr), {}};
    if (level == level_pattern && next_is("escape")) {
      ++at;
      auto escape = fold(level_pattern + 1);
      height = std::max(height, escape.height);
      span = source::join(span, escape.expr.span);
      made.escape = std::move(escape.expr);
    }
    return around({}, height, {span, std::move(made)});
  }

  // a and b and c …: operands of one level. Many of them make a balanced tree, which means the same for and and or:
  // a list of thousands stays low.
  High chain(High left, const std::string& op, int level) {
    std::vector<High> operands;
    operands.push_back(std::move(left));
    do {
      operands.push_back(fold(level + 1));
    } while (next_is(op) && (++at, true));
    constexpr std::size_t many = 100;
    if (operands.size() > many) return balanced(operands, 0, operands.size(), op);
    auto made = std::move(operands.front());
    for (std::size_t i = 1; i < operands.size(); ++i) made = join(std::move(made), std::move(operands[i]), op);
    return made;
  }
  High join(High left, High right, const std::string& op) {
    const auto span = source::join(left.expr.span, right.expr.span);
    const auto height = std::max(left.height, right.height);
    return around({}, height, {span, Binary{op, std::move(left.expr), std::move(right.expr), {}}});
  }
  High balanced(std::vector<High>& operands, std::size_t begin, std::size_t end, const std::string& op) {
    if (end - begin == 1) return std::move(operands[begin]);
    const auto middle = begin + (end - begin) / 2;
    auto left = balanced(operands, begin, middle, op);
    return join(std::move(left), balanced(operands, middle, end, op), op);
  }

  static bool takes_quantifier(std::string_view op, int level) {
    return level >= level_comparison && level != level_at && level != level_overlaps &&
           op.find("between") == std::string_view::npos && op.find("similar") == std::string_view::npos;
  }

  High infix(High left, int level) {
    auto op = std::move(list[at++].op);
    if (!end() && kind() == Kind::quantified && takes_quantifier(op, level))
      return quantified(std::move(left), std::move(op));
    if (level == level_or || level == level_and) return chain(std::move(left), op, level);
    if (op.find("between") != std::string::npos) return between(std::move(left), op);
    return binary(std::move(left), std::move(op), level);
  }

  void no_chain(std::size_t node) {
    builder.problem(builder.span(node), "`" + builder.words(node) + "` does not chain with the operator before it",
                    "write: parentheses around one of them");
  }

  High fold(int lowest) {
    auto left = prefix();
    int closed = 0;  // the level of the last infix, when it does not chain
    while (!end() && kind() != Kind::prefix) {
      const bool is_infix = kind() == Kind::infix;
      if (next_is("escape")) {
        if (lowest > 0) return left;
        builder.problem(builder.span(list[at].node), "`escape` without its `like`", "write: a like b escape c");
        ++at;
        (void)fold(level_pattern + 1);
        continue;
      }
      const auto level = list[at].level;
      if (level < lowest) return left;
      if (level == closed) no_chain(list[at].node);
      const bool quantifier = is_infix && at + 1 < list.size() && list[at + 1].kind == Kind::quantified;
      closed = is_infix && !quantifier && !chains(level) ? level : 0;
      left = is_infix ? infix(std::move(left), level) : postfix(std::move(left));
    }
    return left;
  }
};

Builder::High Builder::checked(High high) {
  if (high.height <= highest) return high;
  if (!too_high_)
    parsing_.sink
        .report(diagnostics::nesting_too_deep, high.expr.span,
                "an expression with more than " + std::to_string(highest) + " operators on top of each other")
        .note("write: parts of it as functions, or a list: x in (…), concat(…), array[…]");
  too_high_ = true;
  return {{high.expr.span, Bad{}}, 0};
}

Builder::High Builder::high_expression(std::size_t node, std::optional<std::size_t> without) {
  Fold fold{*this};
  for (const auto one : children(node))
    if (one != without) fold.add(one);
  if (fold.list.size() == 1 && fold.kind() == Kind::operand) return high_operand(fold.list.front().node);
  return fold.fold(0);
}

Expr Builder::expression(std::size_t node) {
  auto made = high_expression(node, std::nullopt);
  height_ = std::max(height_, made.height);
  return std::move(made.expr);
}

// DEFAULT takes PostgreSQL's b_expr, in which `collate` does not stand: it is the column's.
Expr Builder::default_expression(std::size_t node, std::optional<Path>& collation) {
  std::optional<std::size_t> last;
  for (const auto one : children(node)) last = one;
  if (last && kind(*last) != Kind::collate) last.reset();
  if (last) collation = path(*child(*last, Kind::path));
  for (const auto one : children(node))
    if (kind(one) == Kind::collate && one != last)
      problem(span(one), "`collate` inside a default", "write: parentheses around it, or `collate` behind the default");
  auto made = high_expression(node, last);
  return std::move(made.expr);
}

}  // namespace mig::syntax
