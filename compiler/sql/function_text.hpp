// CREATE FUNCTION as pg_get_functiondef() prints it, and the functions that other texts call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sql/relation_names.hpp"
#include "compiler/sql/sql.hpp"

namespace mig::sql {

// What the catalog has no fields for, and where it stands.
struct FunctionText {
  bool window = false;
  std::string cost, rows, support;  // as printed; empty: the default
  std::optional<std::string> body;  // AS '…'; none for BEGIN ATOMIC and RETURN
  // From LANGUAGE to what follows the last option: the part that ALTER FUNCTION changes.
  std::size_t options_begin = 0, options_end = 0;
};
[[nodiscard]] std::optional<FunctionText> function_text(std::string_view definition);

// A function that a text calls, as written there; also the function of CREATE TRIGGER.
struct CalledFunction {
  Qualified name;
  std::size_t arguments = 0;
  std::size_t begin = 0, end = 0;  // of the name in the text
};
[[nodiscard]] std::vector<CalledFunction> called_functions(std::string_view text, Text kind);
// The text with every call of `from`, or of its bare name, made one of `to`. nullopt: it does not parse.
[[nodiscard]] std::optional<std::string> rename_function(std::string_view text, Text kind, const Qualified& from,
                                                         const Qualified& to);

}  // namespace mig::sql
