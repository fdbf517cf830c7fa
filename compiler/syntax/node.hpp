// The flat tree between grammar and syntax tree: one vector, no allocation per node, truncated on backtracking.
#pragma once

#include <cstdint>
#include <vector>

namespace mig::syntax {

// One kind for each rule that leaves a node, named as the rule (grammar/*.hpp).
// clang-format off
#define MIG_NODES(X)                                                                                              \
  X(name) X(string) X(body) X(number) X(quantity) X(op) X(flag) X(path) X(names) X(paths)                           \
  X(type) X(long_name) X(modifiers) X(bound) X(zone) X(interval_unit)                                               \
  X(expression) X(prefix) X(infix) X(is_test) X(in_list) X(at_local) X(collate) X(quantified) X(operand)             \
  X(typecast) X(subscript) X(field_of) X(parens) X(query) X(case_) X(when_then) X(case_else) X(cast) X(exists)      \
  X(array) X(array_row) X(row) X(interval) X(long_typed) X(time_word) X(constant) X(named) X(arguments)             \
  X(argument_) X(lead) X(argument_name) X(arg_more) X(arg_word) X(order_by) X(within_group) X(filter) X(over)       \
  X(window) X(partition) X(frame) X(sort_key) X(using_operator) X(nulls_order) X(any_operator)                      \
  X(loss) X(callable) X(mode) X(parm) X(parm_default) X(privilege) X(event) X(assignment) X(row_values)             \
  X(bound_word) X(bound_values) X(hash_bound) X(null_word) X(like_option) X(like_table) X(constraint_name)          \
  X(no_inherit) X(not_valid) X(nulls_distinct) X(timing) X(seq_number) X(seq_no) X(seq_owned) X(seq_as)             \
  X(seq_word) X(identity) X(generated) X(ref_match) X(ref_event) X(ref_do) X(ref_action) X(reference) X(not_null)   \
  X(default_value) X(unique) X(primary_key) X(check_) X(storage) X(compression) X(comment) X(column_option)         \
  X(definition) X(column) X(include_names) X(exclude_element) X(exclude_where) X(con_primary) X(con_unique)         \
  X(con_check) X(con_foreign) X(con_exclude) X(table_constraint) X(setting) X(grouped) X(opclass) X(index_element)  \
  X(use) X(include) X(env) X(parameter) X(time_zone) X(skip) X(format) X(source) X(field_list) X(fields) X(field)   \
  X(literal) X(pair) X(pair_else) X(values) X(example) X(inverse) X(function) X(form) X(step) X(after_one) X(tags) X(in_schema)           \
  X(repeatable) X(migration) X(threshold) X(window_tail) X(rule) X(policy) X(backup) X(percentile) X(over_runs)     \
  X(measure) X(message) X(where) X(expect_none) X(sample) X(tolerate) X(expect_match) X(expect_plan)                \
  X(expect_time) X(factor) X(expect_baseline) X(expect_value) X(expect) X(require) X(verify) X(expand)              \
  X(gate_after) X(gate_approved) X(gate_unused) X(gate_when) X(gate_retain) X(contract) X(checkpoint) X(publish)    \
  X(when_server) X(map_mode) X(group) X(accept) X(otherwise) X(map_assignment) X(key) X(map_check) X(merge)         \
  X(keep_first) X(keep_latest) X(reject) X(on_duplicate) X(on_missing) X(on_changed) X(back) X(map)
// clang-format on

enum class Kind : std::uint16_t {
  none,
#define MIG_NODE(name) name,
  MIG_NODES(MIG_NODE)
#undef MIG_NODE
  // Made by the walk over forms (parse_call.cpp).
  call,
  phrase,
  call_word,
  call_argument
};

// [begin, end) in the text without space behind; children stand between this node and `next`.
struct Node {
  Kind kind = Kind::none;
  std::uint32_t begin = 0, end = 0;
  std::uint32_t next = 0;
  std::uint32_t data = 0;  // call: index of its form; call_argument: index of its hole in Parsing::holes
};

}  // namespace mig::syntax
