// One operation and the steps that it became, turned round. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/source/source.hpp"
#include "compiler/sql/step.hpp"
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

// By inverses.def; nullopt: it is not there, or a name that it wants is not in the statements.
[[nodiscard]] std::optional<Inverse> by_form(const Written& written, const std::vector<const sql::Step*>& steps,
                                             const source::Files& files);
// What was there before, read off the way back: defaults, comments, indexes, foreign keys, checks.
[[nodiscard]] std::optional<Inverse> by_way_back(const Written& written, const std::vector<const sql::Step*>& steps);
// sql $$way back$$ back $$way forward$$, where both are plain statements in transactions and nothing is kept aside.
[[nodiscard]] std::optional<Inverse> by_statements(const std::vector<const sql::Step*>& steps);

}  // namespace mig::cli
