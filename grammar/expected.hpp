// What was expected where a rule fails at its first token: "expected <sentence>". An empty sentence means that the
// rule only continues something, so that its absence is no news. Rules without an entry leave it to their parts.
#pragma once

#include "grammar/mig.hpp"

namespace mig::grammar {

// clang-format off
#define MIG_EXPECTED(X)                                              \
  X(name, "a name")                                                  \
  X(label, "a name")                                                 \
  X(function_name, "a name")                                         \
  X(path, "a name")                                                  \
  X(type, "a type")                                                  \
  X(value, "an expression")                                          \
  X(operand, "an expression")                                        \
  X(string, "a string")                                              \
  X(any_string, "a string")                                          \
  X(body, "a body in dollars: $$ … $$")                              \
  X(number, "a number")                                              \
  X(integer, "a whole number")                                       \
  X(operator_, "an operator")                                        \
  X(prefix_operator, "")                                             \
  X(with_unit, "a quantity, e.g. 30s, 64MB or 0.5%")                 \
  X(percent_number, "a quantity, e.g. 30s, 64MB or 0.5%")            \
  X(quantity, "a quantity, e.g. 30s, 64MB or 0.5%")                  \
  X(limit, "a number or a quantity, e.g. 5000, 30s or 0.5%")         \
  X(factor, "a factor, e.g. 1.5x")                                   \
  X(query, "a query: (select …) or $$ … $$")                         \
  X(names, "names in parentheses: (a, b)")                           \
  X(condition, "a condition in parentheses: (…)")                    \
  X(any_operator, "an operator")                                     \
  X(path_more, "")                                                   \
  X(named_more, "")                                                  \
  X(call_tail, "")                                                   \
  X(modifiers, "")                                                   \
  X(precision, "")                                                   \
  X(zone, "")                                                        \
  X(interval_unit, "")                                               \
  X(bound, "")                                                       \
  X(typecast, "")                                                    \
  X(subscript, "")                                                   \
  X(field_of, "")                                                    \
  X(prefix, "")                                                      \
  X(infix, "")                                                       \
  X(postfix, "")                                                     \
  X(lead, "")                                                        \
  X(quantified, "")                                                  \
  X(arg_more, "")                                                    \
  X(argument_name, "")                                               \
  X(nulls_order, "")                                                 \
  X(using_operator, "")                                              \
  X(opclass, "")                                                     \
  X(collate, "")                                                     \
  X(column_option, "")                                               \
  X(like_option, "")                                                 \
  X(element, "a column or a constraint")                             \
  X(elements, "columns in parentheses: (name type, …)")              \
  X(index_element, "a column or an expression")                      \
  X(index_elements, "columns in parentheses: (a, b)")                \
  X(exclude_elements, "exclusions in parentheses: (column with =)")  \
  X(parameters, "parameters in parentheses: (name type, …)")         \
  X(settings, "settings in parentheses: (name = value)")             \
  X(row_values, "a row of values: (…)")                              \
  X(labels, "labels in parentheses: ('a', 'b')")                     \
  X(partition_bound, "a bound: default, or for values …")            \
  X(seq_option, "")                                                  \
  X(reference, "references TABLE (columns)")                         \
  X(timing, "")                                                      \
  X(no_inherit, "")                                                  \
  X(ref_match, "")                                                   \
  X(ref_action, "")                                                  \
  X(literal, "a string, a number, true, false or null")              \
  X(threshold, "a measure and its limit, e.g. rejects > 1%")         \
  X(clock, "a time of day, e.g. 01:00")                              \
  X(form, "the header of the step: its words and (name kind) arguments, then `{`") \
  X(loss, "")                                                        \
  X(message, "")                                                     \
  X(migration_option, "")
// clang-format on

// A rule with a sentence that says nothing would be forgotten silently: nullptr means "no entry".
template <class Rule>
inline constexpr const char* expected = nullptr;
#define MIG_SENTENCE(rule, sentence) \
  template <>                        \
  inline constexpr const char* expected<rules::rule> = sentence;
MIG_EXPECTED(MIG_SENTENCE)
#undef MIG_SENTENCE

}  // namespace mig::grammar
