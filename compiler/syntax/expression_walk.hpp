// Walks the tree of an expression from the outside in.
#pragma once

#include "compiler/syntax/tree.hpp"

namespace mig::syntax {

// Calls enter(expression) for each expression, outermost first, and goes into it where that returns true; calls
// text(query) for the text of each sub-select on the way.
template <class Enter, class Text>
class ExpressionWalk {
 public:
  ExpressionWalk(const Enter& enter, const Text& text) : enter_(enter), text_(text) {}

  void operator()(const Expr& e) {
    if (enter_(e)) std::visit(*this, e.node);
  }
  void operator()(const Box<Expr>& e) { (*this)(*e); }
  template <class T>
  void operator()(const std::optional<T>& part) {
    if (part) (*this)(*part);
  }
  template <class T>
  void operator()(const Maybe<T>& part) {
    if (part) (*this)(*part);
  }
  template <class T>
  void operator()(const std::vector<T>& parts) {
    for (const auto& part : parts) (*this)(part);
  }
  void operator()(const std::pair<Box<Expr>, Box<Expr>>& branch) { (*this)(branch.first), (*this)(branch.second); }
  void operator()(const std::pair<std::string, Box<Expr>>& word) { (*this)(word.second); }
  void operator()(const Query& query) { text_(query); }
  void operator()(const SortKey& key) { (*this)(key.value); }
  void operator()(const CallArgument& a) { (*this)(a.value), (*this)(a.words); }
  void operator()(const Window& window) { (*this)(window.partition), (*this)(window.order); }

  void operator()(const Bad&) {}
  void operator()(const Typed&) {}
  void operator()(const Constant&) {}
  void operator()(const Keyword&) {}
  void operator()(const ColumnRef&) {}
  void operator()(const Binary& e) { (*this)(e.left), (*this)(e.right), (*this)(e.escape); }
  void operator()(const Unary& e) { (*this)(e.operand); }
  void operator()(const Postfix& e) { (*this)(e.operand); }
  void operator()(const Between& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const InList& e) { (*this)(e.operand), (*this)(e.items), (*this)(e.query); }
  void operator()(const Quantified& e) { (*this)(e.left), (*this)(e.items), (*this)(e.query); }
  void operator()(const Cast& e) { (*this)(e.operand); }
  void operator()(const Case& e) { (*this)(e.operand), (*this)(e.branches), (*this)(e.otherwise); }
  void operator()(const ArrayExpr& e) { (*this)(e.items), (*this)(e.query); }
  void operator()(const RowExpr& e) { (*this)(e.items); }
  void operator()(const Subquery& e) { (*this)(e.query); }
  void operator()(const Subscript& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const FieldOf& e) { (*this)(e.operand); }
  void operator()(const AtZone& e) { (*this)(e.operand), (*this)(e.zone); }
  void operator()(const Collate& e) { (*this)(e.operand); }
  void operator()(const FunctionCall& e) {
    (*this)(e.arguments), (*this)(e.order), (*this)(e.within_group), (*this)(e.filter), (*this)(e.over);
  }

 private:
  const Enter& enter_;
  const Text& text_;
};

template <class Enter, class Text>
void walk(const Expr& expression, const Enter& enter, const Text& text) {
  ExpressionWalk<Enter, Text> walking(enter, text);
  walking(expression);
}

}  // namespace mig::syntax
