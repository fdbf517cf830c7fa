// Parsing in tests: a text with a vocabulary of form texts, and what was reported.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.hpp"
#include "compiler/syntax/parse.hpp"

namespace mig::tests {

struct Parsed {
  source::Files files;
  syntax::File file;
  diagnostics::Sink sink;
};

[[nodiscard]] grammar::Vocabulary vocabulary_of(const std::vector<std::string>& forms);
[[nodiscard]] Parsed parse_text(std::string text, const grammar::Vocabulary& vocabulary);
// The expression that this text is; nullopt when it has a mistake. The parse must outlive nothing: the tree is a value.
[[nodiscard]] std::optional<syntax::Expr> parse_expression(const std::string& text);
// Forms of every kind of hole: enough for every construct of the language.
[[nodiscard]] const grammar::Vocabulary& wide_vocabulary();
[[nodiscard]] std::string read_file(const std::string& path_in_tests);

}  // namespace mig::tests
