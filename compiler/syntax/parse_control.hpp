// How PEGTL's rules meet the state: which rules leave nodes, which name what was expected, which count nesting, and
// which are read in another translation unit, so that each compiles in bearable time. Only parse*.cpp include this.
#pragma once

#include <type_traits>

#include "compiler/syntax/parse_rules.hpp"
#include "compiler/syntax/parsing.hpp"
#include "grammar/expected.hpp"

namespace mig::syntax {

namespace rules = grammar::rules;
namespace pegtl = tao::pegtl;

using Input = pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf_crlf, const char*>;

// The kind of node that a rule leaves.
template <class Rule>
inline constexpr Kind kind_of = Kind::none;

// Rules whose name is their node's name. `op`, `names`, `paths` and the calls have other rules (below).
#define MIG_NODE_OF(rule, node) \
  template <>                   \
  inline constexpr Kind kind_of<rules::rule> = Kind::node;

// clang-format off
#define MIG_SAME(X)                                                                                               \
  X(name) X(string) X(body) X(number) X(quantity) X(path) X(type) X(long_name) X(modifiers) X(bound) X(zone)      \
  X(interval_unit) X(expression) X(prefix) X(infix) X(is_test) X(in_list) X(at_local) X(collate) X(quantified)    \
  X(operand) X(typecast) X(subscript) X(field_of) X(parens) X(case_) X(when_then) X(case_else) X(cast) X(exists)  \
  X(array) X(array_row) X(row) X(interval) X(long_typed) X(time_word) X(constant) X(named) X(arguments)           \
  X(argument_) X(lead) X(argument_name) X(arg_more) X(arg_word) X(order_by) X(within_group) X(filter) X(over)     \
  X(window) X(partition) X(frame) X(sort_key) X(using_operator) X(nulls_order) X(any_operator) X(loss)            \
  X(callable) X(mode) X(parm) X(parm_default) X(privilege) X(event) X(assignment) X(row_values) X(bound_word)     \
  X(bound_values) X(hash_bound) X(null_word) X(like_option) X(like_table) X(constraint_name) X(no_inherit)        \
  X(not_valid) X(nulls_distinct) X(timing) X(seq_number) X(seq_no) X(seq_owned) X(seq_as) X(seq_word)             \
  X(identity) X(generated) X(ref_match) X(ref_event) X(ref_do) X(ref_action) X(reference) X(not_null)             \
  X(default_value) X(unique) X(primary_key) X(check_) X(storage) X(compression) X(comment) X(column_option)       \
  X(definition) X(column) X(include_names) X(exclude_element) X(exclude_where) X(con_primary) X(con_unique)       \
  X(con_check) X(con_foreign) X(con_exclude) X(table_constraint) X(setting) X(grouped) X(opclass)                 \
  X(index_element) X(use) X(include) X(env) X(parameter) X(time_zone) X(skip) X(format) X(source) X(field_list)   \
  X(fields) X(field) X(literal) X(pair) X(pair_else) X(values) X(example) X(inverse) X(function) X(form) X(step)             \
  X(after_one) X(tags) X(in_schema) X(repeatable) X(migration) X(threshold) X(window_tail) X(rule) X(policy)      \
  X(backup) X(percentile) X(over_runs) X(measure) X(message) X(where) X(expect_none) X(sample) X(tolerate)        \
  X(expect_match) X(expect_plan) X(expect_time) X(factor) X(expect_baseline) X(expect_value) X(expect)            \
  X(require) X(verify) X(expand) X(gate_after) X(gate_approved) X(gate_unused) X(gate_when) X(gate_retain)        \
  X(contract) X(checkpoint) X(publish) X(when_server) X(map_mode) X(group) X(accept) X(otherwise)                 \
  X(map_assignment) X(key) X(map_check) X(merge) X(keep_first) X(keep_latest) X(reject) X(on_duplicate)           \
  X(on_missing) X(on_changed) X(back) X(map)
// clang-format on
#define MIG_SAME_NODE(rule) MIG_NODE_OF(rule, rule)
MIG_SAME(MIG_SAME_NODE)
#undef MIG_SAME_NODE
#undef MIG_SAME
MIG_NODE_OF(label, name)
MIG_NODE_OF(function_name, name)
MIG_NODE_OF(any_string, string)
MIG_NODE_OF(integer, number)
MIG_NODE_OF(signed_number, number)
MIG_NODE_OF(signed_integer, number)
MIG_NODE_OF(operator_, op)
MIG_NODE_OF(name_list, names)
MIG_NODE_OF(path_list, paths)
MIG_NODE_OF(precision, modifiers)
MIG_NODE_OF(zoned_name, long_name)
MIG_NODE_OF(interval_name, long_name)
MIG_NODE_OF(query_, query)
#undef MIG_NODE_OF
template <grammar::rules::fixed S>
inline constexpr Kind kind_of<rules::flag<S>> = Kind::flag;
template <grammar::rules::fixed S>
inline constexpr Kind kind_of<rules::flag_sign<S>> = Kind::flag;

// Rules that recursion passes through.
template <class Rule>
inline constexpr bool nests = std::is_same_v<Rule, rules::operand> || std::is_same_v<Rule, rules::array_row> ||
                              std::is_same_v<Rule, rules::field_type>;

template <class Rule>
inline constexpr bool looks_ahead = false;
template <class... R>
inline constexpr bool looks_ahead<pegtl::at<R...>> = true;
template <class... R>
inline constexpr bool looks_ahead<pegtl::not_at<R...>> = true;
template <class... R>
inline constexpr bool looks_ahead<pegtl::internal::at<R...>> = true;
template <class... R>
inline constexpr bool looks_ahead<pegtl::internal::not_at<R...>> = true;

// Where a rule is read: each unit reads its own rules in place and calls the others by `read`.
enum class Unit { expressions, columns, items };
template <class Rule>
inline constexpr Unit unit_of = Unit::items;
template <class Rule>
inline constexpr bool is_gate = false;
#define MIG_GATE(rule, unit)                               \
  template <>                                              \
  inline constexpr Unit unit_of<rules::rule> = Unit::unit; \
  template <>                                              \
  inline constexpr bool is_gate<rules::rule> = true;
MIG_GATE(value, expressions)
MIG_GATE(type, expressions)
MIG_GATE(named, expressions)
MIG_GATE(sort_keys, expressions)
MIG_GATE(any_operator, expressions)
MIG_GATE(collate, expressions)
MIG_GATE(parameters, columns)
MIG_GATE(settings, columns)
MIG_GATE(operation, columns)
#undef MIG_GATE

// Whether a rule is a block of items, and how to read it (parse.cpp).
template <class Rule>
struct is_block : std::false_type {};

// The control of one unit; `Own` is its template, passed on to every sub-rule.
template <class Rule, Unit unit>
struct Control : pegtl::normal<Rule> {
  static constexpr bool enable = false;  // no hooks of PEGTL's own: `match` does it all
  static constexpr Kind node = kind_of<Rule>;
  static constexpr const char* sentence = grammar::expected<Rule>;

