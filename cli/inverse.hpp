// One operation and the steps that it became, turned round. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/statements.hpp"
#include "compiler/source/source.hpp"
#include "compiler/syntax/tree.hpp"

namespace mig::cli {

// An operation as it stands in the file; `nth` of its kind among those of its line, from 0.
struct Written {
  const syntax::Call* call = nullptr;
  std::string operation;  // "add_column"
  std::size_t nth = 0;
};

struct Inverse {
  std::string section;  // "expand" or "contract"
  std::string text;     // "drop column users.nick;"
};

// What stands for a word in braces of inverses.def; nullopt: the operation, or its statements, do not have it.
[[nodiscard]] std::optional<std::string> value_of(const std::string& word, const Written& written, const Steps& steps,
                                                  const source::Files& files);
// The text with all words in braces replaced; nullopt: one of them has no value.
[[nodiscard]] std::optional<std::string> filled(
    std::string text, const std::function<std::optional<std::string>(const std::string&)>& value_of);

// By inverses.def; nullopt: it is not there, or a name that it wants is not in the statements.
[[nodiscard]] std::optional<Inverse> by_form(const Written& written, const Steps& steps, const source::Files& files);
// What was there before, read off the way back by way_backs.def; nullopt: a statement of it has no name in the
// language.
[[nodiscard]] std::optional<Inverse> by_way_back(const Written& written, const Steps& steps,
                                                 const source::Files& files);
// sql $$way back$$ back $$way forward$$, where both are plain statements in transactions and nothing is kept aside.
[[nodiscard]] std::optional<Inverse> by_statements(const Steps& steps);

}  // namespace mig::cli
