// The list of templates, and filling one in.
#include "cli/templates.hpp"

#include <utility>

#include "cli/text.hpp"
#include "compiler/syntax/format.hpp"

namespace mig::cli {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string head_of(const Filling& filling) {
  auto head = "migration " + filling.name + " 'say why in a few words'";
  for (std::size_t i = 0; i < filling.after.size(); ++i) head += (i == 0 ? " after " : ", ") + filling.after[i];
  return head;
}

}  // namespace

const std::vector<Template>& templates() {
  static const std::vector<Template> list{
#define MIG_TEMPLATE(name, summary, text) {name, summary, text},
#include "cli/templates.def"
#undef MIG_TEMPLATE
  };
  return list;
}

const Template* find_template(std::string_view name) {
  for (const auto& one : templates())
    if (one.name == name) return &one;
  return nullptr;
}

std::string fill(const Template& from, const Filling& filling) {
  std::string text = from.text;
  replace_all(text, "{head}", head_of(filling));
  replace_all(text, "{name}", filling.name);
  replace_all(text, "{table}", filling.table);
  replace_all(text, "{column}", filling.column);
  replace_all(text, "{new_column}", filling.new_column);
  return syntax::format(text).value_or(text);
}

std::string templates_page() {
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : templates()) rows.push_back({one.name, one.summary});
  return "mig new NAME --template …\n\n" + table(rows, "  ") +
         "\nEach compiles as it is written where there is a table customers (id, email, phone); --on users.nick "
         "writes\n"
         "another table and column.\n";
}

}  // namespace mig::cli
