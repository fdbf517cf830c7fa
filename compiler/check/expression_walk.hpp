// Walks the tree of an expression from the outside in.
#pragma once

#include "compiler/syntax/tree.hpp"

namespace mig::check {

// Calls enter(expression) for each expression, outermost first, and goes into it where that returns true; calls
// text(query) for the text of each sub-select on the way.
template <class Enter, class Text>
class ExpressionWalk {
 public:
  ExpressionWalk(const Enter& enter, const Text& text) : enter_(enter), text_(text) {}

  void operator()(const syntax::Expr& e) {
    if (enter_(e)) std::visit(*this, e.node);
  }
  void operator()(const syntax::Box<syntax::Expr>& e) { (*this)(*e); }
  template <class T>
  void operator()(const std::optional<T>& part) {
    if (part) (*this)(*part);
  }
  template <class T>
  void operator()(const syntax::Maybe<T>& part) {
    if (part) (*this)(*part);
  }
  template <class T>
  void operator()(const std::vector<T>& parts) {
    for (const auto& part : parts) (*this)(part);
  }
  void operator()(const std::pair<syntax::Box<syntax::Expr>, syntax::Box<syntax::Expr>>& branch) {
    (*this)(branch.first), (*this)(branch.second);
  }
  void operator()(const std::pair<std::string, syntax::Box<syntax::Expr>>& word) { (*this)(word.second); }
  void operator()(const syntax::Query& query) { text_(query); }
  void operator()(const syntax::SortKey& key) { (*this)(key.value); }
  void operator()(const syntax::CallArgument& a) { (*this)(a.value), (*this)(a.words); }
  void operator()(const syntax::Window& window) { (*this)(window.partition), (*this)(window.order); }

  void operator()(const syntax::Bad&) {}
  void operator()(const syntax::Typed&) {}
  void operator()(const syntax::Constant&) {}
  void operator()(const syntax::Keyword&) {}
  void operator()(const syntax::ColumnRef&) {}
  void operator()(const syntax::Binary& e) { (*this)(e.left), (*this)(e.right), (*this)(e.escape); }
  void operator()(const syntax::Unary& e) { (*this)(e.operand); }
  void operator()(const syntax::Postfix& e) { (*this)(e.operand); }
  void operator()(const syntax::Between& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const syntax::InList& e) { (*this)(e.operand), (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::Quantified& e) { (*this)(e.left), (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::Cast& e) { (*this)(e.operand); }
  void operator()(const syntax::Case& e) { (*this)(e.operand), (*this)(e.branches), (*this)(e.otherwise); }
  void operator()(const syntax::ArrayExpr& e) { (*this)(e.items), (*this)(e.query); }
  void operator()(const syntax::RowExpr& e) { (*this)(e.items); }
  void operator()(const syntax::Subquery& e) { (*this)(e.query); }
  void operator()(const syntax::Subscript& e) { (*this)(e.operand), (*this)(e.low), (*this)(e.high); }
  void operator()(const syntax::FieldOf& e) { (*this)(e.operand); }
  void operator()(const syntax::AtZone& e) { (*this)(e.operand), (*this)(e.zone); }
  void operator()(const syntax::Collate& e) { (*this)(e.operand); }
  void operator()(const syntax::FunctionCall& e) {
    (*this)(e.arguments), (*this)(e.order), (*this)(e.within_group), (*this)(e.filter), (*this)(e.over);
  }

 private:
  const Enter& enter_;
  const Text& text_;
};

template <class Enter, class Text>
void walk(const syntax::Expr& expression, const Enter& enter, const Text& text) {
  ExpressionWalk<Enter, Text> walking(enter, text);
  walking(expression);
}

}  // namespace mig::check
