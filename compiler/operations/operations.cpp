// The list of operations and their vocabulary.
#include <cassert>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

#define MIG_OPERATION(name) extern const Operation name;
#include "compiler/operations/operations.def"
#undef MIG_OPERATION

const std::vector<const Operation*>& all() {
  static const std::vector<const Operation*> list{
#define MIG_OPERATION(name) &name,
#include "compiler/operations/operations.def"
#undef MIG_OPERATION
  };
  return list;
}

const Operation* find(std::string_view name) {
  for (const auto* operation : all())
    if (operation->name == name) return operation;
  return nullptr;
}

const grammar::Vocabulary& vocabulary() {
  static const grammar::Vocabulary vocabulary = [] {
    grammar::Vocabulary made;
    for (const auto* operation : all()) {
      std::string problem;
      auto form = grammar::read_form(operation->form, problem);
      assert(form && "a form text of operations/ does not read: registry_test says which");
      made.forms.push_back(std::move(*form));
    }
    return made;
  }();
  return vocabulary;
}

}  // namespace mig::operations
