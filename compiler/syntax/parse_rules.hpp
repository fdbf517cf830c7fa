// The rules that one unit of the parser reads for another, by offset; no PEGTL here.
#pragma once

#include <cstdint>

#include "grammar/form.hpp"

namespace mig::grammar::rules {
struct value;
struct type;
struct named;
struct sort_keys;
struct any_operator;
struct collate;
struct parameters;
struct settings;
struct operation;
}  // namespace mig::grammar::rules

namespace mig::syntax {

class Parsing;

// Reads Rule at `offset` and moves it behind; false: nothing read, no node left.
template <class Rule>
[[nodiscard]] bool read(Parsing& parsing, std::uint32_t& offset);

// An argument of this kind (grammar/form.hpp), and the tail `accept loss '…'`.
[[nodiscard]] bool read_argument(grammar::Kind kind, Parsing& parsing, std::uint32_t& offset);
[[nodiscard]] bool read_loss(Parsing& parsing, std::uint32_t& offset);

#define MIG_READ(rule) \
  template <>          \
  bool read<grammar::rules::rule>(Parsing & parsing, std::uint32_t & offset);
MIG_READ(value)
MIG_READ(type)
MIG_READ(named)
MIG_READ(sort_keys)
MIG_READ(any_operator)
MIG_READ(collate)
MIG_READ(parameters)
MIG_READ(settings)
MIG_READ(operation)
#undef MIG_READ

}  // namespace mig::syntax