  template <pegtl::apply_mode A, pegtl::rewind_mode M, template <class...> class Action, template <class...> class Own,
            class In>
  static bool match(In& in, Parsing& parsing) {
    if constexpr (is_gate<Rule> && unit_of<Rule> != unit) {
      auto offset = static_cast<std::uint32_t>(in.current() - parsing.text().data());
      const auto begin = offset;
      if (!read<Rule>(parsing, offset)) return false;
      in.bump(offset - begin);
      return true;
    } else if constexpr (is_block<Rule>::value) {
      return is_block<Rule>::read(in, parsing);
    } else if constexpr (node != Kind::none || sentence != nullptr || nests<Rule>) {
      return marked<Action, Own>(in, parsing);
    } else if constexpr (std::is_same_v<typename Rule::rule_t, rules::consumes_a_token>) {
      return pegtl::match<Rule, pegtl::apply_mode::nothing, M, Action, Own>(in, parsing);
    } else {
      // What a failed sequence or a look-ahead has read leaves no nodes, and a look-ahead expects nothing.
      const auto nodes = parsing.nodes.size();
      const auto expected = parsing.expected;
      if constexpr (looks_ahead<Rule>) parsing.expected = nullptr;
      const bool matched = pegtl::match<Rule, pegtl::apply_mode::nothing, M, Action, Own>(in, parsing);
      if constexpr (looks_ahead<Rule>) parsing.expected = expected;
      if (!matched || looks_ahead<Rule>) parsing.drop(nodes);
      return matched;
    }
  }

 private:
  template <template <class...> class Action, template <class...> class Own, class In>
  static bool plain(In& in, Parsing& parsing) {
    constexpr auto required = pegtl::rewind_mode::required;
    if constexpr (nests<Rule>) {
      const Nested nested(parsing, static_cast<std::uint32_t>(in.current() - parsing.text().data()));
      return pegtl::match<Rule, pegtl::apply_mode::nothing, required, Action, Own>(in, parsing);
    } else {
      return pegtl::match<Rule, pegtl::apply_mode::nothing, required, Action, Own>(in, parsing);
    }
  }

  template <template <class...> class Action, template <class...> class Own, class In>
  static bool marked(In& in, Parsing& parsing) {
    const auto begin = static_cast<std::uint32_t>(in.current() - parsing.text().data());
    const auto mark = parsing.expected != nullptr ? parsing.expected->mark(begin) : 0;
    std::size_t at = 0;
    if constexpr (node != Kind::none) at = parsing.open(node, begin);
    const bool matched = plain<Action, Own>(in, parsing);
    if constexpr (node != Kind::none) {
      if (matched)
        parsing.close(at, static_cast<std::uint32_t>(in.current() - parsing.text().data()));
      else
        parsing.drop(at);
    }
    if constexpr (sentence != nullptr)
      if (!matched && parsing.expected != nullptr) parsing.expected->summarise(begin, mark, sentence);
    return matched;
  }
};

// A token rule failed here.
template <class Rule>
void Parsing::missed(std::uint32_t offset) {
  if constexpr (requires { Rule::applies(tokens_.list[0]); }) {
    if (Rule::applies(at(offset)) && expected->reach(offset)) expected->hints.push_back(Rule::text);
  } else if constexpr (requires { Rule::text; }) {
    constexpr auto first = Rule::text[0];
    expected->expect(offset, {Rule::text, false, first >= 'a' && first <= 'z'});
  } else {
    static_assert(grammar::expected<Rule> != nullptr, "each token rule says what was expected (grammar/expected.hpp)");
    if (*grammar::expected<Rule> != '\0') expected->expect(offset, {grammar::expected<Rule>, true, false});
  }
}

// Reads one rule from an offset; moves it behind the rule on success.
template <class Rule, template <class...> class Own>
bool read_here(Parsing& parsing, std::uint32_t& offset) {
  const auto text = parsing.text();
  Input in(text.data() + offset, text.data() + text.size(), "");
  if (!pegtl::parse<Rule, pegtl::nothing, Own>(in, parsing)) return false;
  offset = static_cast<std::uint32_t>(in.current() - text.data());
  return true;
}

}  // namespace mig::syntax
