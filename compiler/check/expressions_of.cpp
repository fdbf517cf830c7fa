// Walks the kinds of arguments for the expressions in them.
#include "compiler/check/expressions_of.hpp"

namespace mig::check {

namespace {

struct Walk {
  std::vector<const syntax::Expr*>& out;

  void operator()(const syntax::Expr& e) { out.push_back(&e); }
  void operator()(const syntax::Box<syntax::Expr>& e) { out.push_back(&*e); }
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
  void operator()(const syntax::Element& element) { std::visit(*this, element); }
  void operator()(const syntax::Column& column) { (*this)(column.definition); }
  void operator()(const syntax::Definition& definition) { (*this)(definition.options); }
  void operator()(const syntax::ColumnOption& option) {
    (*this)(option.expression);
    if (option.generated) (*this)(option.generated->expression);
  }
  void operator()(const syntax::TableConstraint& constraint) {
    (*this)(constraint.expression), (*this)(constraint.elements);
  }
  void operator()(const syntax::IndexElement& element) { (*this)(element.value); }
  void operator()(const syntax::Assignment& assignment) { (*this)(assignment.value); }
  void operator()(const syntax::Setting& setting) { (*this)(setting.value); }
  void operator()(const syntax::Parameter& parameter) { (*this)(parameter.fallback); }
  void operator()(const syntax::CallArgument& argument) { (*this)(argument.value); }
  void operator()(const syntax::PartitionBound& bound) {
    (*this)(bound.values), (*this)(bound.from), (*this)(bound.to);
  }
  // Names, words, types and text in PostgreSQL's own words: nothing is put into them.
  void operator()(const syntax::Name&) {}
  void operator()(const syntax::Path&) {}
  void operator()(const syntax::Word&) {}
  void operator()(const syntax::Text&) {}
  void operator()(const syntax::Number&) {}
  void operator()(const syntax::Quantity&) {}
  void operator()(const syntax::Body&) {}
  void operator()(const syntax::Query&) {}
  void operator()(const syntax::Type&) {}
  void operator()(const syntax::Callable&) {}
  void operator()(const syntax::Privilege&) {}
  void operator()(const syntax::Event&) {}
  void operator()(const syntax::SeqOption&) {}
  void operator()(const syntax::Reference&) {}
  void operator()(const syntax::LikeTable&) {}
  void operator()(std::monostate) {}
};

}  // namespace

std::vector<const syntax::Expr*> expressions_of(const syntax::Call& call) {
  std::vector<const syntax::Expr*> out;
  for (const auto& argument : call.arguments) std::visit(Walk{out}, argument.value);
  return out;
}

}  // namespace mig::check
