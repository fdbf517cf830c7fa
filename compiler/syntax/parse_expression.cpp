// The unit that reads expressions and types.
#include "compiler/syntax/parse_control.hpp"

namespace mig::syntax {
namespace {

template <class... Rule>
struct own;
template <class Rule>
struct own<Rule> : Control<Rule, Unit::expressions> {};

}  // namespace

#define MIG_READ(rule)                                                \
  template <>                                                         \
  bool read<rules::rule>(Parsing & parsing, std::uint32_t & offset) { \
    return read_here<rules::rule, own>(parsing, offset);              \
  }
MIG_READ(value)
MIG_READ(type)
MIG_READ(named)
MIG_READ(sort_keys)
MIG_READ(any_operator)
MIG_READ(collate)
#undef MIG_READ

}  // namespace mig::syntax
