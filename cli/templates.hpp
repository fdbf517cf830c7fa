// Beginnings of migrations for the common changes: text with names to fill in, each of which compiles as it is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mig::cli {

// One of templates.def. In `text` {head} stands for `migration NAME 'say why in a few words' after …`, {name} for the
// migration's name, {table}, {column} and {new_column} (one that is made) for what --on names.
struct Template {
  const char* name;     // "add-column"
  const char* summary;  // one line for help
  const char* text;
};

// In the order of templates.def.
[[nodiscard]] const std::vector<Template>& templates();
[[nodiscard]] const Template* find_template(std::string_view name);

// What is filled in; table and column as they are written in a file, quoted where they have to be.
struct Filling {
  std::string name, table = "customers", column = "phone", new_column = "note";
  std::vector<std::string> after;
};
// The text of the file, formatted.
[[nodiscard]] std::string fill(const Template& from, const Filling& filling);

// mig help templates.
[[nodiscard]] std::string templates_page();

}  // namespace mig::cli
