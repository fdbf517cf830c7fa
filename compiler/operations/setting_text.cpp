// Values of `with (name = value)` as text.
#include "compiler/operations/setting_text.hpp"

#include <algorithm>

namespace mig::operations {

namespace {

std::string value_text(const syntax::Expr& value) {
  if (const auto* constant = std::get_if<syntax::Constant>(&value.node)) return constant->value;
  if (const auto* word = std::get_if<syntax::Keyword>(&value.node)) return word->word;
  if (const auto* name = std::get_if<syntax::ColumnRef>(&value.node)) return name->path.parts.back().text;
  if (const auto* sign = std::get_if<syntax::Unary>(&value.node)) return sign->op + value_text(*sign->operand);
  return {};
}

}  // namespace

std::string setting_name(const syntax::Setting& setting) {
  std::string text;
  for (const auto& part : setting.name.parts) text.append(text.empty() ? "" : ".").append(part.text);
  return text;
}

std::string setting_text(const syntax::Setting& setting) {
  if (setting.value) return value_text(*setting.value);
  return setting.word.empty() ? "true" : setting.word;
}

std::optional<bool> setting_boolean(const syntax::Setting& setting) {
  const auto text = setting_text(setting);
  const auto among = [&](std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (among({"true", "on", "yes", "1"})) return true;
  if (among({"false", "off", "no", "0"})) return false;
  return std::nullopt;
}

}  // namespace mig::operations
