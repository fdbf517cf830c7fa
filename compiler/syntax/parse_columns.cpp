// The unit that reads the arguments of operations: one rule for each kind of form hole.
#include "compiler/syntax/parse_control.hpp"

namespace mig::syntax {
namespace {

template <class... Rule>
struct own;
template <class Rule>
struct own<Rule> : Control<Rule, Unit::columns> {};

// The rule of a kind: of the same name but where a name is taken in C++ or a sign belongs to it.
template <grammar::Kind kind>
struct rule_of;
#define MIG_RULE(kind, rule)            \
  template <>                           \
  struct rule_of<grammar::Kind::kind> { \
    using type = rules::rule;           \
  };
// clang-format off
#define MIG_SAME_RULES(X)                                                                                         \
  X(name) X(path) X(names) X(name_list) X(path_list) X(callable) X(callables) X(type) X(definition) X(value)      \
  X(condition) X(string) X(quantity) X(body) X(query) X(elements) X(index_elements) X(index_list) X(parameters)   \
  X(settings) X(rows) X(assignments) X(labels) X(privileges) X(events) X(partition_bound) X(seq_options)          \
  X(reference) X(exclude_elements) X(type_fields) X(arguments) X(words) X(text_or_null) X(constraint_tail)
// clang-format on
#define MIG_SAME_RULE(kind) MIG_RULE(kind, kind)
MIG_SAME_RULES(MIG_SAME_RULE)
#undef MIG_SAME_RULE
#undef MIG_SAME_RULES
MIG_RULE(word, label)
MIG_RULE(number, signed_number)
MIG_RULE(integer, signed_integer)
#undef MIG_RULE

}  // namespace

bool read_argument(grammar::Kind kind, Parsing& parsing, std::uint32_t& offset) {
  switch (kind) {
#define MIG_KIND(kind)      \
  case grammar::Kind::kind: \
    return read_here<rule_of<grammar::Kind::kind>::type, own>(parsing, offset);
    MIG_ARGUMENT_KINDS(MIG_KIND)
#undef MIG_KIND
  }
  return false;
}

bool read_loss(Parsing& parsing, std::uint32_t& offset) { return read_here<rules::loss, own>(parsing, offset); }

template <>
bool read<rules::parameters>(Parsing& parsing, std::uint32_t& offset) {
  return read_here<rules::parameters, own>(parsing, offset);
}
template <>
bool read<rules::settings>(Parsing& parsing, std::uint32_t& offset) {
  return read_here<rules::settings, own>(parsing, offset);
}

}  // namespace mig::syntax
