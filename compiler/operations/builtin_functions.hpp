// PostgreSQL's own functions and operators, for catalogs that come without their system part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mig::operations {

// Types as format_type prints them. Of a variadic one the last parameter stands for any number of its elements.
struct Overload {
  std::vector<std::string> parameters;
  std::string result;
  bool variadic = false;
};
// The result of a function that has the same one whatever it is given; empty: there is none.
[[nodiscard]] std::string builtin_result(std::string_view function);
// The variants of a function whose result depends on what it is given.
[[nodiscard]] std::vector<Overload> builtin_overloads(std::string_view function);
// The variants of an operator that has other results than boolean. A prefix operator has one parameter.
[[nodiscard]] std::vector<Overload> builtin_operators(std::string_view op);
// Its result is a boolean, whatever its operands are.
[[nodiscard]] bool builtin_question(std::string_view op);

}  // namespace mig::operations
