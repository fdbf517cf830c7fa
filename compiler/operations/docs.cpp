// The manual of operations: one section for each entry, in the order of operations.def.
#include "compiler/operations/docs.hpp"

#include <fmt/format.h>

#include "compiler/operations/operation.hpp"

namespace mig::operations {

namespace {

std::string phrase(const Operation& operation) {
  std::string problem;
  const auto form = grammar::read_form(operation.form, problem);
  std::string text;
  if (form)
    for (const auto& word : form->phrase) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Long forms break between their optional parts, as they are read.
std::string form_lines(const std::string& form) {
  std::string text;
  std::size_t width = 0;
  int depth = 0;
  for (const char c : form) {
    if (c == '[' || c == '<') ++depth;
    if (c == ']' || c == '>') --depth;
    if (c == ' ' && depth == 0 && width > 76) {
      text += "\n    ";
      width = 4;
      continue;
    }
    text += c;
    ++width;
  }
  return text;
}

std::string section(const Operation& operation) {
  return fmt::format("## <a id=\"{}\"></a>{}\n\n{}\n\n```\n{};\n```\n\n{}\nExample:\n\n```sql\n{}\n```\n",
                     operation.name, phrase(operation), operation.summary, form_lines(operation.form),
                     operation.description, operation.example);
}

}  // namespace

std::string operations_page() {
  std::string text =
      "# Operations\n\n"
      "<!-- Made from compiler/operations by tests/registry_test.cpp: MIG_UPDATE=1 rewrites it. -->\n\n"
      "Forms: words stand as they are, `(name kind)` is an argument, `[ … ]` may be left out, `< a / b >` is a choice. "
      "The\n"
      "kinds are those of docs/language.md. `accept loss '…'` may stand before the `;` of every operation.\n\n"
      "| operation | |\n|---|---|\n";
  for (const auto* operation : all())
    text += fmt::format("| [{}](#{}) | {} |\n", phrase(*operation), operation->name, operation->summary);
  for (const auto* operation : all()) text += "\n" + section(*operation);
  return text;
}

}  // namespace mig::operations
