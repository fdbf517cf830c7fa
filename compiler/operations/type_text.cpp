// A type as format_type prints it, taken apart.
#include "compiler/operations/type_text.hpp"

#include <cstdlib>

namespace mig::operations {

namespace {

// The parenthesis of the modifiers: outside of a quoted name.
std::size_t modifiers_at(const std::string& text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '(' && !quoted) return i;
  }
  return std::string::npos;
}

std::vector<int> numbers(const std::string& list) {
  std::vector<int> found;
  for (std::size_t at = 0; at < list.size();) {
    found.push_back(std::atoi(list.c_str() + at));
    const auto comma = list.find(',', at);
    at = comma == std::string::npos ? list.size() : comma + 1;
  }
  return found;
}

}  // namespace

const catalog::Type* type_of(const catalog::Catalog& catalog, const std::string& type) {
  const auto name = catalog::parse_name(type);
  return name && name->size() == 2 ? catalog.type({name->front(), name->back()}) : nullptr;
}

TypeText type_text(const Context& ctx, const std::string& type) {
  TypeText made;
  auto text = type;
  if (text.size() > 2 && text.substr(text.size() - 2) == "[]") {
    made.array = true;
    text.resize(text.size() - 2);
  }
  if (const auto open = modifiers_at(text); open != std::string::npos) {
    const auto close = text.find(')', open);
    made.modifiers = numbers(text.substr(open + 1, close - open - 1));
    text = text.substr(0, open) + text.substr(close + 1);
  }
  made.base = text;
  made.type = type_of(ctx.before, text);
  if (!made.type || made.type->kind != "domain" || made.array) return made;
  auto below = type_text(ctx, made.type->base);
  below.constrained = below.constrained || made.type->not_null || !made.type->checks.empty();
  return below;
}

}  // namespace mig::operations
